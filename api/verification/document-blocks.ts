/**
 * The blocks that one document passes through on its way to the hashing thread. They are filled, sent,
 * and come back in the same order to be filled again: so a long document needs no more memory than a short
 * one, and leaves nothing behind to be collected.
 */
import type { SharedBlock } from './hash-messages.js';

/** Small enough to be hashed twice while the processor's cache has it: larger ones take a tenth longer. */
const BLOCK_BYTES = 64 * 1024;
const MOST_BLOCKS = 64;

export interface DocumentDigests {
  /** 64 hex */
  readonly sha256: string;
  readonly sm3: string;
}

export class DocumentBlocks {
  readonly digests: Promise<DocumentDigests>;
  resolve: (digests: DocumentDigests) => void = () => {};
  reject: (error: Error) => void = () => {};
  readonly #send: (block: SharedBlock, used: number) => void;
  readonly #free: SharedBlock[] = [];
  readonly #away: SharedBlock[] = [];
  #made = 0;
  #used = 0;
  #wake: () => void = () => {};

  constructor(send: (block: SharedBlock, used: number) => void) {
    this.#send = send;
    this.digests = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Awaited late, or not at all when the stream fails first.
    this.digests.catch(() => {});
  }

  /** Bytes of memory that the document takes, filled or not. */
  get size(): number {
    return this.#made * BLOCK_BYTES;
  }

  /** Copies a chunk into blocks and sends those that are full, waiting for empty ones where there are none. */
  async add(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      const block = await this.#filling();
      const taken = chunk.subarray(at, at + BLOCK_BYTES - this.#used);
      block.set(taken, this.#used);
      this.#used += taken.length;
      at += taken.length;
      if (this.#used === BLOCK_BYTES) this.flush();
    }
  }

  /** Sends what the last block holds. */
  flush(): void {
    const block = this.#used > 0 ? this.#free.shift() : undefined;
    if (block) {
      this.#away.push(block);
      this.#send(block, this.#used);
    }
    this.#used = 0;
  }

  /** The block that was sent first is free again. */
  back(): void {
    const block = this.#away.shift();
    if (block) this.#free.push(block);
    this.#wake();
  }

  /** The block at the head of the free ones. @throws Error when the hashing thread has died */
  async #filling(): Promise<SharedBlock> {
    if (this.#free.length === 0 && this.#made < MOST_BLOCKS) {
      this.#made += 1;
      this.#free.push(new Uint8Array(new SharedArrayBuffer(BLOCK_BYTES)));
    }
    while (this.#free.length === 0) {
      const back = new Promise<void>((wake) => {
        this.#wake = wake;
      });
      await Promise.race([back, this.digests]);
    }
    return this.#free[0] as SharedBlock;
  }
}
