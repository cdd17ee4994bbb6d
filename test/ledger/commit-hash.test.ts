import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { commitHash } from '../../network/format/commit-hash.js';

/** Fields of Fabric's KVWriteProto written out by hand: namespace 1, key 3, isDelete 4, value 5, version 6. */
function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
}

function write(...fields: Buffer[]): Buffer {
  return field(1, Buffer.concat(fields));
}

describe("Fabric's commit hash", () => {
  const previous = Buffer.alloc(32, 9);

  it('covers codes, updates with their versions, and the hash before', () => {
    const updates = [
      { key: 'a', value: Buffer.from('1'), version: { block: 300, position: 0 } },
      { key: 'b', value: undefined, version: { block: 300, position: 1 } },
    ];
    const expected = createHash('sha256')
      .update(Buffer.from([2, 0, 0]))
      .update(
        write(
          field(1, Buffer.from('trust')),
          field(3, Buffer.from('a')),
          field(5, Buffer.from('1')),
          field(6, Buffer.from([2, 1, 44, 0])),
        ),
      )
      .update(write(field(3, Buffer.from('b')), Buffer.from([4 * 8, 1]), field(6, Buffer.from([2, 1, 44, 1, 1]))))
      .update(previous)
      .digest();
    expect(commitHash('trust', Uint8Array.from([0, 0]), updates, previous)).toEqual(expected);
  });

  it.each([
    ['a code', { filter: [11], key: 'a', value: '1', block: 1, before: 9 }],
    ['a key', { filter: [0], key: 'b', value: '1', block: 1, before: 9 }],
    ['a value', { filter: [0], key: 'a', value: '2', block: 1, before: 9 }],
    ['a version', { filter: [0], key: 'a', value: '1', block: 2, before: 9 }],
    ['the hash before', { filter: [0], key: 'a', value: '1', block: 1, before: 8 }],
  ])('is another one for another %s', (_what, { filter, key, value, block, before }) => {
    const of = (codes: number[], name: string, content: string, number: number, earlier: number) =>
      commitHash(
        'trust',
        Uint8Array.from(codes),
        [{ key: name, value: Buffer.from(content), version: { block: number, position: 0 } }],
        Buffer.alloc(32, earlier),
      );
    expect(of(filter, key, value, block, before)).not.toEqual(of([0], 'a', '1', 1, 9));
  });
});
