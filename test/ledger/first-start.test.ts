import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { pathsOf } from '../../network/embedded/folder.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { createWatermark } from '../../network/embedded/watermark.js';
import { allBlocks, foundedFolder, removeTemporaryFolders, temporaryFolder } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

describe('a first start', () => {
  it('makes block 0, then each registrar enters itself', async () => {
    const folder = await foundedFolder();
    const { ledger, registrars } = await openEmbedded({ folder });
    const [genesis, ...rest] = await allBlocks(ledger);
    expect(genesis).toMatchObject({
      number: 0,
      previousHash: '',
      transactions: [{ kind: 'config', validationCode: 'VALID', writes: [] }],
    });
    const founding = rest.flatMap(({ transactions }) => transactions);
    expect(founding.map((transaction) => transaction.function)).toEqual(Array(4).fill('registry:FoundRegistrar'));
    expect(new Set(founding.map(({ payload }) => JSON.parse(payload).agencyId))).toEqual(
      new Set(registrars.map(({ agencyId }) => agencyId)),
    );
    await ledger.close();
  });

  it('that was interrupted after its watermark was made is made up for', async () => {
    const folder = temporaryFolder();
    createWatermark(pathsOf(folder).watermark, { height: 0, hash: Buffer.alloc(32), logLength: 32 });
    const { ledger } = await openEmbedded({ folder });
    expect((await ledger.info()).height).toBeGreaterThan(1);
    await ledger.close();
  });

  it('that was interrupted within block 0 is made up for', async () => {
    const [folder, founded] = [temporaryFolder(), await foundedFolder()];
    const bytes = readFileSync(pathsOf(founded).log);
    createWatermark(pathsOf(folder).watermark, { height: 0, hash: Buffer.alloc(32), logLength: 32 });
    mkdirSync(pathsOf(folder).ledger);
    writeFileSync(pathsOf(folder).log, bytes.subarray(0, 500));
    const { ledger } = await openEmbedded({ folder });
    expect((await allBlocks(ledger)).flatMap(({ transactions }) => transactions).length).toBe(5);
    await ledger.close();
  });
});
