import type { ReleaseRecord } from '../../chaincode/transactions/grant/use.js';
import { enterFact } from './audit-fact.js';
import type { Projector } from './framework.js';
import { createUnreconciled, enterRelease } from './reconciliation.js';

/** What providers recorded about the data they gave out. */
export const releaseProjector: Projector = {
  type: 'release',
  tables: { unreconciled_use: createUnreconciled },
  project: async (db, write) => {
    const release = write.value as ReleaseRecord;
    await enterRelease(db, release);
    await enterFact(db, write, write.key, release.recordedAt);
  },
};
