import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Projection, ProjectionStopped, startProjection } from '../../api/projection/projection.js';
import { PROJECTED_TABLE_NAMES, resetProjection } from '../../api/projection/tables.js';
import { openSqliteStore, type Store } from '../../api/store/store.js';
import type { Ledger, LedgerBlock } from '../../network/ledger.js';
import { ApiWorld } from '../support/api-world.js';

/** All rows of all projected tables, in an order of their own. */
async function dump(store: Store): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {};
  for (const name of PROJECTED_TABLE_NAMES) {
    const { rows } = await sql`select * from ${sql.table(name)}`.execute(store.db);
    tables[name] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return tables;
}

/** A ledger that gives these blocks, and then waits. */
function ledgerOf(blocks: readonly LedgerBlock[], real: Ledger): Ledger {
  return {
    submit: () => Promise.reject(new Error('not here')),
    evaluate: () => Promise.reject(new Error('not here')),
    attest: () => Promise.reject(new Error('not here')),
    statements: () => Promise.reject(new Error('not here')),
    transactionStatus: (id) => real.transactionStatus(id),
    close: async () => {},
    info: async () => ({ ...(await real.info()), height: blocks.length }),
    async *blocks(from, signal) {
      for (const block of blocks.slice(from)) yield block;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
  };
}

describe('the projection', () => {
  let world: ApiWorld;
  let blocks: LedgerBlock[];
  const folders: string[] = [];
  const stores: Store[] = [];
  const projections: Projection[] = [];

  beforeAll(async () => {
    world = await ApiWorld.create();
    const agency = await world.agency('310000', ['case-handler']);
    await world.agency('330000', ['auditor'], 'auditor');
    await world.post(`/v1/agencies/${agency.agencyId}/roles`, world.registrar(), { roles: ['data-user'] });
    await world.post(`/v1/agencies/${agency.agencyId}/deactivation`, world.registrar(), { reason: 'merged' });
    const { height } = await world.below.ledger.info();
    blocks = [];
    for await (const block of world.below.ledger.blocks(0, AbortSignal.timeout(20_000))) {
      blocks.push(block);
      if (blocks.length === height) break;
    }
  });

  afterAll(async () => {
    for (const projection of projections) await projection.stop();
    for (const store of stores) await store.close();
    await world.close();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  async function project(ledger: Ledger, faults: Error[] = []): Promise<{ store: Store; projection: Projection }> {
    const folder = await mkdtemp(join(tmpdir(), 'projection-'));
    folders.push(folder);
    const store = await openSqliteStore(join(folder, 'store.db'));
    const projection = await startProjection(store, ledger, { onFault: (fault) => faults.push(fault) });
    stores.push(store);
    projections.push(projection);
    return { store, projection };
  }

  it('replayed from block zero gives equal tables', async () => {
    const { store, projection } = await project(ledgerOf(blocks, world.below.ledger));
    await projection.waitFor(blocks.length - 1);
    const replayed = await dump(store);
    expect(replayed).toEqual(await dump(world.service.deps.store));
    expect(replayed.agency_index).toHaveLength(6);
    expect(replayed.record_version?.length).toBeGreaterThan(replayed.agency_index?.length ?? 0);
  });

  it('emptied in place and followed again gives equal tables', async () => {
    const { store, projection } = await project(ledgerOf(blocks, world.below.ledger));
    await projection.waitFor(blocks.length - 1);
    const before = await dump(store);
    await projection.stop();
    await store.db.transaction().execute(resetProjection);
    expect((await dump(store)).record).toEqual([]);
    const again = await startProjection(store, ledgerOf(blocks, world.below.ledger), { onFault: () => {} });
    projections.push(again);
    await again.waitFor(blocks.length - 1);
    expect(await dump(store)).toEqual(before);
    await again.stop();
  });

  it('goes on where it stopped, also in the middle of the chain', async () => {
    const { store, projection } = await project(ledgerOf(blocks.slice(0, 3), world.below.ledger));
    await projection.waitFor(2);
    await projection.stop();
    const rest = await startProjection(store, ledgerOf(blocks, world.below.ledger), { onFault: () => {} });
    projections.push(rest);
    await rest.waitFor(blocks.length - 1);
    expect(await dump(store)).toEqual(await dump(world.service.deps.store));
  });

  it('never skips a block that is missing', async () => {
    const faults: Error[] = [];
    const gap = blocks.filter(({ number }) => number !== 2);
    const { projection } = await project(ledgerOf(gap, world.below.ledger), faults);
    await vi.waitFor(() => expect(faults.map(({ name }) => name)).toContain('ChainBroken'));
    expect(projection.block).toBe(1);
    expect(projection.fault?.message).toContain('expected block 2');
  });

  it('refuses a block that does not follow the one before', async () => {
    const faults: Error[] = [];
    const forged = blocks.map((block) => (block.number === 2 ? { ...block, previousHash: 'f'.repeat(64) } : block));
    const { projection } = await project(ledgerOf(forged, world.below.ledger), faults);
    await vi.waitFor(() => expect(faults).not.toEqual([]));
    expect(projection.block).toBe(1);
  });

  it('refuses a ledger that is another one, or shorter, than what it has seen', async () => {
    const { store, projection } = await project(ledgerOf(blocks, world.below.ledger));
    await projection.waitFor(blocks.length - 1);
    await projection.stop();
    const other = blocks.map((block) => ({ ...block, hash: `${block.number}`.padStart(64, '0') }));
    for (const wrong of [other, blocks.slice(0, 2)]) {
      const faults: Error[] = [];
      const follower = await startProjection(store, ledgerOf(wrong, world.below.ledger), {
        onFault: (fault) => faults.push(fault),
      });
      await vi.waitFor(() => expect(faults.map(({ name }) => name)).toContain('ChainBroken'));
      await follower.stop();
    }
    expect(await dump(store)).toEqual(await dump(world.service.deps.store));
  });

  it('applies a block and its position together or not at all, and tries again', async () => {
    const faults: Error[] = [];
    let broken = true;
    const [genesis, ...rest] = blocks;
    const flawed = [genesis as LedgerBlock, ...rest];
    const ledger = ledgerOf(flawed, world.below.ledger);
    // A network's first blocks are of its configuration and of the chaincode's own approval.
    const at = blocks.find(({ transactions }) => transactions.some(({ writes }) => writes.length > 0))?.number ?? 0;
    expect(at).toBeGreaterThan(0);
    const half: Ledger = {
      ...ledger,
      async *blocks(from, signal) {
        for await (const block of ledger.blocks(from, signal)) {
          const last = block.transactions.at(-1);
          if (!broken || block.number !== at || !last) yield block;
          else
            yield {
              ...block,
              transactions: [...block.transactions, { ...last, id: 'x', writes: [{ key: 'nonsense', value: '1' }] }],
            };
        }
      },
    };
    const { store, projection } = await project(half, faults);
    await vi.waitFor(() => expect(faults.length).toBeGreaterThan(1));
    expect(projection.block).toBe(at - 1);
    expect(await store.db.selectFrom('ledger_transaction').select('id').where('block', '=', at).execute()).toEqual([]);
    broken = false;
    await projection.waitFor(blocks.length - 1);
    expect(await dump(store)).toEqual(await dump(world.service.deps.store));
    expect(projection.fault).toBeUndefined();
  });

  it('lets no reader wait for what cannot come any more, because it was stopped or the reader had given up', async () => {
    const { projection } = await project(ledgerOf(blocks, world.below.ledger));
    await projection.waitFor(blocks.length - 1);
    await expect(projection.waitFor(blocks.length, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    const waiting = expect(projection.waitFor(blocks.length)).rejects.toThrow(ProjectionStopped);
    await projection.stop();
    await waiting;
    await expect(projection.waitFor(blocks.length)).rejects.toThrow(ProjectionStopped);
  });

  it('keeps a waiting reader until the block is there, or the reader gives up', async () => {
    const { projection } = await project(ledgerOf(blocks, world.below.ledger));
    await expect(projection.waitFor(blocks.length + 5, AbortSignal.timeout(20))).rejects.toThrow();
    await expect(projection.waitFor(blocks.length - 1)).resolves.toBeUndefined();
  });
});
