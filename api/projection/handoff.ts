import type { HandoffRecord } from '../../chaincode/transactions/case/handoff.js';
import { prepare } from '../store/prepared.js';
import type { StoreTransaction } from '../store/store.js';
import { traitsOfCase } from './counted-item.js';
import type { Projector } from './framework.js';
import { countRecord, handoffMeasure } from './statistic.js';

const putOffered = prepare((db, p) =>
  db
    .updateTable('case_index')
    .set({ offered_since: p(1) })
    .where('case_id', '=', p(0)),
);

/** A hand-off is counted when its receiver answers; one that was recalled or lapsed has no answer, and a return is no second one. */
async function countAnswer(db: StoreTransaction, handoff: HandoffRecord): Promise<void> {
  const { caseId, status, offeredAt, settledAt, toProvince } = handoff;
  if ((status !== 'accepted' && status !== 'rejected') || settledAt === undefined) return;
  const traits = { ...(await traitsOfCase(db, caseId)), province: toProvince };
  await countRecord(db, { measure: handoffMeasure(offeredAt, settledAt), time: settledAt, traits });
}

/** Hand-offs: a case has one open offer at most, so what was settled leaves none. */
export const handoffProjector: Projector = {
  type: 'handoff',
  project: async (db, { value }) => {
    const handoff = value as HandoffRecord;
    const { caseId, status, offeredAt } = handoff;
    await putOffered(db, caseId, status === 'open' ? Date.parse(offeredAt) : null);
    await countAnswer(db, handoff);
  },
};
