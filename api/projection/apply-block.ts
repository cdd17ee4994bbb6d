/** One block into the tables: its transactions, the records they wrote, and the position, all or nothing. */
import { parseKey, type RecordType } from '../../chaincode/state/keys.js';
import type { LedgerBlock, LedgerTransaction } from '../../network/ledger.js';
import { transact } from '../store/direct.js';
import { prepare } from '../store/prepared.js';
import type { Store, StoreTransaction } from '../store/store.js';
import type { ProjectedWrite, Projector } from './framework.js';
import { PROJECTORS } from './projectors.js';
import { enterTrace } from './trace/enter-trace.js';

/** The block does not continue the chain that was projected so far. */
export class ChainBroken extends Error {
  override readonly name = 'ChainBroken';
}

export interface Position {
  readonly block: number;
  readonly hash: string;
}

const byType = new Map<RecordType, Projector>(PROJECTORS.map((projector) => [projector.type, projector]));

const putRecord = prepare((db, p) =>
  db
    .insertInto('record')
    .values({ key: p(0), type: p(1), value: p(2), block: p(3), position: p(4), transaction_id: p(5), time: p(6) })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((eb) => ({
        value: eb.ref('excluded.value'),
        block: eb.ref('excluded.block'),
        position: eb.ref('excluded.position'),
        transaction_id: eb.ref('excluded.transaction_id'),
        time: eb.ref('excluded.time'),
      })),
    ),
);

const putVersion = prepare((db, p) =>
  db
    .insertInto('record_version')
    .values({ key: p(0), type: p(1), value: p(2), block: p(3), position: p(4), transaction_id: p(5), time: p(6) }),
);

const putTransaction = prepare((db, p) =>
  db.insertInto('ledger_transaction').values({
    id: p(0),
    block: p(1),
    position: p(2),
    validation_code: p(3),
    time: p(4),
    function: p(5),
    agency: p(6),
    operation: p(7),
    endorsers: p(8),
  }),
);

const putPosition = prepare((db, p) =>
  db
    .updateTable('projection_position')
    .set({ block: p(0), hash: p(1) })
    .where('id', '=', 1),
);

async function applyWrites(
  db: StoreTransaction,
  block: number,
  transaction: LedgerTransaction,
): Promise<readonly ProjectedWrite[]> {
  const { position, id, time } = transaction;
  const writes: ProjectedWrite[] = [];
  for (const { key, value } of transaction.writes) {
    const parsed = parseKey(key);
    // Contracts of ours make no other keys and delete none, so anything else is not our chain.
    if (!parsed || value === null) throw new ChainBroken(`block ${block} writes what no contract writes: ${key}`);
    const row = [key, parsed.type, value, block, position, id, time] as const;
    await putRecord(db, ...row);
    const projector = byType.get(parsed.type);
    if (projector?.history) await putVersion(db, ...row);
    const write = { key, ...parsed, value: JSON.parse(value), block, position, transaction };
    await projector?.project?.(db, write);
    writes.push(write);
  }
  return writes;
}

function operationOf(transaction: LedgerTransaction): readonly [string | null, string | null] {
  for (const { key } of transaction.writes) {
    const parsed = parseKey(key);
    if (parsed?.type === 'operation') return [parsed.parts[0] ?? null, parsed.parts[1] ?? null];
  }
  return [null, null];
}

async function applyTransaction(db: StoreTransaction, block: number, transaction: LedgerTransaction): Promise<void> {
  const { id, position, validationCode, time, endorsers } = transaction;
  const valid = validationCode === 'VALID';
  // An invalid transaction may carry the id of a valid one (that is one way to be invalid): the first stands.
  if (!valid) return;
  const [agency, operation] = operationOf(transaction);
  await putTransaction(
    db,
    id,
    block,
    position,
    validationCode,
    time,
    transaction.function,
    agency,
    operation,
    JSON.stringify(endorsers),
  );
  const writes = await applyWrites(db, block, transaction);
  if (agency !== null) await enterTrace(db, agency, transaction, writes);
}

/** @throws ChainBroken when the block is not the next one of this chain */
export async function applyBlock(store: Store, at: Position, block: LedgerBlock): Promise<Position> {
  if (block.number !== at.block + 1) throw new ChainBroken(`expected block ${at.block + 1}, got ${block.number}`);
  if (block.number > 0 && block.previousHash !== at.hash)
    throw new ChainBroken(`block ${block.number} does not follow the block ${at.block} that was projected`);
  await transact(store.db, async (db) => {
    for (const transaction of block.transactions)
      if (transaction.kind === 'endorser') await applyTransaction(db, block.number, transaction);
    await putPosition(db, block.number, block.hash);
  });
  return { block: block.number, hash: block.hash };
}
