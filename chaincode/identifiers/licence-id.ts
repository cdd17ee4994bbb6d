/**
 * Electronic licence identifier 电子证照标识, GB/T 36904-2018:
 * `1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>`.
 */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

export const LICENCE_ID_ROOT = '1.2.156.3005.2.';
const SHAPE = /^1\.2\.156\.3005\.2\.([0-9A-Z]{21})\.([0-9A-Z]{6,18})\.([0-9A-Z]{1,40})\.([0-9]{3})\.([0-9A-Z])$/;

export interface LicenceId {
  readonly type: string;
  readonly issuer: string;
  readonly serial: string;
  readonly version: string;
  /** the identifier without version and check: what a renewal keeps */
  readonly family: string;
}

/** ISO 7064 MOD 37,36 over type, issuer, serial and version without dots. */
export function licenceIdCheck(body: string): string {
  let p = 36;
  for (const character of body) {
    p = (p + ALPHABET.indexOf(character)) % 36 || 36;
    p = (p * 2) % 37;
  }
  return ALPHABET.charAt((37 - p) % 36);
}

/** The parts of a well-formed identifier whose check character holds; undefined for anything else. */
export function parseLicenceId(value: string): LicenceId | undefined {
  const match = SHAPE.exec(value);
  if (!match) return undefined;
  const [, type = '', issuer = '', serial = '', version = '', check] = match;
  if (licenceIdCheck(type + issuer + serial + version) !== check) return undefined;
  return { type, issuer, serial, version, family: `${LICENCE_ID_ROOT}${type}.${issuer}.${serial}` };
}
