/**
 * The contracts' view of the ledger's state: point reads, and writes held back until the rules have
 * passed, so that a refusal leaves no write behind and a read sees what this transaction wrote.
 */
import canonicalize from 'canonicalize';
import type { ChaincodeStub } from 'fabric-shim';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export class State {
  readonly #stub: ChaincodeStub;
  readonly #seen = new Map<string, unknown>();
  readonly #writes = new Map<string, unknown>();

  constructor(stub: ChaincodeStub) {
    this.#stub = stub;
  }

  /** The record under a key as of this transaction; undefined when there is none. Treat it as frozen. */
  async get<T>(key: string): Promise<T | undefined> {
    if (this.#writes.has(key)) return this.#writes.get(key) as T;
    if (!this.#seen.has(key)) {
      const bytes = await this.#stub.getState(key);
      this.#seen.set(key, bytes && bytes.length > 0 ? JSON.parse(Buffer.from(bytes).toString('utf8')) : undefined);
    }
    return this.#seen.get(key) as T | undefined;
  }

  put(key: string, value: object): void {
    this.#writes.set(key, value);
  }

  /** Hands the writes to the peer in the order they were made. */
  async flush(): Promise<void> {
    for (const [key, value] of this.#writes) await this.#stub.putState(key, Buffer.from(canonicalize(value) as string, 'utf8'));
  }
}
