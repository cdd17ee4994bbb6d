import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptsOf, type HistoryEvent } from '../../scripts/faults/history/history.js';
import { judge } from '../../scripts/faults/history/judge.js';
import type { SeenBlock, SeenTransaction, View } from '../../scripts/faults/history/view.js';
import { chain, FATES, type Fate, PEERS, transaction, view, type World, worldOf } from '../support/fault-history.js';

const same = ({ blocks }: World) => PEERS.map((mspId) => view(mspId, blocks));
const fates = fc.array(fc.constantFrom(...FATES), { minLength: 1, maxLength: 30 });
const withOk = fates.map((list) => [...list, 'ok' as const]);

/** The chain again with one block's transactions changed, linked as before. */
function changed(blocks: readonly SeenBlock[], index: number, change: (list: readonly SeenTransaction[]) => SeenTransaction[]) {
  return chain(blocks.map(({ transactions }, number) => (number === index ? change(transactions) : transactions)));
}

describe('a history that is right', () => {
  it('is found right, whatever happened in it', () => {
    fc.assert(
      fc.property(fates, (list) => {
        const world = worldOf(list);
        expect(judge(world.history, same(world))).toEqual([]);
      }),
    );
  });

  it('knows ok, failed and unknown apart, and takes a missing end for unknown', () => {
    const { history } = worldOf(['ok', 'failed', 'unknown-there', 'killed-there']);
    expect(attemptsOf(history).map(({ outcome }) => outcome.kind)).toEqual(['ok', 'failed', 'unknown', 'unknown']);
  });
});

