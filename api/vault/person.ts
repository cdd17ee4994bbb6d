/** The person or company behind a handle, by the number that the state gave them. */
import { Refusal } from '../../chaincode/errors.js';
import { isCreditCode } from '../../chaincode/identifiers/credit-code.js';
import { isCitizenNumber } from '../../chaincode/identifiers/personal-data.js';

export const PERSON_TYPES = ['citizen', 'company'] as const;

export interface Person {
  readonly type: (typeof PERSON_TYPES)[number];
  /** citizen number 公民身份号码 (GB 11643) or credit code 统一社会信用代码 (GB 32100) */
  readonly number: string;
}

/** @throws Refusal `request.id-invalid`, which does not repeat the number */
export function checkPerson({ type, number }: Person): void {
  if (type === 'citizen' ? isCitizenNumber(number) : isCreditCode(number)) return;
  const message = type === 'citizen' ? 'no citizen number (GB 11643)' : 'no credit code (GB 32100)';
  throw new Refusal('request.id-invalid', { fields: [{ path: '/number', message }] });
}

/** Type and number as one text; types are in small letters and numbers are not, so it has one reading. */
export function personText({ type, number }: Person): string {
  return `${type}${number}`;
}
