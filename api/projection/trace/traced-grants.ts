/** Grants, the attempts to use them, and what was released. */
import type { CaseRecord } from '../../../chaincode/transactions/case/case-record.js';
import type { GrantRecord } from '../../../chaincode/transactions/grant/grant.js';
import type { ReleaseRecord, UseRecord } from '../../../chaincode/transactions/grant/use.js';
import type { StoreTransaction } from '../../store/store.js';
import { findRecord } from '../records.js';
import { recordOf, type Traced, type Tracer } from './traced.js';

/**
 * Whom an attempt is about: whom it names, and whom its grant and its case are of. Who names nobody, or somebody else, must
 * not be able to keep an attempt out of that person's trace.
 */
async function subjectsOf(db: StoreTransaction, { subject, grantId, caseId }: UseRecord): Promise<(string | undefined)[]> {
  const grant = await findRecord<GrantRecord>({ db }, 'grant', grantId);
  const found = caseId === undefined ? undefined : await findRecord<CaseRecord>({ db }, 'case', caseId);
  const named = [subject, grant?.subject, found?.subject].filter((one) => one !== undefined);
  return named.length > 0 ? [...new Set(named)] : [undefined];
}

/** A row for each of the persons; what else it is about stands in the columns of the first, and beside those of the others. */
async function ofUse(db: StoreTransaction, use: UseRecord, told: Omit<Traced, 'subject'>): Promise<Traced[]> {
  const { grantId: grant, dataSet, caseId, purpose } = use;
  const about = { grant, dataSet, ...(caseId !== undefined && { case: caseId }) };
  const subjects = await subjectsOf(db, use);
  return subjects.map((subject, place) => ({ subject, ...(place === 0 ? about : { about }), purpose, ...told }));
}

export const traceUse: Tracer = async ({ db, own }) => {
  const traced: Traced[] = [];
  for (const write of own) {
    const use = write.value as UseRecord;
    const { decision, reason, fields, count } = use;
    traced.push(...(await ofUse(db, use, { record: recordOf(write), decision, ...(reason && { reason }), fields, count })));
  }
  return traced;
};

export const traceRelease: Tracer = async ({ db, own }) => {
  const traced: Traced[] = [];
  for (const write of own) {
    const use = await findRecord<UseRecord>({ db }, 'use', (write.value as ReleaseRecord).useId);
    if (use) traced.push(...(await ofUse(db, use, { record: recordOf(write) })));
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
