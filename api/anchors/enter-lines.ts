/**
 * Lines of one agency into the store. What is known already is not entered again: a record whose id another
 * one has is rejected, and one that is there already, on the ledger even if not here, counts as accepted.
 */
import { packedLeaf, packLeaves } from '../../chaincode/merkle/packed.js';
import { standingBatch } from '../projection/anchored.js';
import type { StoreTransaction } from '../store/store.js';
import {
  batchOf,
  enterBatch,
  enterRecords,
  findBatchOf,
  findRecords,
  findStanding,
  type NewRecord,
  numberOf,
  type RecordRow,
  type StandingRow,
} from './anchor-rows.js';
import type { GoodLine } from './judge-line.js';

export interface Entered {
  readonly accepted: number;
  /** numbers of the batches that hold what was accepted */
  readonly batches: ReadonlySet<number>;
  /** lines whose record id another record has */
  readonly taken: readonly GoodLine[];
}

/** Where new records go. */
export interface Places {
  /** the number of the agency's next record; opens a batch where it must */
  next(agency: string): Promise<number>;
  /** a number for a batch that another API has sent */
  nextBatch(): number;
}

/** The batch as this API counts it. */
async function adoptBatch(db: StoreTransaction, agency: string, batchId: string, places: Places): Promise<number> {
  const found = await findBatchOf(db, batchId);
  if (found) return found.number;
  const number = places.nextBatch();
  await enterBatch(db, { number, agency, operation: null, transaction_id: batchId });
  return number;
}

/**
 * The number of a record that this API does not know though its id is on the ledger: another API anchored
 * it, or this one before its store was restored. Undefined when the leaf there is of another record.
 */
async function adopt(db: StoreTransaction, agency: string, line: GoodLine, standing: StandingRow, places: Places) {
  const batch = await standingBatch(db, standing.block, standing.position);
  const own = packedLeaf(packLeaves([line.text]), 0);
  if (!batch || packedLeaf(Buffer.from(batch.leaves, 'base64'), standing.place) !== own) return undefined;
  return numberOf(await adoptBatch(db, agency, batch.batch_id, places), standing.place);
}

export async function enterLines(
  db: StoreTransaction,
  agency: string,
  lines: readonly GoodLine[],
  places: Places,
): Promise<Entered> {
  const tags = lines.map(({ tag }) => tag);
  const known = new Map<string, Pick<RecordRow, 'number' | 'record'>>();
  for (const row of await findRecords(db, agency, tags)) known.set(row.tag, row);
  const unknown = tags.filter((tag) => !known.has(tag));
  const standing = new Map((await findStanding(db, agency, unknown)).map((row) => [row.tag, row]));
  const fresh: NewRecord[] = [];
  const batches = new Set<number>();
  const taken: GoodLine[] = [];
  for (const line of lines) {
    const { tag, digest, text: record } = line;
    let earlier = known.get(tag);
    if (!earlier) {
      const elsewhere = standing.get(tag);
      const number = elsewhere ? await adopt(db, agency, line, elsewhere, places) : await places.next(agency);
      if (number !== undefined) {
        earlier = { number, record };
        known.set(tag, earlier);
        fresh.push({ number, tag, digest, record });
      }
    }
    if (earlier?.record === record) batches.add(batchOf(earlier.number));
    else taken.push(line);
  }
  await enterRecords(db, agency, fresh);
  return { accepted: lines.length - taken.length, batches, taken };
}
