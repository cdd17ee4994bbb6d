/** Grants, the attempts to use them, and what was released. */
import type { CaseRecord } from '../../../chaincode/transactions/case/case-record.js';
import type { GrantRecord } from '../../../chaincode/transactions/grant/grant.js';
import type { ReleaseRecord, UseRecord } from '../../../chaincode/transactions/grant/use.js';
import type { StoreTransaction } from '../../store/store.js';
import { findRecord } from '../records.js';
import { recordOf, type Traced, type Tracer } from './traced.js';

/**
 * Whom an attempt is about: whom it names, else whom its grant or its case is of. Who names nobody must not be able to
 * keep an attempt out of that person's trace.
 */
async function subjectOf(db: StoreTransaction, { subject, grantId, caseId }: UseRecord): Promise<string | undefined> {
  if (subject !== undefined) return subject;
  const grant = await findRecord<GrantRecord>({ db }, 'grant', grantId);
  if (grant?.subject !== undefined || caseId === undefined) return grant?.subject;
  return (await findRecord<CaseRecord>({ db }, 'case', caseId))?.subject;
}

async function ofUse(db: StoreTransaction, use: UseRecord) {
  return { subject: await subjectOf(db, use), grant: use.grantId, dataSet: use.dataSet, case: use.caseId, purpose: use.purpose };
}

export const traceUse: Tracer = async ({ db, own }) =>
  Promise.all(
    own.map(async (write): Promise<Traced> => {
      const use = write.value as UseRecord;
      const { decision, reason, fields, count } = use;
      return { ...(await ofUse(db, use)), record: recordOf(write), decision, ...(reason && { reason }), fields, count };
    }),
  );

export const traceRelease: Tracer = async ({ db, own }) => {
  const traced: Traced[] = [];
  for (const write of own) {
    const use = await findRecord<UseRecord>({ db }, 'use', (write.value as ReleaseRecord).useId);
    if (use) traced.push({ ...(await ofUse(db, use)), record: recordOf(write) });
  }
  return traced;
};

/** The request, or the step that was taken. */
export const traceGrant: Tracer = ({ own, transaction }) =>
  own.map((write) => {
    const { grantId, dataSet, subject, caseId, purpose, steps } = write.value as GrantRecord;
    const reason = steps.find((step) => step.transaction === transaction.id)?.reason;
    return { record: recordOf(write), subject, grant: grantId, dataSet, case: caseId, purpose, ...(reason && { reason }) };
  });
