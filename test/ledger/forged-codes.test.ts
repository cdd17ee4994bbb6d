import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHAINCODE_NAME } from '../../network/channel.js';
import { updatesOf } from '../../network/embedded/block-builder.js';
import { pathsOf } from '../../network/embedded/folder.js';
import { frameHeader } from '../../network/embedded/frame.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { verifyLog } from '../../network/embedded/verify-log.js';
import { decodeBlock, encodeBlock } from '../../network/format/block.js';
import { commitHash } from '../../network/format/commit-hash.js';
import { decodeEnvelope, decodeTransaction } from '../../network/format/envelope.js';
import { decodeResponsePayload } from '../../network/format/response.js';
import { VALIDATION_CODE } from '../../network/format/validation-code.js';
import { freshAgencyId } from '../support/contract-world.js';
import { recordsOf } from '../support/damaged-folder.js';
import {
  copyOf,
  foundedLedger,
  readRecord,
  register,
  registrarSigner,
  registration,
  removeTemporaryFolders,
} from '../support/ledger-world.js';
import { meetingDispatcher } from '../support/meeting-dispatcher.js';

afterAll(removeTemporaryFolders);

type Filter = (filter: Uint8Array) => Uint8Array;

/**
 * A log as somebody without any key could leave it: other validation codes in one block, and everything that
 * depends on them (commit hashes from there on, checksums of the records) computed again.
 */
function forged(log: Buffer, number: number, change: Filter): { log: Buffer; commitHash: Buffer } {
  let previous: Buffer = Buffer.alloc(0);
  const records = recordsOf(log).map(({ offset, next }, index) => {
    const block = decodeBlock(log.subarray(offset + 48, next));
    const filter = index === number ? change(block.filter) : block.filter;
    const transactions = block.data.map((bytes) => {
      const read = index > 0 && decodeResponsePayload(decodeTransaction(decodeEnvelope(bytes)).responsePayload);
      return { id: '', code: 0, reads: [], writes: read ? read.writes : [] };
    });
    previous = commitHash(CHAINCODE_NAME, filter, updatesOf(index, transactions, [...filter]), previous);
    const bytes = encodeBlock({ ...block, filter, commitHash: previous });
    return Buffer.concat([frameHeader(index, bytes), bytes]);
  });
  return { log: Buffer.concat([log.subarray(0, 32), ...records]), commitHash: previous };
}

const to =
  (code: number): Filter =>
  (filter) =>
    filter.map(() => code);
const { VALID, MVCC_READ_CONFLICT, DUPLICATE_TXID, ENDORSEMENT_POLICY_FAILURE } = VALIDATION_CODE;
const FORGERIES: [string, number][] = [
  ['MVCC_READ_CONFLICT', MVCC_READ_CONFLICT],
  ['DUPLICATE_TXID', DUPLICATE_TXID],
  ['ENDORSEMENT_POLICY_FAILURE', ENDORSEMENT_POLICY_FAILURE],
];

