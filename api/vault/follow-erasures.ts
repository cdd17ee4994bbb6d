/** Erases as soon as the projection has an entry, whatever its request was answered with, if anybody still waits for it. */
import { parseKey } from '../../chaincode/state/keys.js';
import type { LedgerBlock } from '../../network/ledger.js';
import { eraseRecordedSubjects } from './erase-subjects.js';
import type { Vault } from './vault.js';

export class ErasureFollower {
  readonly #vault: Vault;
  readonly #onFault: (error: unknown) => void;
  #last: Promise<void> = Promise.resolve();

  constructor(vault: Vault, onFault: (error: unknown) => void) {
    this.#vault = vault;
    this.#onFault = onFault;
  }

  /** To be told of every block once the projection's tables hold it. */
  see({ transactions }: LedgerBlock): void {
    const writes = transactions.flatMap((transaction) => transaction.writes);
    if (!writes.some(({ key }) => parseKey(key)?.type === 'subject')) return;
    // A failed erasure stays owed: the next one, or the next start, does it over.
    this.#last = this.#last.then(() => eraseRecordedSubjects(this.#vault)).then(() => undefined, this.#onFault);
  }

  /** Resolves when nothing is being erased. */
  settled(): Promise<void> {
    return this.#last;
  }
}
