/**
 * Lines of one agency into the store. What is known already is not entered again: a record whose id another
 * one has is rejected, and one that is there already, on the ledger even if not here, counts as accepted.
 */
import { packedLeaf, packLeaves } from '../../chaincode/merkle/packed.js';
import { standingBatch } from '../projection/anchored.js';
import type { StoreTransaction } from '../store/store.js';
import {
  type BatchRow,
  batchOf,
  enterAdopted,
  enterBatch,
  enterRecords,
  findBatchOf,
  findPending,
  findStanding,
  type NewRecord,
  numberOf,
  type PendingRow,
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

/** What the ledger holds of ids that nothing here is pending for. */
class OnLedger {
  readonly #db: StoreTransaction;
  readonly #agency: string;
  readonly #places: Places;
  /** batches that were looked at, by their place on the ledger */
  readonly #batches = new Map<string, { readonly batchId: string; readonly leaves: Buffer; own?: BatchRow }>();

  constructor(db: StoreTransaction, agency: string, places: Places) {
    this.#db = db;
    this.#agency = agency;
    this.#places = places;
  }

  /** Whether the leaf that stands is of this very record. */
  async isSame({ text }: GoodLine, { block, position, place }: StandingRow): Promise<boolean> {
    const { leaves } = await this.#batch(block, position);
    return packedLeaf(leaves, place) === packedLeaf(packLeaves([text]), 0);
  }

  /** Keeps a record that stands in a batch which this API did not send, or forgot that it did. */
  async keep({ tag, text: record, digest }: GoodLine, { block, position, place }: StandingRow): Promise<void> {
    const batch = await this.#batch(block, position);
    batch.own ??= (await findBatchOf(this.#db, batch.batchId)) ?? (await this.#adopt(batch.batchId));
    if (batch.own.operation === null)
      await enterAdopted(this.#db, { number: numberOf(batch.own.number, place), tag, digest, record });
  }

  async #batch(block: number, position: number) {
    const name = `${block}.${position}`;
    let batch = this.#batches.get(name);
    if (!batch) {
      const found = await standingBatch(this.#db, block, position);
      if (!found) throw new Error(`no anchored batch at ${name}`);
      batch = { batchId: found.batch_id, leaves: Buffer.from(found.leaves, 'base64') };
      this.#batches.set(name, batch);
    }
    return batch;
  }

  /** Another API sent it, or this one before its store was restored: it is counted here under a number of ours. */
  async #adopt(batchId: string): Promise<BatchRow> {
    const row = { number: this.#places.nextBatch(), agency: this.#agency, operation: null, transaction_id: batchId };
    await enterBatch(this.#db, row);
    return row;
  }
}

export async function enterLines(
  db: StoreTransaction,
  agency: string,
  lines: readonly GoodLine[],
  places: Places,
): Promise<Entered> {
  const tags = lines.map(({ tag }) => tag);
  const pending = new Map<string, Pick<PendingRow, 'number' | 'record'>>();
  for (const row of await findPending(db, agency, tags)) pending.set(row.tag, row);
  const standing = new Map((await findStanding(db, agency, tags)).map((row) => [row.tag, row]));
  const onLedger = new OnLedger(db, agency, places);
  const fresh: NewRecord[] = [];
  const batches = new Set<number>();
  const taken: GoodLine[] = [];
  for (const line of lines) {
    const { tag, digest, text: record } = line;
    const stands = standing.get(tag);
    let earlier = pending.get(tag);
    if (stands) {
      if (!(await onLedger.isSame(line, stands))) taken.push(line);
      else if (!earlier) await onLedger.keep(line, stands);
      continue;
    }
    if (!earlier) {
      earlier = { number: await places.next(agency), record };
      pending.set(tag, earlier);
      fresh.push({ number: earlier.number, tag, digest, record });
    }
    if (earlier.record === record) batches.add(batchOf(earlier.number));
    else taken.push(line);
  }
  await enterRecords(db, agency, fresh);
  return { accepted: lines.length - taken.length, batches, taken };
}
