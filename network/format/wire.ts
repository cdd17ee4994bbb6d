/**
 * Protocol buffers' wire format, as much of it as Fabric's messages use: varints and length-delimited
 * fields, written in the order of their numbers with default values left out, so that equal messages
 * are equal bytes, as Go's deterministic marshalling makes them. Written here because proofs are
 * checked by a verifier that imports nothing but hashing; tests compare every message with Hyperledger's own library.
 */

/** The bytes are not the message they should be. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const GROUP = 3;
const GROUP_END = 4;
const FIXED32 = 5;
/** What a varint may take: a negative number is written as one of 64 bits. */
const LONGEST_VARINT = 10;

function varintBytes(value: number): number[] {
  if (!Number.isSafeInteger(value) || value < 0) throw new FormatError(`not an unsigned integer: ${value}`);
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
}

/** A number as protocol buffers write it. @throws FormatError unless it is a non-negative safe integer */
export function varint(value: number): Buffer {
  return Buffer.from(varintBytes(value));
}

/** Builds one message; fields are to be added in the order of their numbers. */
export class MessageWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  #push(part: Uint8Array): void {
    this.#parts.push(part);
    this.#length += part.length;
  }

  #head(field: number, length: number): void {
    this.#push(Uint8Array.from([...varintBytes(field * 8 + BYTES), ...varintBytes(length)]));
  }

  /** An integer, an enumeration or a boolean; zero is left out. */
  integer(field: number, value: number): this {
    if (value !== 0) this.#push(Uint8Array.from([...varintBytes(field * 8 + VARINT), ...varintBytes(value)]));
    return this;
  }

  /** Bytes; none are left out. */
  bytes(field: number, value: Uint8Array): this {
    return value.length > 0 ? this.item(field, value) : this;
  }

  text(field: number, value: string): this {
    return value.length > 0 ? this.item(field, Buffer.from(value, 'utf8')) : this;
  }

  /** An element of a repeated field or a message that is present: written even when it is empty. */
  item(field: number, value: Uint8Array): this {
    this.#head(field, value.length);
    this.#push(value);
    return this;
  }

  message(field: number, value: MessageWriter): this {
    this.#head(field, value.#length);
    for (const part of value.#parts) this.#push(part);
    return this;
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts, this.#length);
  }
}

/**
 * One parsed message. Byte fields are views into the source, not copies. It reads what Go's library reads,
 * no more and no less: what is of an unknown number or of another wire type is passed over, of a value
 * given twice the last one counts, and a message given twice is merged. Whoever may write to the channel
 * chooses these bytes: a reader that stopped at them could be stopped, and one that took another value
 * than the peers took could be told another story than the one that was executed.
 */
export class MessageReader {
  readonly #fields = new Map<number, (Buffer | number | bigint)[]>();
  readonly #source: Buffer;
  #offset = 0;

  /** @throws FormatError when the bytes are no message */
  constructor(source: Uint8Array) {
    this.#source = Buffer.isBuffer(source) ? source : Buffer.from(source.buffer, source.byteOffset, source.byteLength);
    while (this.#offset < this.#source.length) this.#field();
  }

  /** A bigint when it is beyond what a double holds. */
  #varint(): number | bigint {
    const start = this.#offset;
    let value = 0;
    for (let scale = 1; this.#offset < start + LONGEST_VARINT; scale *= 0x80) {
      const byte = this.#source[this.#offset++];
      if (byte === undefined) throw new FormatError('the message ends within a number');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return Number.isSafeInteger(value) ? value : this.#long(start);
    }
    throw new FormatError('a number does not end');
  }

  #long(start: number): bigint {
    const bytes = this.#source.subarray(start, this.#offset);
    return BigInt.asUintN(
      64,
      bytes.reduceRight((value, byte) => (value << 7n) | BigInt(byte & 0x7f), 0n),
    );
  }

  #small(): number {
    const value = this.#varint();
    if (typeof value === 'bigint') throw new FormatError('a number is out of range');
    return value;
  }

  #bytes(length: number): Buffer {
    const start = this.#offset;
    const end = start + length;
    if (end > this.#source.length) throw new FormatError('a field reaches beyond its message');
    this.#offset = end;
    return this.#source.subarray(start, end);
  }

  #head(): { field: number; type: number } {
    const head = this.#small();
    const field = Math.floor(head / 8);
    if (field === 0) throw new FormatError('a field has no number');
    return { field, type: head % 8 };
  }

  /** The value after a head; undefined for what Fabric's messages never use. */
  #value(type: number): Buffer | number | bigint | undefined {
    if (type === VARINT) return this.#varint();
    if (type === BYTES) return this.#bytes(this.#small());
    if (type === FIXED64 || type === FIXED32) this.#bytes(type === FIXED64 ? 8 : 4);
    else throw new FormatError(`unexpected wire type ${type}`);
    return undefined;
  }

  #passOverGroup(outermost: number): void {
    const open = [outermost];
    while (open.length > 0) {
      const { field, type } = this.#head();
      if (type === GROUP) open.push(field);
      else if (type !== GROUP_END) this.#value(type);
      else if (open.pop() !== field) throw new FormatError('a group ends that did not begin');
    }
  }

  #field(): void {
    const { field, type } = this.#head();
    if (type === GROUP) {
      this.#passOverGroup(field);
      return;
    }
    const value = this.#value(type);
    if (value === undefined) return;
    const seen = this.#fields.get(field);
    if (seen) seen.push(value);
    else this.#fields.set(field, [value]);
  }

  #number(field: number): number | bigint {
    return this.#fields.get(field)?.findLast((value) => typeof value === 'number' || typeof value === 'bigint') ?? 0;
  }

  /** Zero when the field is absent. @throws FormatError when it is beyond what a double holds */
  integer(field: number): number {
    const value = this.#number(field);
    if (typeof value === 'bigint') throw new FormatError(`field ${field} is out of range`);
    return value;
  }

  /** A number of 32 bits or an enumeration's: of a longer one the last 32 bits count, as in Go. */
  int32(field: number): number {
    return Number(BigInt.asIntN(32, BigInt(this.#number(field))));
  }

  /** Undefined when the field is absent. */
  optional(field: number): Buffer | undefined {
    return this.all(field).at(-1);
  }

  /** Empty when the field is absent. */
  bytes(field: number): Buffer {
    return this.optional(field) ?? EMPTY;
  }

  text(field: number): string {
    return this.bytes(field).toString('utf8');
  }

  all(field: number): Buffer[] {
    return (this.#fields.get(field) ?? []).filter((value) => Buffer.isBuffer(value));
  }

  /** A message that may be absent, and so empty. */
  message(field: number): MessageReader {
    const parts = this.all(field);
    return new MessageReader(parts.length > 1 ? Buffer.concat(parts) : (parts[0] ?? EMPTY));
  }

  /**
   * For whoever decides by what the message says: a field that is not known here, or a second value of one
   * that others would merge with the first, could make it say something else to a peer.
   * @param singular fields that may stand once
   * @param repeated fields that may stand more than once
   * @throws FormatError
   */
  closed(singular: readonly number[], repeated: readonly number[] = []): this {
    for (const [field, values] of this.#fields) {
      if (repeated.includes(field)) continue;
      if (!singular.includes(field)) throw new FormatError(`field ${field} does not belong here`);
      if (values.length > 1) throw new FormatError(`field ${field} stands more than once`);
    }
    return this;
  }
}

const EMPTY = Buffer.alloc(0);
