/** `peer.ProposalResponsePayload`: the bytes that peers sign, with the answer and the read-write set in them. */
import { FormatError, MessageReader, MessageWriter } from './wire.js';

export interface KeyVersion {
  readonly block: number;
  readonly position: number;
}

export interface ReadWriteSet {
  readonly reads: readonly { readonly key: string; readonly version: KeyVersion | undefined }[];
  readonly writes: readonly { readonly key: string; readonly value: Uint8Array | undefined }[];
}

export interface ProposalResponse extends ReadWriteSet {
  readonly proposalHash: Uint8Array;
  readonly chaincode: { readonly name: string; readonly version: string };
  readonly status: number;
  readonly payload: Uint8Array;
}

function encodeReadWriteSet(set: ReadWriteSet): Buffer {
  const writer = new MessageWriter();
  for (const { key, version } of set.reads) {
    const read = new MessageWriter().text(1, key);
    if (version) read.message(2, new MessageWriter().integer(1, version.block).integer(2, version.position));
    writer.message(1, read);
  }
  for (const { key, value } of set.writes) {
    const write = new MessageWriter().text(1, key);
    if (value === undefined) write.integer(2, 1);
    else write.bytes(3, value);
    writer.message(3, write);
  }
  return writer.finish();
}

function decodeReadWriteSet(bytes: Uint8Array): ReadWriteSet {
  const set = new MessageReader(bytes);
  if (set.all(2).length > 0) throw new FormatError('range queries are not part of this ledger');
  const reads = set.all(1).map((entry) => {
    const read = new MessageReader(entry);
    const bytes = read.optional(2);
    const version = bytes && new MessageReader(bytes);
    return { key: read.text(1), version: version && { block: version.integer(1), position: version.integer(2) } };
  });
  const writes = set.all(3).map((entry) => {
    const write = new MessageReader(entry);
    return { key: write.text(1), value: write.integer(2) ? undefined : write.bytes(3) };
  });
  return { reads, writes };
}

/** @param besides what a peer read and wrote in other namespaces, by their names */
export function encodeResponsePayload(
  response: ProposalResponse,
  besides: ReadonlyMap<string, ReadWriteSet> = new Map(),
): Buffer {
  const { name, version } = response.chaincode;
  const sets = [...besides, [name, response] as const].sort(([left], [right]) => (left < right ? -1 : 1));
  const writer = new MessageWriter();
  for (const [namespace, set] of sets) writer.message(2, new MessageWriter().text(1, namespace).item(2, encodeReadWriteSet(set)));
  const results = writer.finish();
  const action = new MessageWriter()
    .item(1, results)
    .message(3, new MessageWriter().integer(1, response.status).bytes(3, response.payload))
    .message(4, new MessageWriter().text(2, name).text(3, version));
  return new MessageWriter().bytes(1, response.proposalHash).message(2, action).finish();
}

/**
 * The set is that of one namespace, the answering chaincode's own unless another is named; a peer may add others (`_lifecycle`).
 * @throws FormatError
 */
export function decodeResponsePayload(bytes: Uint8Array, namespaceName?: string): ProposalResponse {
  const reader = new MessageReader(bytes);
  const action = reader.message(2);
  const id = action.message(4);
  const name = id.text(2);
  const own = action
    .message(1)
    .all(2)
    .map((namespace) => new MessageReader(namespace))
    .find((namespace) => namespace.text(1) === (namespaceName ?? name));
  const response = action.message(3);
  return {
    proposalHash: reader.bytes(1),
    chaincode: { name, version: id.text(3) },
    status: response.integer(1),
    payload: response.bytes(3),
    ...(own ? decodeReadWriteSet(own.bytes(2)) : { reads: [], writes: [] }),
  };
}
