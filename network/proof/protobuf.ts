/**
 * Reads protocol buffers, as much as peers' answers use of them, and more strictly than the format asks:
 * a single field that stands twice is refused, because two readers could take different ones.
 */
import { Malformed, textOf } from './bytes.js';

const VARINT = 0;
const BYTES = 2;

export class Message {
  readonly #fields = new Map<number, (number | Uint8Array)[]>();

  /** @throws Malformed */
  constructor(source: Uint8Array) {
    let offset = 0;
    const varint = (): number => {
      let value = 0;
      for (let scale = 1; scale < 2 ** 56; scale *= 0x80) {
        const byte = source[offset++];
        if (byte === undefined) throw new Malformed('a message ends within a number');
        value += (byte & 0x7f) * scale;
        if (byte < 0x80 && Number.isSafeInteger(value)) return value;
      }
      throw new Malformed('a number is out of range');
    };
    while (offset < source.length) {
      const head = varint();
      const type = head % 8;
      if (head < 8 || (type !== VARINT && type !== BYTES)) throw new Malformed('a field of an unexpected kind');
      let value: number | Uint8Array = varint();
      if (type === BYTES) {
        const end = offset + value;
        if (end > source.length) throw new Malformed('a field reaches beyond its message');
        value = source.subarray(offset, end);
        offset = end;
      }
      const field = Math.floor(head / 8);
      const values = this.#fields.get(field);
      if (values) values.push(value);
      else this.#fields.set(field, [value]);
    }
  }

  #one(field: number): number | Uint8Array | undefined {
    const values = this.#fields.get(field) ?? [];
    if (values.length > 1) throw new Malformed(`field ${field} stands twice`);
    return values[0];
  }

  has(field: number): boolean {
    return this.#fields.has(field);
  }

  /** Zero when absent. @throws Malformed */
  integer(field: number): number {
    const value = this.#one(field) ?? 0;
    if (typeof value !== 'number') throw new Malformed(`field ${field} is no number`);
    return value;
  }

  /** Empty when absent. @throws Malformed */
  bytes(field: number): Uint8Array {
    const value = this.#one(field) ?? new Uint8Array(0);
    if (typeof value === 'number') throw new Malformed(`field ${field} is not bytes`);
    return value;
  }

  /** @throws Malformed */
  text(field: number): string {
    return textOf(this.bytes(field));
  }

  /** @throws Malformed */
  message(field: number): Message {
    return new Message(this.bytes(field));
  }

  /** Every value of a repeated field. @throws Malformed */
  messages(field: number): Message[] {
    return (this.#fields.get(field) ?? []).map((value) => {
      if (typeof value === 'number') throw new Malformed(`field ${field} is not bytes`);
      return new Message(value);
    });
  }
}
