/** How often an agency's key may be used: a bucket that fills by itself, one an agency. */

/** Two signatures a write: more writes than one channel takes from all agencies together. */
export const SIGNATURES_A_SECOND = 400;
const REMEMBERED = 4096;

export class SigningRate {
  readonly #perSecond: number;
  readonly #clock: () => number;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  /** @param clock milliseconds since the epoch */
  constructor(perSecond: number, clock: () => number) {
    this.#perSecond = perSecond;
    this.#clock = clock;
  }

  /** Whether one more is within the limit; it counts then. A bucket holds two seconds' worth. */
  admits(agencyId: string): boolean {
    const now = this.#clock();
    const full = 2 * this.#perSecond;
    const bucket = this.#buckets.get(agencyId) ?? { left: full, at: now };
    const left = Math.min(full, bucket.left + (Math.max(0, now - bucket.at) * this.#perSecond) / 1000);
    const admitted = left >= 1;
    this.#buckets.delete(agencyId);
    // The one that was used longest ago goes; by then it is full again.
    if (this.#buckets.size >= REMEMBERED) this.#buckets.delete(this.#buckets.keys().next().value as string);
    this.#buckets.set(agencyId, { left: admitted ? left - 1 : left, at: now });
    return admitted;
  }
}
