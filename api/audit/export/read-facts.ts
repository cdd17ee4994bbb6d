/** Facts in the order of their recorded time, a chunk at a time: whoever asks for the next chunk decides how fast. */

import { setImmediate as turn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { AuditFactTable } from '../../store/audit-tables.js';
import { prepare } from '../../store/prepared.js';
import type { Store } from '../../store/store.js';
import type { Period } from '../period.js';

const CHUNK = 250;

/** A fact, and the record that tells it. */
export interface Fact extends AuditFactTable {
  /** the record as it stands on the ledger now, canonical JSON; of a certificate the standing one of its id, as JSON */
  readonly record: string | null;
}

type Place = Pick<AuditFactTable, 'time' | 'block' | 'position' | 'key' | 'part'>;

/** Keys of certificates: every one begins so, and none of another type is between these two. */
const isCertificate = sql<boolean>`fact.key >= 'certificate~' and fact.key < 'certificate~~'`;

/**
 * A certificate of a batch is no record, and of two under one id the standing one counts: so they come from their table.
 * Each fact is looked up in one of the two tables: nothing equals null.
 */
const selectChunk = prepare<Fact>((db, p) =>
  db
    .selectFrom('audit_fact as fact')
    .leftJoin('record', (join) => join.on('record.key', '=', sql<string>`case when not (${isCertificate}) then fact.key end`))
    .leftJoin('standing_certificate as standing', (join) =>
      join.on('standing.certificate_id', '=', sql<string>`case when ${isCertificate} then substr(fact.key, 13) end`),
    )
    .selectAll('fact')
    .select((eb) => eb.fn.coalesce('record.value', 'standing.value').as('record'))
    .where((eb) =>
      eb(
        eb.refTuple('fact.time', 'fact.block', 'fact.position', 'fact.key', 'fact.part'),
        '>',
        eb.tuple<number, number, number, string, number>(p(0), p(1), p(2), p(3), p(4)),
      ),
    )
    .where('fact.time', '<', p(5))
    .where('fact.block', '<=', p(6))
    .orderBy('fact.time')
    .orderBy('fact.block')
    .orderBy('fact.position')
    .orderBy('fact.key')
    .orderBy('fact.part')
    .limit(sql.lit(CHUNK)),
);

/** All facts of a period up to a block. What blocks after it bring changes nothing, however long the reading takes. */
export async function* readFacts(store: Store, { from, to }: Period, lastBlock: number): AsyncGenerator<Fact[]> {
  let after: Place = { time: from, block: -1, position: 0, key: '', part: 0 };
  for (;;) {
    const { time, block, position, key, part } = after;
    const facts = await selectChunk(store.db, time, block, position, key, part, to, lastBlock);
    if (facts.length > 0) yield facts;
    const last = facts.at(-1);
    if (!last || facts.length < CHUNK) return;
    after = last;
    // SQLite answers at once: without this nobody else would be served while a fast reader takes it all.
    await turn();
  }
}