describe('a history that is wrong', () => {
  const broken = (list: readonly Fate[], change: (world: World) => { history?: HistoryEvent[]; views?: View[] }) => {
    const world = worldOf(list);
    const { history = world.history, views = same(world) } = change(world);
    return judge(history, views);
  };
  const everywhere = (blocks: readonly SeenBlock[]) => PEERS.map((mspId) => view(mspId, blocks));
  const always = (words: RegExp, change: (world: World) => { history?: HistoryEvent[]; views?: View[] }) =>
    fc.assert(
      fc.property(withOk, (list) => {
        expect(broken(list, change).join('\n')).toMatch(words);
      }),
    );

  it('lost: an acknowledged write is not there', () => {
    always(/acknowledged as tx-\d+ and is not there/, ({ blocks }) => ({
      views: everywhere(changed(blocks, blocks.length - 1, () => [])),
    }));
  });

  it('lost: an acknowledged write became invalid', () => {
    always(/acknowledged as tx-\d+ and is not there/, ({ blocks }) => ({
      views: everywhere(
        changed(blocks, blocks.length - 1, (all) => all.map((one) => ({ ...one, code: 'PHANTOM_READ_CONFLICT' }))),
      ),
    }));
  });

  it('moved: an acknowledged write is in another place', () => {
    always(/acknowledged in \d+\/0 and is in \d+\/1/, ({ blocks }) => ({
      views: everywhere(changed(blocks, blocks.length - 1, (all) => [transaction('other', 'operation~a~other'), ...all])),
    }));
  });

  it('doubled: one operation in two transactions', () => {
    always(/operation \S+ is there twice/, ({ blocks }) => ({
      views: everywhere(changed(blocks, blocks.length - 1, (all) => [...all, ...all.map((one) => ({ ...one, id: 'tx-twice' }))])),
    }));
  });

  it('doubled: one transaction twice', () => {
    always(/transaction \S+ is there twice/, ({ blocks }) => ({
      views: everywhere(chain([...blocks.map(({ transactions }) => transactions), blocks.at(-1)?.transactions ?? []])),
    }));
  });

  it('failed, and present under the id that it prepared', () => {
    always(/was reported failed \(refused\) and is there as tx-\d+/, ({ history }) => ({
      history: history.map((event, index) =>
        index === history.length - 1 ? { ...strip(event), event: 'failed', reason: 'refused' } : event,
      ),
    }));
  });

  it('failed, and present under another id', () => {
    always(/failed each time \(refused\) and is there/, ({ history }) => ({
      history: history
        .filter(({ event }, index) => !(event === 'prepared' && index === history.length - 2))
        .map((event, index, all) => (index === all.length - 1 ? { ...strip(event), event: 'failed', reason: 'refused' } : event)),
    }));
  });

  it('flipped: valid first and invalid then', () => {
    always(/was told to be valid, then invalid/, ({ history }) => {
      const last = history.at(-1) as HistoryEvent & { transactionId: string };
      return {
        history: [...history, { ...strip(last), event: 'resolved', transactionId: last.transactionId, status: 'invalid' }],
      };
    });
  });

  it('flipped: told invalid, and valid on the ledger', () => {
    const history = worldOf(['unknown-there']).history.map((event) =>
      event.event === 'resolved' ? { ...event, status: 'invalid' as const } : event,
    );
    expect(broken(['unknown-there'], () => ({ history })).join()).toMatch(/was told to be invalid and is valid/);
  });

  it('two histories: one peer has other blocks', () => {
    always(/ShanghaiMSP and AnhuiMSP have two histories from block 0/, (world) => ({
      views: same(world).map((one, index) =>
        index === 3
          ? view(
              one.mspId,
              chain(
                one.blocks.map(({ transactions }) => transactions),
                'other-',
              ),
            )
          : one,
      ),
    }));
  });

  it('two orders: what ended first stands last', () => {
    const { history, blocks } = worldOf(['ok', 'ok']);
    const [genesis, first, second] = blocks.map(({ transactions }) => transactions) as SeenTransaction[][];
    const swapped = history.map((event) =>
      event.event === 'ok' ? { ...event, block: event.block === 1 ? 2 : 1 } : event,
    ) as HistoryEvent[];
    const views = everywhere(chain([genesis ?? [], second ?? [], first ?? []]));
    expect(judge(swapped, views)).toEqual([
      'operation~agency~op-1 began after operation~agency~op-0 had ended, and stands before it',
    ]);
  });

  it('unequal states, codes, commit hashes and heights', () => {
    const lastOf = (change: (block: SeenBlock) => SeenBlock) => (world: World) => ({
      views: same(world).map((one, index) => {
        const blocks = one.blocks.map((block, number) => (number === one.blocks.length - 1 ? change(block) : block));
        return index === 2 ? view(one.mspId, blocks) : one;
      }),
    });
    const each = (block: SeenBlock, change: object) => ({
      ...block,
      transactions: block.transactions.map((one) => ({ ...one, ...change })),
    });
    always(
      /have different states/,
      lastOf((block) => each(block, { writes: [{ key: 'case~1', value: 'invented' }] })),
    );
    always(
      /judge the transactions of block \d+ differently/,
      lastOf((block) => each(block, { code: 'BAD_PAYLOAD' })),
    );
    always(
      /have different commit hashes at block/,
      lastOf((block) => ({ ...block, commitHash: 'other' })),
    );
    always(/have \d+ and \d+ blocks/, (world) => ({
      views: same(world).map((one, index) => (index === 1 ? view(one.mspId, one.blocks.slice(0, -1)) : one)),
    }));
  });

  it('a chain that is torn or has a gap', () => {
    always(/block \d+ does not follow the one before/, ({ blocks }) => ({
      views: everywhere(blocks.map((block, index) => (index === 1 ? { ...block, previousHash: 'other' } : block))),
    }));
    always(/block \d+ stands where block 0 belongs/, ({ blocks }) => ({ views: everywhere(blocks.slice(1)) }));
  });

  it('no peer was read', () => {
    expect(judge([], [])).toEqual(['no peer was read']);
  });
});

function strip({ at, writer, operation, attempt }: HistoryEvent) {
  return { at, writer, operation, attempt };
}
