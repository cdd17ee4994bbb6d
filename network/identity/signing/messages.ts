/** What goes over the signing process's socket: a length (u32, big-endian), then one message in protocol buffers' format. */
import { PROVINCE_CODES, type ProvinceCode } from '../../../chaincode/provinces.js';
import { ROLES, type Role } from '../../../chaincode/roles.js';
import { FormatError, MessageReader, MessageWriter } from '../../format/wire.js';

/** An argument of 4 MiB, and an endorsed answer that may write as much. */
export const FRAME_LIMIT = 12 * 1024 * 1024;
const KINDS = ['key-digest', 'holds', 'open', 'sign', 'another-key'] as const;
const RESULTS = ['done', 'refused', 'busy', 'unknown'] as const;

export interface SigningRequest {
  readonly id: number;
  /** digest of an agency's first key (made when there is none), whether one is held, its certificate, a signature; another key */
  readonly kind: (typeof KINDS)[number];
  readonly agencyId: string;
  readonly province: ProvinceCode;
  readonly roles: readonly Role[];
  /** SHA-256, hex: for `sign` of the certificate that `open` answered with, for `holds` and `open` of the public key; of the first one where empty */
  readonly digest: string;
  /** for `sign` */
  readonly message: Uint8Array;
}

export interface SigningAnswer {
  readonly id: number;
  /** `busy`: over the limit; `unknown`: a certificate that this process has not opened, as after its restart */
  readonly result: (typeof RESULTS)[number];
  readonly body: Uint8Array;
}

export function encodeRequest(request: SigningRequest): Buffer {
  const writer = new MessageWriter()
    .integer(1, request.id)
    .integer(2, KINDS.indexOf(request.kind) + 1)
    .text(3, request.agencyId)
    .text(4, request.province);
  for (const role of request.roles) writer.item(5, Buffer.from(role));
  return writer.text(6, request.digest).bytes(7, request.message).finish();
}

/** @throws FormatError */
export function decodeRequest(bytes: Uint8Array): SigningRequest {
  const reader = new MessageReader(bytes).closed([1, 2, 3, 4, 6, 7], [5]);
  const kind = KINDS[reader.integer(2) - 1];
  const province = PROVINCE_CODES.find((code) => code === reader.text(4));
  if (!kind || !province) throw new FormatError('no such request');
  const roles = reader.all(5).map((name) => {
    const role = ROLES.find((known) => known === name.toString('utf8'));
    if (!role) throw new FormatError('no such role');
    return role;
  });
  return {
    id: reader.integer(1),
    kind,
    agencyId: reader.text(3),
    province,
    roles,
    digest: reader.text(6),
    message: reader.bytes(7),
  };
}

export function encodeAnswer({ id, result, body }: SigningAnswer): Buffer {
  return new MessageWriter()
    .integer(1, id)
    .integer(2, RESULTS.indexOf(result) + 1)
    .bytes(3, body)
    .finish();
}

/** @throws FormatError */
export function decodeAnswer(bytes: Uint8Array): SigningAnswer {
  const reader = new MessageReader(bytes).closed([1, 2, 3]);
  const result = RESULTS[reader.integer(2) - 1];
  if (!result) throw new FormatError('no such result');
  return { id: reader.integer(1), result, body: reader.bytes(3) };
}

export function frame(message: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  return Buffer.concat([length, message]);
}

/** Cuts a stream into messages. */
export class Frames {
  #chunks: Buffer[] = [];
  #length = 0;

  /** The messages that are whole with this chunk. @throws FormatError when one announces more than the limit */
  take(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const messages: Buffer[] = [];
    for (let wanted = this.#wanted(); this.#length >= wanted; wanted = this.#wanted()) {
      const all = Buffer.concat(this.#chunks, this.#length);
      messages.push(all.subarray(4, wanted));
      this.#length -= wanted;
      this.#chunks = this.#length > 0 ? [all.subarray(wanted)] : [];
    }
    return messages;
  }

  /** how many bytes make the next message whole, its length included */
  #wanted(): number {
    if (this.#length < 4) return 4 + FRAME_LIMIT;
    const head =
      (this.#chunks[0] as Buffer).length >= 4 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks, this.#length);
    const length = head.readUInt32BE();
    if (length > FRAME_LIMIT) throw new FormatError(`a message of ${length} bytes is over the limit`);
    return 4 + length;
  }
}
