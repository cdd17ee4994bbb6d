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

/** Updates of one namespace, or of one collection of private data in it, of which the chain holds hashes. */
export interface UpdateBatch {
  readonly namespace: string;
  readonly collection?: string;
  /** the last write to each key, in byte order of the keys; a key is a hash in a collection */
  readonly updates: readonly (Omit<StateUpdate, 'key'> & { readonly key: string | Uint8Array })[];
}

type Update = UpdateBatch['updates'][number];

/** One write; namespace and collection stand where they begin. */
function encodeWrite({ key, value, version }: Update, namespace: string, collection: string): MessageWriter {
  const name = typeof key === 'string' ? Buffer.from(key) : key;
  const write = new MessageWriter().text(1, namespace).text(2, collection).bytes(3, name);
  if (value === undefined) write.integer(4, 1);
  else write.bytes(5, value);
  return write.bytes(6, Buffer.concat([orderedNumber(version.block), orderedNumber(version.position)]));
}

/** @param batches in byte order of namespace and collection, a namespace's own before its collections */
export function commitHashOf(filter: Uint8Array, batches: readonly UpdateBatch[], previous: Uint8Array): Buffer {
  const writer = new MessageWriter();
  let last = '';
  for (const { namespace, collection = '', updates } of batches)
    for (const [index, update] of updates.entries()) {
      writer.message(1, encodeWrite(update, namespace === last ? '' : namespace, index === 0 ? collection : ''));
      last = namespace;
    }
  return createHash('sha256').update(varint(filter.length)).update(filter).update(writer.finish()).update(previous).digest();
}

/** @param updates the last write to each key, in byte order of the keys */
export function commitHash(namespace: string, filter: Uint8Array, updates: readonly StateUpdate[], previous: Uint8Array): Buffer {
  return commitHashOf(filter, [{ namespace, updates }], previous);
}
