/** Sees in the stream of blocks what became of transactions that this process sent. */
import { decodeEnvelope } from '../format/envelope.js';
import { transactionIdOf } from '../format/header.js';
import { VALIDATION_CODE } from '../format/validation-code.js';
import type { Followed } from './follow.js';
import type { Horizon } from './horizon.js';

export interface Seen {
  readonly block: number;
  readonly position: number;
  readonly code: number;
  /** whose peer says so */
  readonly mspId: string;
}

export interface Expectation {
  readonly seen: Promise<Seen>;
  cancel(): void;
}

/** The id of a transaction that is really its own; undefined for anything else. */
function idOf(bytes: Uint8Array): string | undefined {
  try {
    const { channel, signature } = decodeEnvelope(bytes);
    return channel.transactionId === transactionIdOf(signature) ? channel.transactionId : undefined;
  } catch {
    return undefined;
  }
}

export class CommitWatch {
  readonly #expected = new Map<string, (seen: Seen) => void>();
  readonly #horizon: Horizon;
  #height = 0;

  constructor(horizon: Horizon) {
    this.#horizon = horizon;
  }

  /** number of blocks, the last seen included; 0 before the first */
  get height(): number {
    return this.#height;
  }

  /** To be called before the transaction is sent. */
  expect(transactionId: string): Expectation {
    let tell: (seen: Seen) => void = () => undefined;
    const seen = new Promise<Seen>((resolve) => {
      tell = resolve;
    });
    this.#expected.set(transactionId, tell);
    return { seen, cancel: () => void this.#expected.delete(transactionId) };
  }

  /** To be shown every block that comes. */
  look({ block, source }: Followed): void {
    const { number } = block.header;
    this.#height = number + 1;
    this.#horizon.has(source.mspId, number);
    if (this.#expected.size === 0) return;
    for (const [position, envelope] of block.data.entries()) {
      const code = block.filter[position] ?? VALIDATION_CODE.NOT_VALIDATED;
      // The same transaction stands in an earlier place, where its outcome is.
      if (code === VALIDATION_CODE.DUPLICATE_TXID) continue;
      const id = idOf(envelope);
      const tell = id === undefined ? undefined : this.#expected.get(id);
      tell?.({ block: number, position, code, mspId: source.mspId });
    }
  }
}
