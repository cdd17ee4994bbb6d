import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { AgencyId, ClientIdReference, Closed, Code, Digest, ListOf, Time } from '../../schemas/primitives.js';
import { refuseField } from '../../schemas/refuse-field.js';
import { loadAgency } from '../registry/agency.js';
import { loadCase } from './case-record.js';
import type { CaseChange } from './entry.js';
import { moveHandoff } from './handoff.js';
import { admit, ensureHeld } from './parties.js';
import { CASE_ROLES } from './roles.js';

/** Offers the case to an agency that could hold it: active, and with a role on cases. */
export const offerHandoff = defineTransaction({
  contract: 'case',
  name: 'OfferHandoff',
  roles: CASE_ROLES,
  path: { caseId: ClientIdReference },
  body: {
    to: AgencyId,
    reason: Code,
    manifest: ListOf(Closed({ code: Code, digest: Digest }), 0, 100),
    dueAt: Time,
  },
  async apply(tx, { caseId, to, reason, manifest, dueAt }) {
    const record = await loadCase(tx, caseId);
    const receiver = await loadAgency(tx, to);
    await ensureHeld(tx, record, ['open']);
    if (to === record.holder.agency) refuseField('/to', 'holds the case already');
    ensure(receiver.status === 'active', 'agency.state', { state: receiver.status, id: to });
    ensure(
      CASE_ROLES.some((role) => receiver.roles.includes(role)),
      'agency.roles',
      { id: to },
    );

    const number = record.handoffs + 1;
    const offered: CaseChange = { ...record, status: 'offered', handoffs: number, offer: { number, to, dueAt } };
    await admit(tx, caseId, to);
    const handoff = {
      caseId,
      number,
      from: record.holder.agency,
      fromProvince: record.holder.province,
      to,
      toProvince: receiver.province,
      reason,
      manifest,
      dueAt,
      status: 'open' as const,
      heldUnder: record.heldUnder,
      offeredAt: recordedAt(tx, record),
    };
    return { ...moveHandoff(tx, record, offered, handoff, 'handoff-offer', { to, reason, manifest, dueAt }) };
  },
});
