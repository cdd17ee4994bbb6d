import type { SessionRecord } from '../../chaincode/transactions/case/session.js';
import type { Projector } from './framework.js';
import { countRecord } from './statistic.js';

/** Remote sessions: counted when they are recorded, not again when they are acknowledged. */
export const sessionProjector: Projector = {
  type: 'session',
  project: async (db, { value }) => {
    const { status, centre, recordedAt } = value as SessionRecord;
    if (status === 'recorded') await countRecord(db, { measure: 'sessions', time: recordedAt, traits: { centre } });
  },
};
