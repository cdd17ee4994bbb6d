/**
 * Values that were read or written lately, absence included, so that the checks at commit do not ask
 * SQLite again for what the simulation has just read. Two generations, dropped by turns: memory stays within bounds.
 */
import type { VersionedValue } from './simulation.js';

const GENERATION_BYTES = 4 * 1024 * 1024;
const ENTRY_OVERHEAD = 128;

type Entry = VersionedValue | undefined;

export class RecentValues {
  #young = new Map<string, Entry>();
  #old = new Map<string, Entry>();
  #bytes = 0;

  /** Calls `load` when the key is not among the recent ones. */
  get(key: string, load: () => Entry): Entry {
    if (this.#young.has(key)) return this.#young.get(key);
    const value = this.#old.has(key) ? this.#old.get(key) : load();
    this.put(key, value);
    return value;
  }

  put(key: string, value: Entry): void {
    this.#bytes += ENTRY_OVERHEAD + key.length + (value?.value.length ?? 0);
    if (this.#bytes > GENERATION_BYTES) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#bytes = 0;
    }
    this.#young.set(key, value);
    this.#old.delete(key);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
    this.#bytes = 0;
  }
}
