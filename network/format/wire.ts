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
const BYTES = 2;

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

/** One parsed message. Byte fields are views into the source, not copies. */
export class MessageReader {
  readonly #fields = new Map<number, (Buffer | number)[]>();
  readonly #source: Buffer;
  #offset = 0;

  /** @throws FormatError when the bytes are no message of varints and length-delimited fields. */
  constructor(source: Uint8Array) {
    this.#source = Buffer.isBuffer(source) ? source : Buffer.from(source.buffer, source.byteOffset, source.byteLength);
    while (this.#offset < this.#source.length) this.#field();
  }

  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 8; count += 1) {
      const byte = this.#source[this.#offset++];
      if (byte === undefined) throw new FormatError('the message ends within a number');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (!Number.isSafeInteger(value)) break;
        return value;
      }
      scale *= 0x80;
    }
    throw new FormatError('a number is out of range');
  }

  #field(): void {
    const head = this.#varint();
    const field = Math.floor(head / 8);
    const type = head % 8;
    if (field === 0 || (type !== VARINT && type !== BYTES))
      throw new FormatError(`unexpected field ${field} of wire type ${type}`);
    let value: Buffer | number = this.#varint();
    if (type === BYTES) {
      const end = this.#offset + value;
      if (end > this.#source.length) throw new FormatError('a field reaches beyond its message');
      value = this.#source.subarray(this.#offset, end);
      this.#offset = end;
    }
    const seen = this.#fields.get(field);
    if (seen) seen.push(value);
    else this.#fields.set(field, [value]);
  }

  #last(field: number): Buffer | number | undefined {
    return this.#fields.get(field)?.at(-1);
  }

  /** Zero when the field is absent. */
  integer(field: number): number {
    const value = this.#last(field) ?? 0;
    if (typeof value !== 'number') throw new FormatError(`field ${field} is not a number`);
    return value;
  }

  /** Undefined when the field is absent. */
  optional(field: number): Buffer | undefined {
    const value = this.#last(field);
    if (typeof value === 'number') throw new FormatError(`field ${field} is not bytes`);
    return value;
  }

  /** Empty when the field is absent. */
  bytes(field: number): Buffer {
    return this.optional(field) ?? EMPTY;
  }

  text(field: number): string {
    return this.bytes(field).toString('utf8');
  }

  all(field: number): Buffer[] {
    const values = this.#fields.get(field) ?? [];
    return values.map((value) => {
      if (typeof value === 'number') throw new FormatError(`field ${field} is not bytes`);
      return value;
    });
  }

  message(field: number): MessageReader {
    return new MessageReader(this.bytes(field));
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
