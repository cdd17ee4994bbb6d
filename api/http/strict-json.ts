/**
 * JSON as the contract takes it: one reading, whoever reads. RFC 8259 leaves duplicate keys, lone
 * surrogates and numbers beyond a double to the parser, and two parsers that differ there can be made
 * to see two documents in the same bytes. So those are refused, before anything is built.
 */
import { isUtf8 } from 'node:buffer';
import { Refusal } from '../../chaincode/errors.js';

export const JSON_DEPTH = 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const ESCAPES = '"\\/bfnrt';
const CONTROL_ESCAPES = 'bfnrt';
const LINE_BREAKS = 'nr';
const HEX4 = /^[0-9A-Fa-f]{4}$/;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const SPACE = /[ \t\n\r]*/y;

function refuse(path: string, reason: string, offset: number): never {
  throw new Refusal('request.invalid', { fields: [{ path, message: `${reason} at offset ${offset}` }] });
}

function isControl(unit: number): boolean {
  return unit < 0x20 || (unit >= 0x7f && unit <= 0x9f);
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** RFC 6901 */
function pointerPart(part: string | number): string {
  return String(part).replaceAll('~', '~0').replaceAll('/', '~1');
}

class Scanner {
  readonly #text: string;
  readonly #depth: number;
  readonly #multiline: readonly string[];
  readonly #path: (string | number)[] = [];
  #at = 0;

  constructor(text: string, depth: number, multiline: readonly string[]) {
    this.#text = text;
    this.#depth = depth;
    this.#multiline = multiline;
  }

  document(): void {
    this.#space();
    this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#fail('text after the value');
  }

  #fail(reason: string, offset = this.#at): never {
    return refuse(this.#pointer(), this.#at >= this.#text.length ? 'text ends too early' : reason, offset);
  }

  #pointer(): string {
    return this.#path.map((part) => `/${pointerPart(part)}`).join('');
  }

  #isLineBreak(kind: string): boolean {
    return LINE_BREAKS.includes(kind) && this.#multiline.includes(this.#pointer());
  }

  #space(): void {
    if (this.#text.charCodeAt(this.#at) > 0x20) return;
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #value(): void {
    const first = this.#text.charAt(this.#at);
    if (first === '"') this.#string();
    else if (first === '{') this.#object();
    else if (first === '[') this.#array();
    else if (first === 't') this.#literal('true');
    else if (first === 'f') this.#literal('false');
    else if (first === 'n') this.#literal('null');
    else this.#number();
  }

  #literal(word: string): void {
    if (!this.#text.startsWith(word, this.#at)) this.#fail('not a JSON value');
    this.#at += word.length;
  }

  #number(): void {
    NUMBER.lastIndex = this.#at;
    const literal = NUMBER.exec(this.#text)?.[0];
    if (literal === undefined) this.#fail('not a JSON value');
    const value = Number(literal);
    const reason = numberFault(literal, value);
    if (reason) this.#fail(reason);
    this.#at += literal.length;
  }

  /** Moves past a string; its source text says whether anything was escaped. */
  #string(): void {
    const text = this.#text;
    let at = this.#at + 1;
    for (;;) {
      const unit = text.charCodeAt(at);
      if (unit === QUOTE) break;
      if (Number.isNaN(unit)) {
        this.#at = at;
        this.#fail('string does not end');
      }
      if (isControl(unit)) this.#fail('control character', at);
      // Well-formed UTF-8 decodes to paired surrogates only, so an unescaped one needs no look.
      at = unit === BACKSLASH ? this.#escape(at) : at + 1;
    }
    this.#at = at + 1;
  }

  /** The offset after the escape, or after both halves of an escaped surrogate pair. */
  #escape(at: number): number {
    const kind = this.#text.charAt(at + 1);
    if (kind !== 'u') {
      if (kind === '' || !ESCAPES.includes(kind)) this.#fail('no such escape', at);
      if (CONTROL_ESCAPES.includes(kind) && !this.#isLineBreak(kind)) this.#fail('control character', at);
      return at + 2;
    }
    const unit = this.#unit(at);
    if (isControl(unit)) this.#fail('control character', at);
    if (isLow(unit)) this.#fail('lone surrogate', at);
    if (!isHigh(unit)) return at + 6;
    if (!this.#text.startsWith('\\u', at + 6) || !isLow(this.#unit(at + 6))) this.#fail('lone surrogate', at);
    return at + 12;
  }

  #unit(at: number): number {
    const digits = this.#text.slice(at + 2, at + 6);
    if (!HEX4.test(digits)) this.#fail('no such escape', at);
    return Number.parseInt(digits, 16);
  }

  #enter(): void {
    if (this.#path.length >= this.#depth) this.#fail(`nested deeper than ${this.#depth}`);
    this.#at += 1;
    this.#space();
  }

  /** After an item: whether another follows. */
  #more(close: string): boolean {
    this.#space();
    if (this.#text.charCodeAt(this.#at) === COMMA) {
      this.#at += 1;
      this.#space();
      return true;
    }
    if (this.#text.charAt(this.#at) !== close) this.#fail(`expected "," or "${close}"`);
    this.#at += 1;
    return false;
  }

  #object(): void {
    this.#enter();
    if (this.#text.charAt(this.#at) === '}') {
      this.#at += 1;
      return;
    }
    const names = new Set<string>();
    do {
      const offset = this.#at;
      if (this.#text.charCodeAt(offset) !== QUOTE) this.#fail('expected a field name');
      this.#string();
      const source = this.#text.slice(offset, this.#at);
      // Escaped or not, it is the same name: {"a":1,"\u0061":2} repeats it.
      const name = source.includes('\\') ? (JSON.parse(source) as string) : source.slice(1, -1);
      this.#path.push(name);
      if (names.has(name)) this.#fail('field is repeated', offset);
      names.add(name);
      this.#space();
      if (this.#text.charAt(this.#at) !== ':') this.#fail('expected ":"');
      this.#at += 1;
      this.#space();
      this.#value();
      this.#path.pop();
    } while (this.#more('}'));
  }

  #array(): void {
    this.#enter();
    if (this.#text.charAt(this.#at) === ']') {
      this.#at += 1;
      return;
    }
    let index = 0;
    do {
      this.#path.push(index++);
      this.#value();
      this.#path.pop();
    } while (this.#more(']'));
  }
}

/** What a double would silently change about a number; undefined when it changes nothing that counts. */
function numberFault(literal: string, value: number): string | undefined {
  if (!Number.isFinite(value)) return 'number is too large';
  if (Object.is(value, -0)) return 'negative zero';
  if (value === 0 && /[1-9]/.test(literal.split(/[eE]/)[0] ?? '')) return 'number is too small';
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return 'integer is beyond 2^53 − 1';
  return undefined;
}

/**
 * The value that the bytes hold. A field called `__proto__` comes out as an own property like any
 * other, so that a closed schema refuses it as the unknown field it is.
 * @param multiline JSON pointers of strings that may break lines, written `\\n` or `\\r`: a certificate in PEM does
 * @throws Refusal `request.invalid` naming the field (JSON pointer) and the offset in UTF-16 units
 */
export function parseStrictJson(bytes: Uint8Array, depth = JSON_DEPTH, multiline: readonly string[] = []): unknown {
  if (!isUtf8(bytes)) refuse('', 'text is not UTF-8', 0);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (text.charCodeAt(0) === 0xfeff) refuse('', 'byte order mark', 0);
  new Scanner(text, depth, multiline).document();
  return JSON.parse(text);
}
