/** `rwset.TxReadWriteSet` whole: every namespace that a transaction touched, with the hashes of private data. */
import type { KeyVersion } from './response.js';
import { MessageReader } from './wire.js';

export interface CollectionSet {
  readonly name: string;
  /** keys and values are hashes, hexadecimal */
  readonly reads: readonly { readonly key: string; readonly version: KeyVersion | undefined }[];
  /** an undefined value is a delete */
  readonly writes: readonly { readonly key: string; readonly value: Uint8Array | undefined }[];
  readonly hasMetadata: boolean;
}

export interface NamespaceSet {
  readonly namespace: string;
  readonly reads: CollectionSet['reads'];
  readonly writes: CollectionSet['writes'];
  readonly collections: readonly CollectionSet[];
  /** policies of single keys are written */
  readonly hasMetadata: boolean;
  readonly hasRanges: boolean;
}

function versionOf(reader: MessageReader): KeyVersion | undefined {
  const bytes = reader.optional(2);
  const version = bytes && new MessageReader(bytes);
  return version && { block: version.integer(1), position: version.integer(2) };
}

/** As peers take it, a write of nothing is a delete. */
function valueOrNone(isDelete: number, value: Buffer): Buffer | undefined {
  return isDelete || value.length === 0 ? undefined : value;
}

function collectionOf(bytes: Uint8Array): CollectionSet {
  const collection = new MessageReader(bytes);
  const set = new MessageReader(collection.bytes(2));
  return {
    name: collection.text(1),
    reads: set.all(1).map((entry) => {
      const read = new MessageReader(entry);
      return { key: read.bytes(1).toString('hex'), version: versionOf(read) };
    }),
    writes: set.all(2).map((entry) => {
      const write = new MessageReader(entry);
      return { key: write.bytes(1).toString('hex'), value: valueOrNone(write.integer(2), write.bytes(3)) };
    }),
    hasMetadata: set.all(3).length > 0,
  };
}

function namespaceOf(bytes: Uint8Array): NamespaceSet {
  const namespace = new MessageReader(bytes);
  const set = new MessageReader(namespace.bytes(2));
  return {
    namespace: namespace.text(1),
    reads: set.all(1).map((entry) => {
      const read = new MessageReader(entry);
      return { key: read.text(1), version: versionOf(read) };
    }),
    writes: set.all(3).map((entry) => {
      const write = new MessageReader(entry);
      return { key: write.text(1), value: valueOrNone(write.integer(2), write.bytes(3)) };
    }),
    collections: namespace.all(3).map(collectionOf),
    hasMetadata: set.all(4).length > 0,
    hasRanges: set.all(2).length > 0,
  };
}

/** @throws FormatError */
export function decodeNamespaces(results: Uint8Array): NamespaceSet[] {
  return new MessageReader(results).all(2).map(namespaceOf);
}
