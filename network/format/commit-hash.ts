/**
 * Fabric's commit hash: SHA-256 over the validation codes (their number first, as a varint), the state
 * updates of the block in key order, and the commit hash before. Equal on peers whose state is equal.
 */
import { createHash } from 'node:crypto';
import type { KeyVersion } from './response.js';
import { MessageWriter, varint } from './wire.js';

export interface StateUpdate {
  readonly key: string;
  readonly value: Uint8Array | undefined;
  readonly version: KeyVersion;
}

/** A number as its count of bytes and these bytes, so that byte order is numeric order. */
function orderedNumber(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([bytes.length, ...bytes]);
}

/** @param updates the last write to each key, in byte order of the keys */
export function commitHash(namespace: string, filter: Uint8Array, updates: readonly StateUpdate[], previous: Uint8Array): Buffer {
  const batch = new MessageWriter();
  for (const [index, { key, value, version }] of updates.entries()) {
    const write = new MessageWriter().text(1, index === 0 ? namespace : '').text(3, key);
    if (value === undefined) write.integer(4, 1);
    else write.bytes(5, value);
    write.bytes(6, Buffer.concat([orderedNumber(version.block), orderedNumber(version.position)]));
    batch.message(1, write);
  }
  return createHash('sha256').update(varint(filter.length)).update(filter).update(batch.finish()).update(previous).digest();
}
