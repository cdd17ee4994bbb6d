/** Whether four provinces say that they run the same contracts. */
export const CODE_AGREEMENTS = ['same', 'different', 'unknown'] as const;

/**
 * `different` as soon as two differ; `unknown` while one is silent; what each says is its own word, and what
 * binds a province is that its endorsements equal the others'.
 */
export function codeAgreement(provinces: readonly { readonly codeDigest?: string }[]): (typeof CODE_AGREEMENTS)[number] {
  const told = provinces.flatMap(({ codeDigest }) => codeDigest ?? []);
  if (new Set(told).size > 1) return 'different';
  return told.length === provinces.length ? 'same' : 'unknown';
}
