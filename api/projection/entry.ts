import type { Entry } from '../../chaincode/transactions/case/entry.js';
import { enterFact } from './audit-fact.js';
import type { Projector } from './framework.js';

/** Entries of cases: found by their keys, and listed for audits. */
export const entryProjector: Projector = {
  type: 'entry',
  project: (db, write) => enterFact(db, write, write.key, (write.value as Entry).time),
};
