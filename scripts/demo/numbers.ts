/**
 * Numbers that have the right form and belong to nobody: agencies' and companies' credit codes around an
 * organisation code that begins with `DEM`, citizens' numbers in a division (`..0999`) that does not exist.
 */
import { creditCodeCheck } from '../../chaincode/identifiers/credit-code.js';
import { LICENCE_ID_ROOT, licenceIdCheck } from '../../chaincode/identifiers/licence-id.js';
import type { ProvinceCode } from '../../chaincode/provinces.js';

const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];
const CITIZEN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** The check character of an organisation code 组织机构代码, GB 11714. */
function organisationCheck(first8: string): string {
  const sum = ORGANISATION_WEIGHTS.reduce(
    (total, weight, index) => total + weight * Number.parseInt(first8.charAt(index), 36),
    0,
  );
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? 'X' : String(check);
}

/** An invented credit code: `11` for a state organ, `91` for a company. */
export function inventedCreditCode(registry: '11' | '91', divisionCode: string, serial: number): string {
  const organisation = `DEM${divisionCode.slice(0, 2)}${String(serial).padStart(3, '0')}`;
  const first17 = `${registry}${divisionCode}${organisation}${organisationCheck(organisation)}`;
  return first17 + creditCodeCheck(first17);
}

/** An invented citizen number 公民身份号码 with its check character: for the vault, never for the ledger. */
export function inventedCitizenNumber(province: ProvinceCode, birthday: string, serial: number): string {
  const first17 = `${province.slice(0, 2)}0999${birthday}${String(serial).padStart(3, '0')}`;
  const sum = CITIZEN_WEIGHTS.reduce((total, weight, index) => total + weight * Number(first17.charAt(index)), 0);
  return first17 + '10X98765432'.charAt(sum % 11);
}

/** A licence identifier 电子证照标识 (GB/T 36904). Types are numbered under one invented keeper of types. */
export function licenceId(type: number, issuer: string, serial: string, version = 1): string {
  const keeper = inventedCreditCode('11', '310000', 900);
  const parts = [keeper + String(type).padStart(3, '0'), issuer, serial, String(version).padStart(3, '0')];
  return `${LICENCE_ID_ROOT}${[...parts, licenceIdCheck(parts.join(''))].join('.')}`;
}

/** The type code 证照类型代码 of such an identifier. */
export function licenceType(type: number): string {
  return inventedCreditCode('11', '310000', 900) + String(type).padStart(3, '0');
}
