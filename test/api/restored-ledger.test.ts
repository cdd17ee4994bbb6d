import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForeignProjection } from '../../api/projection/same-chain.js';
import { LedgerUnavailable } from '../../network/errors.js';
import type { Ledger, LedgerBlock } from '../../network/ledger.js';
import { refusalText } from '../../scripts/refusal-text.js';
import { ApiWorld } from '../support/api-world.js';

/** The real ledger as it looked earlier, or as another one would look. */
function altered(ledger: Ledger, { height, kind = 'embedded', block = (same) => same }: Altered): Ledger {
  return {
    submit: (invocation, prepared) => ledger.submit(invocation, prepared),
    evaluate: (invocation) => ledger.evaluate(invocation),
    attest: (invocation, count) => ledger.attest(invocation, count),
    statements: (number) => ledger.statements(number),
    transactionStatus: (id) => ledger.transactionStatus(id),
    info: async () => ({ ...(await ledger.info()), kind, ...(height !== undefined && { height }) }),
    async *blocks(from, signal) {
      for await (const one of ledger.blocks(from, signal)) yield block(one);
    },
    close: () => ledger.close(),
  };
}

interface Altered {
  readonly kind?: 'embedded' | 'fabric';
  readonly height?: number;
  readonly block?: (block: LedgerBlock) => LedgerBlock;
}

describe('a store beside a ledger that it has not followed', () => {
  let world: ApiWorld;
  let last: number;
  beforeAll(async () => {
    world = await ApiWorld.create();
    await world.agency('310000', ['data-user']);
    last = world.service.deps.projection.block;
  });
  afterAll(() => world.close());

  const restarted = (change: Altered) => world.restart({ between: (ledger) => altered(ledger, change) });
  const refusal = (change: Altered) =>
    restarted(change).then(
      () => undefined,
      (error: unknown) => error,
    );

  it.each([
    ['is older', () => ({ height: last }), /^the store has projected block [0-9]+, and the ledger ends with [0-9]+: /],
    [
      'is another one',
      () => ({ block: anotherHash }),
      /^block [0-9]+ of the ledger is not the one that the store has projected: /,
    ],
  ])('does not serve when the ledger %s, and says what to do', async (_what, change, message) => {
    const error = await refusal(change());
    expect(error).toBeInstanceOf(ForeignProjection);
    expect((error as Error).message).toMatch(message);
    expect(refusalText(error)).toContain('drop the table projection_position of store/store.db');
  });

  it('waits for the peers of a network that are behind, which catch up by themselves', async () => {
    const error = await refusal({ height: last, kind: 'fabric' });
    expect(error).toBeInstanceOf(LedgerUnavailable);
    expect(refusalText(error)).toMatch(/^The ledger cannot be opened: the peers that can be reached have [0-9]+ blocks/);
  });

  it('serves the same ledger as before, and another one once its position is dropped as it was told', async () => {
    await restarted({});
    expect((await world.get('/v1/agencies')).body.items).toHaveLength(5);
    await world.service.deps.store.db.schema.dropTable('projection_position').execute();
    await restarted({ block: (block) => (block.number === last ? anotherHash(block) : block) });
    expect(world.service.deps.projection.block).toBe(last);
    expect((await world.get('/v1/agencies')).body.items).toHaveLength(5);
  });
});

function anotherHash(block: LedgerBlock): LedgerBlock {
  return { ...block, hash: 'f'.repeat(64) };
}
