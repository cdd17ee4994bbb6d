import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditCodeCheck, isCreditCode } from '../../chaincode/identifiers/credit-code.js';
import { licenceIdCheck, parseLicenceId } from '../../chaincode/identifiers/licence-id.js';
import { isCitizenNumber, looksPersonal } from '../../chaincode/identifiers/personal-data.js';

const VECTORS = '../shared/vectors/identifiers.json';

interface Vectors {
  readonly valid: readonly string[];
  readonly invalid: readonly { readonly value: string; readonly why: string }[];
}

const vectors: { creditCode: Vectors; licenceId: Vectors & { sameFamily: readonly (readonly string[])[] } } = existsSync(VECTORS)
  ? JSON.parse(readFileSync(VECTORS, 'utf8'))
  : { creditCode: { valid: [], invalid: [] }, licenceId: { valid: [], invalid: [], sameFamily: [] } };

const reason = existsSync(VECTORS) ? undefined : `none is judged: ${VECTORS} is not there, and no part of the repository`;

describe.skipIf(reason)(`published identifiers${reason ? ` (${reason})` : ''}`, () => {
  it('are there', () => {
    expect(vectors.creditCode.valid.length).toBeGreaterThan(0);
    expect(vectors.licenceId.invalid.length).toBeGreaterThan(0);
  });

  it.each(vectors.creditCode.valid)('credit code %s holds', (value) => {
    expect(isCreditCode(value)).toBe(true);
  });

  it.each(vectors.creditCode.invalid)('credit code $value fails: $why', ({ value }) => {
    expect(isCreditCode(value)).toBe(false);
  });

  it.each(vectors.licenceId.valid)('licence identifier %s holds', (value) => {
    expect(parseLicenceId(value)).toBeDefined();
  });

  it.each(vectors.licenceId.invalid)('licence identifier $value fails: $why', ({ value }) => {
    expect(parseLicenceId(value)).toBeUndefined();
  });

  it.each(vectors.licenceId.sameFamily)('%s and %s are of one family', (left, right) => {
    expect(parseLicenceId(left)?.family).toBe(parseLicenceId(right)?.family);
  });
});

const CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const creditBody = fc.string({ unit: fc.constantFrom(...CREDIT_ALPHABET), minLength: 17, maxLength: 17 });

describe('a credit code (GB 32100)', () => {
  it('holds for a body made by hand: 91310000MA1FL0R12 sums to 25 below a multiple of 31', () => {
    const values = [...'91310000MA1FL0R12'].map((character) => CREDIT_ALPHABET.indexOf(character));
    const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    const sum = values.reduce((total, value, index) => total + value * (weights[index] ?? 0), 0);
    expect(isCreditCode(`91310000MA1FL0R12${CREDIT_ALPHABET.charAt((31 - (sum % 31)) % 31)}`)).toBe(true);
  });

  it('holds with its own check character and fails with any other', () => {
    fc.assert(
      fc.property(creditBody, (body) => {
        const holding = [...CREDIT_ALPHABET].filter((check) => isCreditCode(body + check));
        expect(holding).toEqual([creditCodeCheck(body)]);
      }),
    );
  });

  it('fails with any one character changed', () => {
    fc.assert(
      fc.property(creditBody, fc.nat(16), fc.constantFrom(...CREDIT_ALPHABET), (body, place, character) => {
        fc.pre(body.charAt(place) !== character);
        const changed = body.slice(0, place) + character + body.slice(place + 1);
        expect(isCreditCode(changed + creditCodeCheck(body))).toBe(false);
      }),
    );
  });

  it.each(['', '1', ' 11100000000013338W', '11100000000013338W\n', '１1100000000013338W'])('fails for %j', (value) => {
    expect(isCreditCode(value)).toBe(false);
  });
});

describe('a licence identifier (GB/T 36904)', () => {
  const body = '11100000000013338W01191310000MA1FL0R12X20260001001';
  const dotted = (check: string, version = '001') =>
    `1.2.156.3005.2.11100000000013338W011.91310000MA1FL0R12X.20260001.${version}.${check}`;

  it('comes apart into type, issuer, serial, version and family', () => {
    expect(parseLicenceId(dotted(licenceIdCheck(body)))).toEqual({
      type: '11100000000013338W011',
      issuer: '91310000MA1FL0R12X',
      serial: '20260001',
      version: '001',
      family: '1.2.156.3005.2.11100000000013338W011.91310000MA1FL0R12X.20260001',
    });
  });

  it('holds with one check character out of 36', () => {
    const holding = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'].filter((check) => parseLicenceId(dotted(check)));
    expect(holding).toEqual([licenceIdCheck(body)]);
  });

  it('gives the known check of ISO 7064 MOD 37,36', () => {
    expect(licenceIdCheck('A12425GABC1234002')).toBe('M');
  });

  it.each([
    ['another version under the same check', dotted(licenceIdCheck(body), '002')],
    ['a version of four digits', dotted(licenceIdCheck(body), '0001')],
    ['lower case', dotted(licenceIdCheck(body)).toLowerCase()],
    ['another root', dotted(licenceIdCheck(body)).replace('.3005.2.', '.3005.3.')],
    ['text after it', `${dotted(licenceIdCheck(body))}.`],
    ['text before it', ` ${dotted(licenceIdCheck(body))}`],
    ['a part missing', dotted(licenceIdCheck(body)).replace('.20260001', '')],
  ])('fails with %s', (_what, value) => {
    expect(parseLicenceId(value)).toBeUndefined();
  });

  it('fails with any one character of its body changed', () => {
    const alphabet = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    fc.assert(
      fc.property(fc.nat(20), fc.constantFrom(...alphabet), (place, character) => {
        fc.pre(body.charAt(place) !== character);
        const type = body.slice(0, place) + character + body.slice(place + 1, 21);
        const value = `1.2.156.3005.2.${type}.91310000MA1FL0R12X.20260001.001.${licenceIdCheck(body)}`;
        expect(parseLicenceId(value)).toBeUndefined();
      }),
    );
  });
});

