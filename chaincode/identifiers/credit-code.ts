/** Unified social credit code 统一社会信用代码, GB 32100-2015: 18 characters, the last one a check. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

export const CREDIT_CODE_PATTERN = '^[0-9A-HJ-NPQRTUWXY]{18}$';
const SHAPE = new RegExp(CREDIT_CODE_PATTERN);

/** The check character for the first 17 characters: (31 − Σ weight·value mod 31) mod 31. */
export function creditCodeCheck(first17: string): string {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * ALPHABET.indexOf(first17.charAt(index)), 0);
  return ALPHABET.charAt((31 - (sum % 31)) % 31);
}

export function isCreditCode(value: string): boolean {
  return SHAPE.test(value) && creditCodeCheck(value.slice(0, 17)) === value.charAt(17);
}
