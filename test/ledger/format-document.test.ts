/** What network/README.md says of the files, read from real files by its words alone. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockHash, decodeBlock } from '../../network/format/block.js';
import { foundedLedger, register, removeTemporaryFolders } from '../support/ledger-world.js';

const README = readFileSync(join(import.meta.dirname, '../../network/README.md'), 'utf8').replaceAll('\n', ' ');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

describe('the files of a data folder', () => {
  let folder: string;
  let agency: string;
  beforeAll(async () => {
    const world = await foundedLedger();
    folder = world.folder;
    for (let count = 0; count < 3; count += 1) await register(world);
    agency = world.registrars[0]?.agencyId as string;
    await world.ledger.close();
  });
  afterAll(removeTemporaryFolders);

  it('are where the table says', () => {
    for (const named of ['ledger/blocks.log', 'watermark', 'ledger/state.db', 'lock']) {
      expect(README).toContain(`| \`${named}\` |`);
      expect(existsSync(join(folder, named))).toBe(true);
    }
    expect(README).toContain('`authorities/<MSP>/{ca,peer,orderer}`');
    for (const part of ['ca', 'peer', 'orderer'])
      for (const file of ['key.pem', 'certificate.pem'])
        expect(existsSync(join(folder, 'authorities/AnhuiMSP', part, file))).toBe(true);
    expect(README).toContain('`identities/<MSP>/<agency>`');
    expect(existsSync(join(folder, 'identities/ShanghaiMSP', agency, 'key.pem'))).toBe(true);
  });

  it('blocks.log: 32 bytes, then marked, numbered and checksummed records up to the end', () => {
    expect(README).toContain(
      '`blocks.log` begins with 32 bytes: `yrd-trust-blocks`, the version (u32, now 1), the first 12 bytes of the SHA-256 of those 20.',
    );
    expect(README).toContain(
      'Then records: `BLOK`, length (u32), block number (u64), SHA-256 over these 16 bytes and the block, the block',
    );
    const log = readFileSync(join(folder, 'ledger/blocks.log'));
    expect(log.toString('ascii', 0, 16)).toBe('yrd-trust-blocks');
    expect(log.readUInt32BE(16)).toBe(1);
    expect(log.subarray(20, 32)).toEqual(sha256(log.subarray(0, 20)).subarray(0, 12));
    let [offset, number] = [32, 0n];
    while (offset < log.length) {
      expect(log.toString('ascii', offset, offset + 4)).toBe('BLOK');
      expect(log.readBigUInt64BE(offset + 8)).toBe(number);
      const block = log.subarray(offset + 48, offset + 48 + log.readUInt32BE(offset + 4));
      expect(log.subarray(offset + 16, offset + 48)).toEqual(sha256(Buffer.concat([log.subarray(offset, offset + 16), block])));
      offset += 48 + block.length;
      number += 1n;
    }
    expect(offset).toBe(log.length);
    expect(number).toBeGreaterThan(4n);
  });

  it('watermark: two slots, the greater of which names the last block and the length of the log', () => {
    expect(README).toContain(
      '`watermark` has two slots of 96 bytes, at bytes 0 (even heights) and 512 (odd heights): `yrd-mark`, version (u32), four zero bytes, height (u64), log length (u64), block hash (32), SHA-256 of the 64 bytes before.',
    );
    const [log, mark] = [readFileSync(join(folder, 'ledger/blocks.log')), readFileSync(join(folder, 'watermark'))];
    const slots = [0, 512].map((offset) => mark.subarray(offset, offset + 96));
    for (const [parity, slot] of slots.entries()) {
      expect(slot.toString('ascii', 0, 8)).toBe('yrd-mark');
      expect(slot.readUInt32BE(8)).toBe(1);
      expect(Number(slot.readBigUInt64BE(16)) % 2).toBe(parity);
      expect(slot.subarray(64)).toEqual(sha256(slot.subarray(0, 64)));
    }
    const newest = slots.sort((left, right) => Number(right.readBigUInt64BE(16) - left.readBigUInt64BE(16)))[0] as Buffer;
    expect(Number(newest.readBigUInt64BE(24))).toBe(log.length);
    let [offset, last] = [32, Buffer.alloc(0)];
    while (offset < log.length) {
      last = log.subarray(offset + 48, offset + 48 + log.readUInt32BE(offset + 4));
      offset += 48 + last.length;
    }
    expect(newest.subarray(32, 64)).toEqual(blockHash(decodeBlock(last).header));
  });
});