/** The standard's own example and invented numbers; none belongs to anybody known to us. */
describe('a citizen number (GB 11643)', () => {
  it.each(['11010519491231002X', '440524188001010014'])('%s is recognised', (value) => {
    expect(isCitizenNumber(value)).toBe(true);
    expect(looksPersonal(value)).toBe(true);
  });

  it.each([
    ['a wrong check', '110105194912310021'],
    ['a wrong check where X belongs', '440524188001010015'],
    ['a thirteenth month', '110105194913310021'],
    ['a thirty-second day', '110105194912320021'],
    ['month zero', '110105194900310021'],
    ['a leading zero', '010105194912310021'],
    ['seventeen digits', '11010519491231002'],
    ['lower-case x', '11010519491231002x'],
  ])('%s is none', (_what, value) => {
    expect(isCitizenNumber(value)).toBe(false);
  });
});

describe('screening for personal data', () => {
  it.each([
    ['a citizen number', '11010519491231002X'],
    ['one with a small x', '11010519491231002x'],
    ['one in a sentence', '申请人11010519491231002X已到场'],
    ['one split by blanks', '110105 1949 1231 002X'],
    ['one split by hyphens', '110105-19491231-002X'],
    ['one in full-width characters', '１１０１０５１９４９１２３１００２Ｘ'],
    ['one split by dots', '110105.1949.1231.002X'],
    ['one with its X apart', '11010519491231002 X'],
    ['a mobile number', '13812345678'],
    ['one with the country code', '+86 138 1234 5678'],
    ['one with the long country code', '008613812345678'],
    ['one split as people write it', '138-1234-5678'],
    ['one after a word', 'tel:19912345678'],
    ['one with an X after it', '13812345678x'],
    ['one split by dots', '138.1234.5678'],
    ['one split by low lines', '138_1234_5678'],
    ['one split by full-width blanks', '138　1234　5678'],
    ['one split by dashes', '138–1234—5678'],
    ['one behind other digits', '31-138-1234-5678'],
    ['one before other digits', '138-1234-5678-01'],
    ['a payment card', '6222021234567890128'],
    ['a card in groups', '4111 1111 1111 1111'],
  ])('finds %s', (_what, text) => {
    expect(looksPersonal(text)).toBe(true);
  });

  it('takes random hexadecimal tokens and UUIDs for what they are', () => {
    expect(looksPersonal('31-f13812345678abc0')).toBe(false);
    expect(looksPersonal('31-0f138123-4567-4890-a138-138123456780')).toBe(false);
    expect(looksPersonal('31-f13812345678ab')).toBe(true);
    expect(looksPersonal('31-0013812345678')).toBe(false);
    expect(looksPersonal('31-0f138123-13812345678')).toBe(true);
    expect(looksPersonal('11010519491231002X')).toBe(true);
  });

  it.each([
    ['a citizen number with a wrong check', '110105194912310021'],
    ['one with an impossible day', '110105194912320020'],
    ['one digit short', '1101051949123100'],
    ['a mobile number with a wrong second digit', '12812345678'],
    ['one digit too few', '1381234567'],
    ['one digit too many', '138123456789'],
    ['a landline', '021-62345678'],
    ['a card whose check fails', '6222021234567890129'],
    ['a card range that no scheme uses', '9999888877776666'],
    ['fifteen digits', '411111111111111'],
    ['digits in groups that make no such number', '31-2026.1102-000123'],
    ['a citizen number inside a longer row of digits', '2611010519491231002'],
    ['seconds since 1970 with a counter', '31-case-1793600000-1'],
    ['a counter before them', '31-1-7936000000'],
    ['an X alone', 'X'],
    ['a date and time', '2026-11-02 09:30:00'],
    ['a division code', '310104'],
    ['a law’s article', '《政务数据共享条例》第二十条第三款'],
    ['nothing', ''],
  ])('lets %s pass', (_what, text) => {
    expect(looksPersonal(text)).toBe(false);
  });

  it('finds a mobile number however it is grouped', () => {
    const tail = fc.integer({ min: 0, max: 999_999_999 }).map((value) => String(value).padStart(9, '0'));
    const cuts = fc.subarray([2, 4, 6, 8]).map((places) => places.map((place) => place + (places.length % 2)));
    const separator = fc.constantFrom(' ', '-', '.', '_', '/', '·', '　', '－', ' - '.slice(0, 2));
    fc.assert(
      fc.property(fc.constantFrom('13', '15', '17', '18', '19'), tail, cuts, separator, (head, rest, places, mark) => {
        const grouped = [...(head + rest)].map((digit, place) => (places.includes(place) ? mark + digit : digit)).join('');
        expect(looksPersonal(`号${grouped}。`)).toBe(true);
      }),
    );
  });

  it('finds every number with a holding check, wherever it stands in Chinese text', () => {
    const digits = fc.integer({ min: 0, max: 999 }).map((value) => String(value).padStart(3, '0'));
    const day = fc.date({ min: new Date('1900-01-01'), max: new Date('2026-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.integer({ min: 110000, max: 659004 }), day, digits, (division, born, order) => {
        const first17 = `${division}${born.toISOString().slice(0, 10).replaceAll('-', '')}${order}`;
        const number = [...'0123456789X'].map((check) => first17 + check).filter(isCitizenNumber);
        expect(number).toHaveLength(1);
        expect(looksPersonal(`关于${number[0]}的说明`)).toBe(true);
      }),
    );
  });
});
