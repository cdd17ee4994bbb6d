import Type from 'typebox';
import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt, type Tx } from '../../runtime/tx.js';
import { ClientIdReference, Code, ListOf, NamedCertificateId, OneOf } from '../../schemas/primitives.js';
import { type CaseRecord, loadCase, OUTCOMES, UNDER_WAY } from './case-record.js';
import { append } from './entry.js';
import { heldCase } from './parties.js';
import { resumed } from './pause.js';
import { CASE_ROLES } from './roles.js';

async function ensureSubcasesSettled(tx: Tx, record: CaseRecord): Promise<void> {
  for (const id of record.subcases) {
    const { status } = await loadCase(tx, id);
    ensure(!UNDER_WAY.includes(status), 'case.subcases-open', { id });
  }
}

/**
 * Decides the case and, with `withdrawn`, ends it. A pause ends with the decision. Certificates are
 * named, not looked up: one of a batch has no key of its own, and it may be issued after the decision.
 */
export const decideCase = defineTransaction({
  contract: 'case',
  name: 'DecideCase',
  roles: CASE_ROLES,
  path: { caseId: ClientIdReference },
  body: {
    outcome: OneOf(OUTCOMES),
    reasonCode: Type.Optional(Code),
    certificates: ListOf(NamedCertificateId, 0, 50),
  },
  async apply(tx, { caseId, ...decision }) {
    const record = await heldCase(tx, caseId, ['open']);
    await ensureSubcasesSettled(tx, record);
    const status = decision.outcome === 'withdrawn' ? 'withdrawn' : 'decided';
    const after = { ...resumed(record, recordedAt(tx, record)), status, decision } as const;
    return { ...append(tx, record, after, 'decision', decision).record };
  },
});
