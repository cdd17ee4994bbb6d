/**
 * How far into the chain callers were told, and which peers are known to have as much. A caller builds on what
 * it was told: a peer that does not have it yet would say that the record acknowledged a moment ago is not there.
 */
export class Horizon {
  #height = 0;
  readonly #known = new Map<string, number>();

  /** number of blocks: what stands in them may have been told */
  get height(): number {
    return this.#height;
  }

  /** A caller is told what stands in a block. */
  told(block: number): void {
    this.#height = Math.max(this.#height, block + 1);
  }

  /** A peer gave a block, or told what stands in it. */
  has(mspId: string, block: number): void {
    this.#known.set(mspId, Math.max(this.#known.get(mspId) ?? 0, block + 1));
  }

  /** A peer's word on its height; one that was restored from a backup may have lost what it had. */
  stands(mspId: string, height: number): void {
    this.#known.set(mspId, height);
  }

  /** Whatever was known of a peer may not hold any more. */
  forget(mspId: string): void {
    this.#known.delete(mspId);
  }

  /** Whether a peer is known to have that many blocks. */
  reaches(mspId: string, height: number): boolean {
    return (this.#known.get(mspId) ?? 0) >= height;
  }
}
