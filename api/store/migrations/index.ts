/** All migrations of the off-chain tables, in order. One that has been released is never changed. */
import type { Migration } from 'kysely';
import * as submissionsAndReadLog from './0001-submissions-and-read-log.js';
import * as vault from './0002-vault.js';
import * as anchors from './0003-anchors.js';
import * as outbox from './0004-outbox.js';
import * as readLogHeads from './0005-read-log-heads.js';
import * as clusteredPending from './0006-clustered-pending.js';

export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-submissions-and-read-log': submissionsAndReadLog,
  '0002-vault': vault,
  '0003-anchors': anchors,
  '0004-outbox': outbox,
  '0005-read-log-heads': readLogHeads,
  '0006-clustered-pending': clusteredPending,
};
