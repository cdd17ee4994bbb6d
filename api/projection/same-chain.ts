/**
 * Whether the ledger still is the one that the store followed. Restored from an older backup, it lacks
 * blocks that the store has projected, and every read would come from a future that never was.
 */
import { LedgerUnavailable } from '../../network/errors.js';
import type { Ledger } from '../../network/ledger.js';
import type { Store } from '../store/store.js';
import type { Position } from './apply-block.js';

/** The store has followed another ledger, or a longer one. */
export class ForeignProjection extends Error {
  override readonly name = 'ForeignProjection';

  constructor(found: string) {
    super(
      `${found}: was the ledger restored from a backup? Restore the store of the same time, or drop the table ` +
        'projection_position of store/store.db (and no other: it also holds the vault), and the next start reads the chain anew',
    );
  }
}

/** Where the store stands, by whatever version; undefined when nothing was projected yet. */
export async function projectedPosition(store: Store): Promise<(Position & { readonly version: number }) | undefined> {
  const tables = await store.db.introspection.getTables();
  if (!tables.some((table) => table.name === 'projection_position')) return undefined;
  return store.db.selectFrom('projection_position').select(['version', 'block', 'hash']).executeTakeFirst();
}

async function hashOf(ledger: Ledger, number: number): Promise<string | undefined> {
  const abort = new AbortController();
  try {
    for await (const block of ledger.blocks(number, abort.signal)) return block.hash;
    return undefined;
  } finally {
    abort.abort();
  }
}

/**
 * @throws ForeignProjection unless the ledger has the very block that was projected last
 * @throws LedgerUnavailable when a network's peer is behind: it catches up with the others by itself
 */
export async function checkSameChain(store: Store, ledger: Ledger): Promise<void> {
  const at = await projectedPosition(store);
  if (!at || at.block < 0) return;
  const { height, kind } = await ledger.info();
  if (height <= at.block && kind === 'fabric')
    throw new LedgerUnavailable(
      `the peers that can be reached have ${height} blocks, the store has projected block ${at.block}: start again when they have caught up (npm run network -- status)`,
    );
  if (height <= at.block)
    throw new ForeignProjection(`the store has projected block ${at.block}, and the ledger ends with ${height - 1}`);
  if ((await hashOf(ledger, at.block)) !== at.hash)
    throw new ForeignProjection(`block ${at.block} of the ledger is not the one that the store has projected`);
}
