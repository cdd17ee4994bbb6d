/** What happened in cases: each change of one is an entry of its timeline. */
import type { CaseRecord } from '../../../chaincode/transactions/case/case-record.js';
import type { Entry } from '../../../chaincode/transactions/case/entry.js';
import { recordOf, type Traced, type Tracer } from './traced.js';

function reasonIn({ reason, reasonCode }: Entry['data']): Pick<Traced, 'reason'> {
  const given = reason ?? reasonCode;
  return typeof given === 'string' ? { reason: given } : {};
}

/** A sub-case is opened in its own timeline, and noted in its parent's. */
export const traceEntry: Tracer = ({ own, all }) => {
  const cases = new Map(all.filter(({ type }) => type === 'case').map(({ parts, value }) => [parts[0], value as CaseRecord]));
  const traced = own.map((write) => {
    const { type, data } = write.value as Entry;
    const caseId = write.parts[0];
    const record = recordOf(write);
    return { note: type === 'subcase', record, case: caseId, subject: cases.get(caseId)?.subject, ...reasonIn(data) };
  });
  return traced.sort((left, right) => Number(left.note) - Number(right.note)).map(({ note: _, ...rest }) => rest);
};
