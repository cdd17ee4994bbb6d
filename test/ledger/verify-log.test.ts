import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pathsOf } from '../../network/embedded/folder.js';
import { frameHeader } from '../../network/embedded/frame.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { verifyLog } from '../../network/embedded/verify-log.js';
import { type Block, blockHash, dataHash, decodeBlock, encodeBlock } from '../../network/format/block.js';
import { freshAgencyId } from '../support/contract-world.js';
import { recordsOf } from '../support/damaged-folder.js';
import {
  copyOf,
  foundedLedger,
  register,
  registrarSigner,
  registration,
  removeTemporaryFolders,
  temporaryFolder,
} from '../support/ledger-world.js';
import { meetingDispatcher } from '../support/meeting-dispatcher.js';

afterAll(removeTemporaryFolders);

function blocksOf(log: Buffer): Block[] {
  return recordsOf(log).map(({ offset, next }) => decodeBlock(log.subarray(offset + 48, next)));
}

/** Rewrites a log as its operator could: every checksum right, every link right from the changed block on. */
function rewritten(log: Buffer, number: number, change: (block: Block) => Partial<Block>): Buffer {
  const blocks = blocksOf(log);
  let previousHash: Uint8Array = new Uint8Array();
  const records = blocks.map((block, index) => {
    const changed = index === number ? { ...block, ...change(block) } : block;
    const relinked = { ...changed, header: { ...changed.header, previousHash, dataHash: dataHash(changed.data) } };
    previousHash = blockHash(relinked.header);
    const bytes = encodeBlock(relinked);
    return Buffer.concat([frameHeader(index, bytes), bytes]);
  });
  return Buffer.concat([log.subarray(0, 32), ...records]);
}

describe('the full check of a log', () => {
  let source: string;
  let folder: string;
  let log: Buffer;
  let conflicted: number;

  beforeAll(async () => {
    let racers = 0;
    const world = await foundedLedger({ createDispatcher: () => meetingDispatcher(() => racers) });
    for (let count = 0; count < 3; count += 1) await register(world);
    const signer = await registrarSigner(world);
    const agencyId = freshAgencyId('310000');
    racers = 5;
    await Promise.allSettled(Array.from({ length: 5 }, () => world.ledger.submit(registration(signer, agencyId))));
    await world.ledger.close();
    source = world.folder;
    log = readFileSync(pathsOf(source).log);
    conflicted = blocksOf(log).findIndex(({ filter }) => filter.includes(11));
  });
  beforeEach(() => {
    folder = copyOf(source);
  });

  const problemAfter = async (changed: Buffer) => {
    writeFileSync(pathsOf(folder).log, changed);
    const { problem } = await verifyLog(folder);
    return problem && `${problem.number}: ${problem.problem}`;
  };

  it('finds nothing wrong with a good one, and tells how far it is', async () => {
    const progress: number[] = [];
    const result = await verifyLog(folder, (blocks, bytes, of) => {
      progress.push(blocks);
      expect(bytes).toBeLessThanOrEqual(of);
    });
    expect(conflicted).toBeGreaterThan(0);
    const blocks = blocksOf(log);
    expect(result).toEqual({
      blocks: blocks.length,
      transactions: blocks.reduce((sum, { data }) => sum + data.length, 0),
      problem: undefined,
    });
    expect(progress).toEqual(blocks.map((_, index) => index + 1));
  });

  it('reads beside a running ledger', async () => {
    const { ledger } = await openEmbedded({ folder });
    expect((await verifyLog(folder)).problem).toBeUndefined();
    await ledger.close();
  });

  it('finds a flipped bit', async () => {
    const changed = Buffer.from(log);
    const { offset } = recordsOf(log)[3] as { offset: number };
    changed[offset + 200] = (changed[offset + 200] as number) ^ 4;
    expect(await problemAfter(changed)).toBe('3: its checksum does not match');
  });

  it('finds a transaction taken out, though checksums and links are right: the orderers signed another header', async () => {
    const changed = rewritten(log, conflicted, ({ data, filter }) => ({ data: data.slice(1), filter: filter.slice(1) }));
    expect(await problemAfter(changed)).toContain(`${conflicted}: 0 orderers signed it, not 3; signature 0 of`);
  });

  it('finds a whole block dropped', async () => {
    const records = recordsOf(log);
    const [gone] = records.slice(3, 4);
    expect(await problemAfter(Buffer.concat([log.subarray(0, gone?.offset), log.subarray(gone?.next)]))).toBe(
      '3: no record of it begins here',
    );
  });

  it('finds the last blocks dropped', async () => {
    const last = recordsOf(log).at(-1);
    expect(await problemAfter(log.subarray(0, last?.offset))).toBe(
      `${last?.number}: ${(last?.number ?? 0) + 1} blocks were acknowledged`,
    );
  });

  it("finds an orderer's signature taken from another block", async () => {
    const other = blocksOf(log)[2]?.signatures ?? [];
    expect(await problemAfter(rewritten(log, 3, () => ({ signatures: other })))).toContain(
      '3: 0 orderers signed it, not 3; signature 0 of',
    );
  });

  it('finds one orderer counted three times', async () => {
    const changed = rewritten(log, 3, ({ signatures }) => ({
      signatures: [signatures[0], signatures[0], signatures[0]] as Block['signatures'],
    }));
    expect(await problemAfter(changed)).toBe('3: 1 orderers signed it, not 3');
  });

  it('finds a conflict made valid', async () => {
    const changed = rewritten(log, conflicted, ({ filter }) => ({ filter: Buffer.from(filter.map(() => 0)) }));
    expect(await problemAfter(changed)).toMatch(
      new RegExp(`^${conflicted}: transaction \\d: it is marked VALID and deserves MVCC_READ_CONFLICT$`),
    );
  });

  it('finds a commit hash changed', async () => {
    const changed = rewritten(log, 3, () => ({ commitHash: Buffer.alloc(32, 1) }));
    expect(await problemAfter(changed)).toBe('3: its commit hash is not that of its writes');
  });

  it('finds a valid transaction marked as badly endorsed', async () => {
    const changed = rewritten(log, 3, ({ filter }) => ({ filter: Buffer.from(filter.map(() => 10)) }));
    expect(await problemAfter(changed)).toBe('3: transaction 0: it is marked ENDORSEMENT_POLICY_FAILURE and deserves VALID');
  });

  it('says so when the watermark is gone', async () => {
    rmSync(pathsOf(folder).watermark);
    const { problem, blocks } = await verifyLog(folder);
    expect(problem).toMatchObject({ number: blocks, problem: 'the watermark is missing or damaged' });
  });
});

