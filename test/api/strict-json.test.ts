import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson } from '../../api/http/strict-json.js';
import { Refusal } from '../../chaincode/errors.js';

const parse = (text: string) => parseStrictJson(Buffer.from(text, 'utf8'));

function refusalOf(act: () => unknown): { path: string; message: string } {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    expect(error.code).toBe('request.invalid');
    return error.facts.fields?.[0] ?? { path: 'none', message: 'none' };
  }
  throw new Error('it was accepted');
}

describe('strict JSON accepts what has one meaning', () => {
  it.each([
    ['an object', ' {"a": [1, 2.5, -3, 1e2, true, false, null], "b": {"c": ""}}\r\n'],
    ['Chinese text, and a pair of surrogates escaped or not', '{"名称":"长三角","x":"\\ud83d\\ude00😀"}'],
    ['escaped quotes, slashes and backslashes', '"\\"\\/\\\\"'],
    ['the largest safe integers', '[9007199254740991,-9007199254740991,0]'],
    ['empty containers', '[{},[],[{}]]'],
    ['the same name in different objects', '{"a":{"a":1},"b":{"a":1}}'],
    ['sixteen levels', `${'['.repeat(16)}1${']'.repeat(16)}`],
    ['the highest code point', '"\u{10ffff}"'],
  ])('%s', (_name, text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it('line breaks where they are named, and nowhere else', () => {
    const certificate = (text: string) => parseStrictJson(Buffer.from(text), 16, ['/certificate']);
    expect(certificate('{"certificate":"a\\r\\nb"}')).toEqual({ certificate: 'a\r\nb' });
    for (const text of [
      '{"name":"a\\nb"}',
      '{"certificate":{"x":"\\n"}}',
      '{"x":{"certificate":"\\n"}}',
      '{"certificate":"\\t"}',
    ])
      expect(refusalOf(() => certificate(text)).message).toContain('control character');
    expect(refusalOf(() => certificate('{"certi\\nficate":1}')).message).toContain('control character');
    expect(refusalOf(() => certificate('{"certificate":"a\nb"}')).message).toContain('control character');
  });

  it('keeps two normal forms of one text apart', () => {
    expect(parse('{"\u00e9":1,"e\u0301":2}')).toEqual({ '\u00e9': 1, 'e\u0301': 2 });
  });
});

describe('strict JSON refuses', () => {
  it.each([
    ['nothing', '', '', 'text ends too early at offset 0'],
    ['a number beyond a double', '{"a":1e400}', '/a', 'number is too large at offset 5'],
    ['the same below zero', '{"a":[0,-1e400]}', '/a/1', 'number is too large at offset 8'],
    ['a number that a double takes for zero', '{"a":1e-400}', '/a', 'number is too small at offset 5'],
    ['2^53 + 1', '{"n":9007199254740993}', '/n', 'integer is beyond 2^53 − 1 at offset 5'],
    ['an integer in disguise', '{"n":1e300}', '/n', 'integer is beyond 2^53 − 1 at offset 5'],
    ['negative zero', '{"n":-0}', '/n', 'negative zero at offset 5'],
    ['negative zero with a fraction', '{"n":-0.0}', '/n', 'negative zero at offset 5'],
    ['NaN', '{"n":NaN}', '/n', 'not a JSON value at offset 5'],
    ['Infinity', '{"n":Infinity}', '/n', 'not a JSON value at offset 5'],
    ['a leading zero', '[01]', '', 'expected "," or "]" at offset 2'],
    ['a plus sign', '[+1]', '/0', 'not a JSON value at offset 1'],
    ['a bare point', '[1.]', '', 'expected "," or "]" at offset 2'],
    ['hexadecimal', '[0x10]', '', 'expected "," or "]" at offset 2'],
    ['a repeated field', '{"a":1,"a":2}', '/a', 'field is repeated at offset 7'],
    ['a repeated field behind an escape', '{"a":1,"\\u0061":2}', '/a', 'field is repeated at offset 7'],
    ['a repeated field deeper down', '{"x":[{"a":1,"b":1,"a":1}]}', '/x/0/a', 'field is repeated at offset 19'],
    ['a repeated __proto__', '{"__proto__":1,"__proto__":2}', '/__proto__', 'field is repeated at offset 15'],
    ['NUL in a string', '{"a":"\\u0000"}', '/a', 'control character at offset 6'],
    ['NUL in a name', '{"\\u0000":1}', '', 'control character at offset 2'],
    ['a raw tab in a string', '["\t"]', '/0', 'control character at offset 2'],
    ['an escaped line break', '["a\\nb"]', '/0', 'control character at offset 3'],
    ['DEL', '["\u007f"]', '/0', 'control character at offset 2'],
    ['a C1 control character', '["\u0085"]', '/0', 'control character at offset 2'],
    ['a lone high surrogate', '["\\ud800"]', '/0', 'lone surrogate at offset 2'],
    ['a lone low surrogate', '["\\udc00"]', '/0', 'lone surrogate at offset 2'],
    ['surrogates the wrong way round', '["\\udc00\\ud800"]', '/0', 'lone surrogate at offset 2'],
    ['a high surrogate before something else', '["\\ud800\\u0041"]', '/0', 'lone surrogate at offset 2'],
    ['a high surrogate before a raw letter', '["\\ud800AAAAAAA"]', '/0', 'lone surrogate at offset 2'],
    ['a lone surrogate in a name', '{"\\ud800":1}', '', 'lone surrogate at offset 2'],
    ['no such escape', '["\\x"]', '/0', 'no such escape at offset 2'],
    ['a short unicode escape', '["\\u12"]', '/0', 'no such escape at offset 2'],
    ['a string without an end', '["abc', '/0', 'text ends too early at offset 5'],
    ['a string that ends in a backslash', '["\\', '/0', 'no such escape at offset 2'],
    ['text after the value', '{} x', '', 'text after the value at offset 3'],
    ['a second value', '1 2', '', 'text after the value at offset 2'],
    ['a trailing comma', '[1,]', '/1', 'not a JSON value at offset 3'],
    ['a trailing comma in an object', '{"a":1,}', '', 'expected a field name at offset 7'],
    ['a comment', '[1/*x*/]', '', 'expected "," or "]" at offset 2'],
    ['single quotes', "{'a':1}", '', 'expected a field name at offset 1'],
    ['a non-breaking space', '\u00a01', '', 'not a JSON value at offset 0'],
    ['a byte order mark', '\ufeff{}', '', 'byte order mark at offset 0'],
    ['a byte order mark further in', '{"a":\ufeff1}', '/a', 'not a JSON value at offset 5'],
    ['seventeen levels', `${'['.repeat(17)}1${']'.repeat(17)}`, `${'/0'.repeat(16)}`, 'nested deeper than 16 at offset 16'],
    ['an array that does not end', '[1', '', 'text ends too early at offset 2'],
    ['half a word', '[tru]', '/0', 'not a JSON value at offset 1'],
    ['a name with the characters of a pointer', '{"a/b~c":-0}', '/a~1b~0c', 'negative zero at offset 9'],
  ])('%s', (_name, text, path, message) => {
    expect(refusalOf(() => parse(text))).toEqual({ path, message });
  });

  it('bytes that are not UTF-8', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc0, 0x80, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0xff, 0xfe, 0x31, 0x00],
    ])
      expect(refusalOf(() => parseStrictJson(Uint8Array.from(bytes)))).toEqual({
        path: '',
        message: 'text is not UTF-8 at offset 0',
      });
  });

  it('a hundred thousand levels without running out of stack', () => {
    expect(refusalOf(() => parse('['.repeat(100_000))).message).toBe('nested deeper than 16 at offset 16');
    expect(refusalOf(() => parse('{"a":'.repeat(100_000))).message).toBe('nested deeper than 16 at offset 80');
  });

  it('the one repeated field among 200,000', () => {
    const fields = Array.from({ length: 200_000 }, (_, index) => `"k${index}":0`);
    expect(Object.keys(parse(`{${fields.join(',')}}`) as object)).toHaveLength(200_000);
    expect(refusalOf(() => parse(`{${[...fields, '"k7":0'].join(',')}}`)).path).toBe('/k7');
  });
});

