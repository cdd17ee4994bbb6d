/**
 * Screening for personal data: refuses text that holds a citizen number (GB 11643), a mobile
 * number or a payment card number. A contract cannot take a value back from a ledger, so it looks
 * before it writes. Full-width digits count as digits, and digits split by blanks, hyphens, dots or
 * the like as one number; numbers in words, or hidden in a longer row of digits, are not found.
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

/** Full-width forms as their ASCII ones, in upper case. */
function narrow(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)).toUpperCase();
}

/** The longest form that is looked for: a card number, or a mobile number with its long country code. */
const LONGEST = 19;
const SEPARATOR = '[\\s._/\\-\\u00b7\\u2010-\\u2015]';
const RUN = new RegExp(`[0-9]+X?(?:${SEPARATOR}{1,2}[0-9]+X?)*(?:${SEPARATOR}{1,2}X)?`, 'g');
const GROUPS = new RegExp(`${SEPARATOR}+`);

function isPersonalNumber(digits: string): boolean {
  return isCitizenNumber(digits) || isMobileNumber(digits) || isCardNumber(digits);
}

/**
 * Whether neighbouring groups make up such a number; an X after the last may belong to it or not. People
 * group by two digits at least: a lone digit is a counter, as in `1793600000-1`, and ends the number.
 */
function holdsPersonalNumber(groups: readonly string[]): boolean {
  for (let start = 0; start < groups.length; start++) {
    let digits = '';
    for (const group of groups.slice(start)) {
      if (digits.length > LONGEST || /^[0-9]$/.test(group)) break;
      digits += group;
      if (isPersonalNumber(digits) || (digits.endsWith('X') && isPersonalNumber(digits.slice(0, -1)))) return true;
    }
  }
  return false;
}

/**
 * Random identifiers, which one in hundreds of would else be taken for a mobile number: UUIDs, and
 * hexadecimal tokens of 16 digits or more with a letter among them. A row of digits alone is none.
 */
const RANDOM_TOKEN = /(?<![0-9A-Z])(?:[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}|(?=[0-9]*[A-F])[0-9A-F]{16,})(?![0-9A-Z])/g;

/** Whether the text holds something that looks like a citizen, mobile or card number. */
export function looksPersonal(text: string): boolean {
  const runs = narrow(text).replace(RANDOM_TOKEN, ' # ').match(RUN) ?? [];
  return runs.some((run) => holdsPersonalNumber(run.split(GROUPS)));
}
