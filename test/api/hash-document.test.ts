import { createHash, randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { DocumentHasher } from '../../api/verification/hash-document.js';

const hasher = new DocumentHasher();
afterAll(() => hasher.close());

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const expected = (bytes: Buffer) => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
  sm3: createHash('sm3').update(bytes).digest('hex'),
});

describe('hashing a document while it streams', () => {
  it('gives the published digests of "abc" (FIPS 180-4, GB/T 32905)', async () => {
    expect(await hasher.hash(inChunks(Buffer.from('abc'), 1))).toEqual({
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      sm3: '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
    });
  });

  it.each([
    [0, 1],
    [1, 1],
    [70_000, 4096],
    [3_000_000, 65_536],
    [1_048_576, 262_144],
    [1_048_577, 700_000],
  ])('agrees with hashing %i bytes at once, in chunks of %i', async (size, chunk) => {
    const bytes = randomBytes(size);
    expect(await hasher.hash(inChunks(bytes, chunk))).toEqual(expected(bytes));
  });

  it('tells documents apart that come at once', async () => {
    const documents = Array.from({ length: 8 }, () => randomBytes(300_000));
    const digests = await Promise.all(documents.map((bytes) => hasher.hash(inChunks(bytes, 10_000))));
    expect(digests).toEqual(documents.map(expected));
  });

  it('never takes more than four mebibytes of memory, however long it is', async () => {
    const chunk = Buffer.alloc(256 * 1024, 1);
    let most = 0;
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let index = 0; index < 64; index++) {
        yield chunk;
        most = Math.max(most, hasher.size);
      }
    }
    const digests = await hasher.hash(source());
    expect(digests).toEqual(expected(Buffer.alloc(64 * chunk.length, 1)));
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(4 * 1024 * 1024);
  });

  it('passes on the failure of a stream, and hashes the next document all the same', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('abc');
      throw new Error('connection lost');
    }
    await expect(hasher.hash(broken())).rejects.toThrow('connection lost');
    const bytes = randomBytes(100);
    expect(await hasher.hash(inChunks(bytes, 100))).toEqual(expected(bytes));
  });
});