describe('validation codes changed without any key, all that hangs on them computed again,', () => {
  let source: string;
  let folder: string;
  let log: Buffer;
  let agencyId: string;
  /** the block of that agency's registration */
  let block: number;
  let conflicted: number;
  /** the state before that block */
  let olderState: Buffer;

  beforeAll(async () => {
    let racers = 0;
    const founded = await foundedLedger();
    await founded.ledger.close();
    olderState = readFileSync(pathsOf(founded.folder).state);
    source = founded.folder;
    const world = await openEmbedded({ folder: source, createDispatcher: () => meetingDispatcher(() => racers) });
    ({ agencyId, block } = await register(world));
    const signer = await registrarSigner(world);
    const contested = freshAgencyId('310000');
    racers = 3;
    await Promise.allSettled(Array.from({ length: 3 }, () => world.ledger.submit(registration(signer, contested))));
    await world.ledger.close();
    log = readFileSync(pathsOf(source).log);
    conflicted = recordsOf(log).findIndex(({ offset, next }) =>
      decodeBlock(log.subarray(offset + 48, next)).filter.includes(MVCC_READ_CONFLICT),
    );
  });
  beforeEach(() => {
    folder = copyOf(source);
  });

  const refusalOf = () =>
    openEmbedded({ folder }).then(
      async ({ ledger }) => ledger.close().then(() => new Error('it opened')),
      (error: Error) => error,
    );

  it('would not be found by checksums: the same log written again is the same', async () => {
    expect(forged(log, block, (filter) => filter).log).toEqual(log);
    expect((await verifyLog(folder)).problem).toBeUndefined();
    expect(conflicted).toBeGreaterThan(block);
  });

  it.each(FORGERIES)('a valid transaction marked as %s is found by the full check', async (name, code) => {
    writeFileSync(pathsOf(folder).log, forged(log, block, to(code)).log);
    expect((await verifyLog(folder)).problem).toMatchObject({
      number: block,
      problem: `transaction 0: it is marked ${name} and deserves VALID`,
    });
  });

  it('a conflict marked as valid is found by the full check', async () => {
    writeFileSync(pathsOf(folder).log, forged(log, conflicted, to(VALID)).log);
    expect((await verifyLog(folder)).problem).toMatchObject({
      number: conflicted,
      problem: expect.stringMatching(/^transaction \d: it is marked VALID and deserves MVCC_READ_CONFLICT$/),
    });
  });

  it("block 0's own code, too", async () => {
    writeFileSync(pathsOf(folder).log, forged(log, 0, to(MVCC_READ_CONFLICT)).log);
    expect((await verifyLog(folder)).problem).toMatchObject({ number: 0 });
  });

  it.each(FORGERIES)('are refused when the state is made anew: a valid one marked as %s', async (name, code) => {
    writeFileSync(pathsOf(folder).log, forged(log, block, to(code)).log);
    for (let start = 0; start < 2; start += 1) {
      if (start === 0) rmSync(pathsOf(folder).state);
      expect(await refusalOf()).toMatchObject({
        name: 'DataFolderRefused',
        reason: 'damaged',
        block,
        message: expect.stringContaining(`transaction 0: it is marked ${name} and deserves VALID: restore`),
      });
    }
    writeFileSync(pathsOf(folder).log, log);
    const world = await openEmbedded({ folder });
    const record = await world.ledger.evaluate(readRecord(await registrarSigner(world), `agency~${agencyId}`));
    expect(JSON.parse(record)).toMatchObject({ agencyId });
    await world.ledger.close();
  });

  it('are refused when an older state is to catch up', async () => {
    writeFileSync(pathsOf(folder).log, forged(log, block, to(MVCC_READ_CONFLICT)).log);
    writeFileSync(pathsOf(folder).state, olderState);
    expect(await refusalOf()).toMatchObject({ reason: 'damaged', block });
  });

  it('are refused beside the state as it was: its savepoint knows another commit hash', async () => {
    writeFileSync(pathsOf(folder).log, forged(log, block, to(MVCC_READ_CONFLICT)).log);
    expect(await refusalOf()).toMatchObject({ reason: 'damaged', block });
  });

  it('are found in the background when the state was changed to fit', async () => {
    const forgery = forged(log, block, to(MVCC_READ_CONFLICT));
    writeFileSync(pathsOf(folder).log, forgery.log);
    const database = new DatabaseSync(pathsOf(folder).state);
    database.prepare('UPDATE savepoint SET commit_hash = ?').run(forgery.commitHash);
    database.prepare('DELETE FROM state WHERE key = ?').run(`agency~${agencyId}`);
    database.close();
    const world = await openEmbedded({ folder });
    await expect.poll(() => world.health().verification.status, { timeout: 60_000 }).toBe('failed');
    expect(world.health()).toMatchObject({
      ready: false,
      verification: { verified: block, problem: expect.stringContaining('marked MVCC_READ_CONFLICT and deserves VALID') },
    });
    await world.ledger.close();
  });
});