describe('the check in the background', () => {
  it('reads the whole log after opening and says when it is done', async () => {
    const world = await foundedLedger();
    await register(world);
    await expect.poll(() => world.health().verification.status, { timeout: 60_000 }).toBe('complete');
    expect(world.health()).toMatchObject({ ready: true, verification: { verified: expect.any(Number) } });
    await world.ledger.close();
  });

  it('finds damage deep in the past, which the start does not look at, and tells the block', async () => {
    const made = await foundedLedger();
    for (let count = 0; count < 70; count += 1) await register(made);
    await made.ledger.close();
    const folder = copyOf(made.folder);
    const { log } = pathsOf(folder);
    const bytes = readFileSync(log);
    const { offset } = recordsOf(bytes)[4] as { offset: number };
    bytes[offset + 300] = (bytes[offset + 300] as number) ^ 1;
    writeFileSync(log, bytes);
    const said: string[] = [];
    const world = await openEmbedded({ folder, log: (line) => said.push(line) });
    await expect.poll(() => world.health().verification.status, { timeout: 60_000 }).toBe('failed');
    expect(world.health().verification).toMatchObject({
      verified: 4,
      problem: expect.stringContaining(`block 4 at byte ${offset} of `),
    });
    expect(said.join()).toContain('the block log is damaged: block 4');
    expect(world.health().ready).toBe(false);
    await expect(register(world)).rejects.toMatchObject({ name: 'LedgerUnavailable' });
    await world.ledger.close();
  });

  it('and every reader of a block is told of damage rather than given what is wrong', async () => {
    const made = await foundedLedger();
    const { block, transactionId } = await register(made);
    for (let count = 0; count < 70; count += 1) await register(made);
    await made.ledger.close();
    const { log } = pathsOf(made.folder);
    const bytes = readFileSync(log);
    const { next } = recordsOf(bytes)[block] as { next: number };
    bytes[next - 1] = (bytes[next - 1] as number) ^ 0x80;
    writeFileSync(log, bytes);
    const world = await openEmbedded({ folder: made.folder });
    const reading = async () => {
      for await (const { number } of world.ledger.blocks(0, new AbortController().signal)) if (number > block) return number;
      return undefined;
    };
    await expect(reading()).rejects.toMatchObject({ name: 'LedgerUnavailable' });
    await expect(world.ledger.transactionStatus(transactionId)).rejects.toMatchObject({ name: 'LedgerUnavailable' });
    await world.ledger.close();
  });

  it('stops when the ledger closes', async () => {
    const folder = temporaryFolder();
    const world = await openEmbedded({ folder });
    await world.ledger.close();
    expect(['complete', 'stopped']).toContain(world.health().verification.status);
  });
});
