import type { CasePartyRecord } from '../../chaincode/transactions/case/parties.js';
import { prepare } from '../store/prepared.js';
import type { Projector } from './framework.js';

const put = prepare((db, p) =>
  db
    .insertInto('case_reader')
    .values({ agency_id: p(0), case_id: p(1), party: 1 })
    .onConflict((conflict) => conflict.columns(['agency_id', 'case_id']).doUpdateSet({ party: 1 })),
);

/** Parties of cases; the table is the case's. */
export const casePartyProjector: Projector = {
  type: 'case-party',
  project: async (db, { value }) => {
    const { agencyId, caseId } = value as CasePartyRecord;
    await put(db, agencyId, caseId);
  },
};
