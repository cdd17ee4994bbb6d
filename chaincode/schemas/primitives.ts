/**
 * The closed forms every accepted value has. One schema serves the contract, the API and OpenAPI.
 * Two keywords of ours ride along: `errorCode` (what a breach is answered with, where it is not
 * `request.invalid`) and `screened` (whether, or as what, the string is searched for personal data; true unless said).
 */
import Type, { type Static, type TSchema } from 'typebox';
import { CREDIT_CODE_PATTERN } from '../identifiers/credit-code.js';
import { PROVINCE_CODES, type ProvinceCode } from '../provinces.js';
import { AGENCY_KINDS, ROLES } from '../roles.js';

const ID_INVALID = { errorCode: 'request.id-invalid' } as const;
/** Control, bidirectional and zero-width characters, separators and surrogates have no place in a name. */
const PRINTABLE =
  '[^\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\uffff\\ud800-\\udfff]';

/** A closed list as JSON Schema `enum`, typed as the union of its members. */
export function OneOf<const T extends readonly string[]>(values: T, options: Record<string, unknown> = {}) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], screened: false, ...options });
}

/** Printable text of at most `max` characters, screened for personal data. */
export function Text(max: number) {
  return Type.String({ minLength: 1, maxLength: max, pattern: `^${PRINTABLE}+$` });
}

/** A closed object: unknown fields are refused. */
export function Closed<P extends Record<string, TSchema>>(properties: P, options: Record<string, unknown> = {}) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

export const Name = Closed({ zh: Text(120), en: Type.Optional(Text(200)) });
/** A bounded code: `reason`, `purpose.code`, `capture.*` and their like. */
export const Code = Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' });
/** An identifier whose form its owner chooses: ASCII, bounded. */
export const Identifier = Type.String({ pattern: '^[A-Za-z0-9._-]{1,128}$', ...ID_INVALID });
/** An id that a client chooses; the contract checks that it begins with the digits of its agency's province. */
export const ClientId = Type.String({ pattern: '^[0-9A-Za-z._-]{6,64}$', clientId: true, ...ID_INVALID });
/** Names a thing that some client, perhaps of another province, gave its id. */
export const ClientIdReference = Type.String({ pattern: '^[0-9A-Za-z._-]{6,64}$', ...ID_INVALID });
export const AgencyId = Type.String({ pattern: CREDIT_CODE_PATTERN, creditCode: true, screened: false, ...ID_INVALID });
export const CertificateId = Type.String({ pattern: '^[0-9A-Za-z._-]{6,128}$', screened: false, ...ID_INVALID });
/** Names a certificate that need not be on the ledger, so nothing else looks at what is in its id. */
export const NamedCertificateId = Type.String({
  pattern: '^[0-9A-Za-z._-]{6,128}$',
  screened: 'certificate-id',
  ...ID_INVALID,
});
export const ProvinceId = Type.Unsafe<ProvinceCode>({ type: 'string', enum: [...PROVINCE_CODES], screened: false });
export const DivisionCode = Type.String({ pattern: '^3[1-4][0-9]{4}$' });
export const RoleName = OneOf(ROLES);
export const AgencyKind = OneOf(AGENCY_KINDS);
/** A 64-hex SHA-256 value. */
export const Hash = Type.String({ pattern: '^[0-9a-f]{64}$', screened: false });
export const Digest = Closed({ alg: OneOf(['sha-256', 'sm3']), value: Hash });
/** A subject's opaque handle. */
export const Subject = Type.String({ pattern: '^[0-9a-f]{64}$', screened: false });
/** RFC 3339 in UTC with whole seconds or milliseconds; the contract also checks that the day exists. */
export const Time = Type.String({
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{3})?Z$',
  instant: true,
  screened: false,
});
/** A web address without credentials or blanks. */
export const Url = Type.String({
  maxLength: 500,
  pattern: '^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~:/?#!$&*+,;=%-]*)?$',
});
export const LegalBasis = Text(200);
export const VersionNumber = Type.Integer({ minimum: 1, maximum: 1_000_000 });
export const Count = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });
export const Duty = OneOf(['consult', 'assist', 'receive', 'verify-identity']);

/** A list of distinct items. */
export function ListOf<T extends TSchema>(item: T, minItems: number, maxItems: number) {
  return Type.Array(item, { minItems, maxItems, uniqueItems: true });
}

/** A value per province: one to four entries. */
export function PerProvince<T extends TSchema>(value: T) {
  return Type.Unsafe<Partial<Record<ProvinceCode, Static<T>>>>({
    type: 'object',
    properties: Object.fromEntries(PROVINCE_CODES.map((code) => [code, value])),
    additionalProperties: false,
    minProperties: 1,
  });
}
