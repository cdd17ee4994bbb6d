/**
 * Puts the head of the read log on the ledger, as one more anchored record, in the name of the registrar that runs this
 * API: every province has one from genesis, and its key is here or nowhere. What was anchored can no longer be
 * changed, taken out or cut off unseen, not even by whoever holds the store.
 */
import type { Deps } from '../deps.js';
import { ownRegistrar } from '../evidence/asker.js';
import type { ReadLogTable } from '../store/off-chain-tables.js';
import { BEFORE_FIRST, firstReadLogFault } from '../store/read-log.js';
import type { Store } from '../store/store.js';
import { isBad, judgeLine } from './judge-line.js';
import { headRecord, type LogHead } from './read-log-head.js';

type HeadDeps = Pick<Deps, 'store' | 'wallet' | 'settings' | 'anchors' | 'clock'>;

/** The log is not what was anchored of it, so nothing more of it is. */
export class ReadLogBroken extends Error {
  override readonly name = 'ReadLogBroken';
}

export type Anchored = 'anchored' | 'nothing new' | 'no key';

const last = ({ db }: Store) => db.selectFrom('read_log').selectAll().orderBy('number', 'desc').limit(1).executeTakeFirst();
const lastHead = ({ db }: Store) =>
  db.selectFrom('read_log_head').selectAll().orderBy('number', 'desc').limit(1).executeTakeFirst();

/** @throws ReadLogBroken */
async function entryOf({ db }: Store, number: number): Promise<ReadLogTable> {
  const entry = await db.selectFrom('read_log').selectAll().where('number', '=', number).executeTakeFirst();
  if (!entry) throw new ReadLogBroken(`entry ${number} of the read log is missing`);
  return entry;
}

/**
 * Sending a head that was sent before is safe, and compares it with the one that the ledger holds under its number.
 * @throws ReadLogBroken when that is another one
 */
async function send({ store, anchors }: HeadDeps, head: LogHead, entry: ReadLogTable): Promise<void> {
  const { agency, ...line } = headRecord(head, await entryOf(store, 1), entry);
  const judged = judgeLine(agency, 1, Buffer.from(JSON.stringify(line)));
  if (isBad(judged)) throw new Error(`the head of the read log is no record: ${judged.code}`);
  const { taken } = await anchors.append(agency, [judged]);
  if (taken.length > 0)
    throw new ReadLogBroken(
      `the ledger holds another head ${head.number} of the read log than entry ${entry.number}: the log was changed, cut off or restored`,
    );
}

/** Whether an entry after one has waited so long that it is to be anchored. */
async function isDue({ store, clock }: HeadDeps, after: number, milliseconds: number): Promise<boolean> {
  const query = store.db.selectFrom('read_log').select('time').where('number', '>', after).orderBy('number').limit(1);
  const next = await query.executeTakeFirst();
  return next !== undefined && Date.parse(next.time) <= clock() - milliseconds;
}

/**
 * Anchors the head if an entry has waited for so long: the log since the last head is checked, the new head is on the disk
 * before it is sent, and what an earlier process did not send is sent now.
 * @throws ReadLogBroken naming the entry
 */
export async function anchorReadLog(deps: HeadDeps, waitMilliseconds: number): Promise<Anchored> {
  const { store } = deps;
  const before = await lastHead(store);
  const anchored = before ? await entryOf(store, before.entry) : BEFORE_FIRST;
  if (before) await send(deps, before, anchored as ReadLogTable);
  if (!(await isDue(deps, anchored.number, waitMilliseconds))) return 'nothing new';
  const fault = await firstReadLogFault(store, anchored);
  if (fault !== undefined) throw new ReadLogBroken(`entry ${fault} of the read log is missing, changed or out of place`);
  const [entry, registrar] = [await last(store), await ownRegistrar(deps)];
  if (!registrar || !entry) return 'no key';
  const head = { number: (before?.number ?? 0) + 1, entry: entry.number, agency: registrar.agencyId };
  await store.durable.insertInto('read_log_head').values(head).execute();
  await send(deps, head, entry);
  return 'anchored';
}