describe('names that reach into a prototype', () => {
  it('come out as own fields and change no other object', () => {
    const value = parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('strict JSON beside JSON.parse', () => {
  const ORDINARY = fc.string({ unit: 'grapheme' }).filter((text) => !/\p{Cc}/u.test(text));
  const VALUE = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 6 },
      fc.constant(null),
      fc.boolean(),
      fc.maxSafeInteger().filter((number) => !Object.is(number, -0)),
      ORDINARY,
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(ORDINARY, tie('value'), { maxKeys: 5, noNullPrototype: true }),
    ),
  })).value;

  it('reads back whatever JSON.stringify wrote, with or without white space', () => {
    fc.assert(
      fc.property(VALUE, fc.constantFrom(0, 2), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('never accepts a text that JSON.parse refuses, and agrees on the value of those it accepts', () => {
    const TOKENS = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"\\u0061"',
      '"b"',
      '1',
      '-0',
      '1e400',
      'true',
      'null',
      ' ',
      '"',
      '\\',
      '\\ud800',
      '.5',
      'e1',
      '\u0007',
    );
    fc.assert(
      fc.property(fc.array(TOKENS, { maxLength: 12 }), (tokens) => {
        const text = tokens.join('');
        let mine: unknown;
        try {
          mine = parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
          return;
        }
        expect(mine).toEqual(JSON.parse(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('refuses every text that names a field of one object twice', () => {
    fc.assert(
      fc.property(fc.uniqueArray(ORDINARY, { minLength: 1, maxLength: 6 }), fc.nat(), fc.nat(), (names, pick, place) => {
        const repeated = names[pick % names.length] as string;
        const fields = names.map((name) => `${JSON.stringify(name)}:1`);
        fields.splice(place % (names.length + 1), 0, `${JSON.stringify(repeated)}:2`);
        expect(refusalOf(() => parse(`{${fields.join(',')}}`)).message).toMatch(/^field is repeated/);
      }),
    );
  });
});
