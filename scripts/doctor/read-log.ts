/** The log of looks, entry by entry, and its heads against those that the ledger holds. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { headRecord, headRecordId } from '../../api/anchors/read-log-head.js';
import { storeFileOf } from '../../api/open-ledger.js';
import type { ReadLogHeadTable, ReadLogTable } from '../../api/store/off-chain-tables.js';
import { BEFORE_FIRST, type ChainedTo, follows } from '../../api/store/read-log.js';
import { packedLeaf, packLeaves } from '../../chaincode/merkle/packed.js';
import { leafText, recordTag } from '../../chaincode/transactions/anchor/record.js';
import { openReadOnly } from '../../network/audit/read-only-database.js';
import { type Finding, fault, note, ok } from './finding.js';

const CHECK = 'read log';
const KEEP = 'Keep the folder as it is, compare store.db with a backup, and find out who had access to it.';

interface Log {
  readonly length: number;
  readonly first: ReadLogTable | undefined;
  /** of the entries that heads are of */
  readonly entries: ReadonlyMap<number, ReadLogTable>;
  readonly fault: number | undefined;
}

function readLog(database: DatabaseSync, heads: readonly ReadLogHeadTable[]): Log {
  const wanted = new Set(heads.map(({ entry }) => entry));
  const entries = new Map<number, ReadLogTable>();
  let last: ChainedTo = BEFORE_FIRST;
  let first: ReadLogTable | undefined;
  for (const each of database.prepare('SELECT * FROM read_log ORDER BY number').iterate()) {
    const row = { ...each } as unknown as ReadLogTable;
    if (!follows(last, row)) return { length: last.number, first, entries, fault: last.number + 1 };
    first ??= row;
    if (wanted.has(row.number)) entries.set(row.number, row);
    last = row;
  }
  return { length: last.number, first, entries, fault: undefined };
}

/** The leaf that stands for a record id, 64 hex. */
function standingLeaf(database: DatabaseSync, agency: string, recordId: string): string | undefined {
  const row = database
    .prepare(
      'SELECT leaves, place FROM anchored_leaf AS leaf JOIN anchored_batch AS batch USING (block, position) WHERE leaf.agency = ? AND tag = ?',
    )
    .get(agency, recordTag(agency, recordId));
  return row && packedLeaf(Buffer.from(String(row.leaves), 'base64'), Number(row.place));
}

type Compared = { readonly fault: string } | { readonly onLedger: number };

function compareHeads(database: DatabaseSync, heads: readonly ReadLogHeadTable[], { first, entries }: Log): Compared {
  let onLedger = 0;
  for (const head of heads) {
    const entry = entries.get(head.entry);
    if (!first || !entry) return { fault: `entry ${head.entry} is missing, and head ${head.number} is of it` };
    const leaf = standingLeaf(database, head.agency, headRecordId(first, head.number));
    if (leaf === undefined) continue;
    const own = packedLeaf(packLeaves([leafText(headRecord(head, first, entry))]), 0);
    if (own !== leaf) return { fault: `entry ${head.entry} is not the one that the ledger holds as head ${head.number}` };
    onLedger += 1;
  }
  const next = (heads.at(-1)?.number ?? 0) + 1;
  const cut = first && agenciesOf(database, heads).some((agency) => standingLeaf(database, agency, headRecordId(first, next)));
  return cut ? { fault: `the ledger holds head ${next}, of which the log knows nothing: its end was cut off` } : { onLedger };
}

/** In whose name heads were anchored, and the registrars, in whose they may have been. */
function agenciesOf(database: DatabaseSync, heads: readonly ReadLogHeadTable[]): string[] {
  const founders = database.prepare("SELECT json_extract(value, '$.agencyId') AS id FROM record WHERE type = 'founder'").all();
  return [...new Set([...heads.map(({ agency }) => agency), ...founders.map(({ id }) => String(id))])];
}

/** What registrars anchored besides: nothing, where one API served them all along. */
function unexplained(database: DatabaseSync, heads: readonly ReadLogHeadTable[], onLedger: number): number {
  const counts = agenciesOf(database, heads).map((agency) =>
    Number(database.prepare('SELECT count(*) AS many FROM anchored_leaf WHERE agency = ?').get(agency)?.many),
  );
  return counts.reduce((sum, count) => sum + count, 0) - onLedger;
}

function judge(database: DatabaseSync): Finding {
  const heads = database.prepare('SELECT * FROM read_log_head ORDER BY number').all() as unknown as ReadLogHeadTable[];
  const log = readLog(database, heads);
  if (log.fault !== undefined) return fault(CHECK, `entry ${log.fault} is missing, changed or out of place`, KEEP);
  const compared = compareHeads(database, heads, log);
  if ('fault' in compared) return fault(CHECK, compared.fault, KEEP);
  const found = `${log.length} looks, each chained to the one before; heads on the ledger: ${compared.onLedger}, each of this log`;
  const others = unexplained(database, heads, compared.onLedger);
  if (others === 0) return ok(CHECK, found);
  return note(
    CHECK,
    `${found}; registrars anchored ${others} more records, which are no heads of this log`,
    'That is right where they anchor otherwise, or through another API. Else they are heads of a log that was here before and was lost, restored or rewritten: compare with a backup.',
  );
}

/** Reads the store as it lies there, also beside a running server. */
export function checkReadLog(dataDir: string): Finding {
  const file = storeFileOf(dataDir);
  if (!existsSync(file)) return ok(CHECK, 'no store yet');
  const database = existsSync(`${file}-wal`) ? new DatabaseSync(file, { readOnly: true }) : openReadOnly(file).database;
  try {
    const tables = database.prepare(
      "SELECT count(*) AS many FROM sqlite_schema WHERE name IN ('read_log_head', 'anchored_leaf')",
    );
    if (Number(tables.get()?.many) < 2)
      return ok(CHECK, 'not looked at: the store is of an earlier version; npm start brings it up to date');
    return judge(database);
  } catch (error) {
    return fault(CHECK, `${file} cannot be read: ${(error as Error).message}`, KEEP);
  } finally {
    database.close();
  }
}
