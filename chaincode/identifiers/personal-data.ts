/**
 * Screening for personal data: refuses text that holds a citizen number (GB 11643), a mobile
 * number or a payment card number. A contract cannot take a value back from a ledger, so it looks
 * before it writes; digits split by blanks or hyphens and full-width digits count as digits.
 */
const CITIZEN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CITIZEN_CHECKS = '10X98765432';

/** Citizen number 公民身份号码, GB 11643-1999: 17 digits with a real birth date, check by ISO 7064 MOD 11-2. */
export function isCitizenNumber(value: string): boolean {
  if (!/^[1-9][0-9]{16}[0-9X]$/.test(value)) return false;
  const month = Number(value.slice(10, 12));
  const day = Number(value.slice(12, 14));
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  const sum = CITIZEN_WEIGHTS.reduce((total, weight, index) => total + weight * Number(value.charAt(index)), 0);
  return CITIZEN_CHECKS.charAt(sum % 11) === value.charAt(17);
}

function isMobileNumber(digits: string): boolean {
  return /^(?:86|0086)?1[3-9][0-9]{9}$/.test(digits);
}

/** Payment card: 16 to 19 digits of a card scheme's range whose Luhn check holds. */
function isCardNumber(digits: string): boolean {
  if (!/^(?:62|4|5[1-5]|3[57])[0-9]{14,18}$/.test(digits) || digits.length < 16 || digits.length > 19) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits.charAt(digits.length - 1 - index));
    sum += index % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

function narrow(text: string): string {
  return text.replace(/[\uff10-\uff19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xff10 + 0x30));
}

/** Whether the text holds something that looks like a citizen, mobile or card number. */
export function looksPersonal(text: string): boolean {
  const plain = narrow(text).toUpperCase();
  const candidates = [...(plain.match(/[0-9]{10,}X?/g) ?? []), ...(plain.match(/[0-9](?:[ -]?[0-9]){9,}(?:[ -]?X)?/g) ?? [])];
  return candidates.some((candidate) => {
    const digits = candidate.replace(/[ -]/g, '');
    return isCitizenNumber(digits) || isMobileNumber(digits) || isCardNumber(digits);
  });
}
