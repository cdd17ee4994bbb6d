/** What the peers signed, record by record, and how a story asks for it. */
import type { Answer, Version } from '../answer.js';
import { type Json, type JsonObject, objectOf } from '../canonical-json.js';
import { require } from '../faults.js';

export interface FoundRecord {
  /** null where the peers say that there is none */
  readonly value: Json;
  /** where it was committed; absent where there is none */
  readonly version: Version | undefined;
}

/** Gives what is known of a key; a verifier's throws for a key that no receipt is of. */
export type Look = (key: string) => FoundRecord | Promise<FoundRecord>;

/** A key of the ledger's state: numbers are padded, so that their order as text is their order. */
export function keyOf(type: string, ...parts: readonly (string | number)[]): string {
  return [type, ...parts.map((part) => (typeof part === 'number' ? String(part).padStart(8, '0') : part))].join('~');
}

/** @throws Malformed when there is no record */
export async function recordAt(look: Look, key: string): Promise<JsonObject> {
  return objectOf((await look(key)).value);
}

/** A reading of signed records, which remembers what it was asked for. */
export interface Reading {
  readonly look: (key: string) => FoundRecord;
  /** the first signed key that nothing told asked for: a part of the story was taken out */
  readonly unasked: () => string | undefined;
}

/** Records out of the answers of receipts. */
export class SignedRecords {
  readonly #records = new Map<string, FoundRecord>();
  /** number of the highest block in which a record was committed; 0 at first */
  highestBlock = 0;

  /** @throws Fault `proof.told` for a key in two receipts: of two values a reader could be shown either */
  add({ records, reads, question }: Answer): void {
    require(question === 'records', 'proof.told', 'a receipt answers another question than for records');
    for (const { key, value = null } of records) {
      require(!this.#records.has(key), 'proof.told', `${key} stands in two receipts`);
      const version = reads.get(key);
      this.#records.set(key, { value, version });
      this.highestBlock = Math.max(this.highestBlock, version?.block ?? 0);
    }
  }

  /** Keys of one type. */
  keysOf(type: string): string[] {
    return [...this.#records.keys()].filter((key) => key.startsWith(`${type}~`));
  }

  get(key: string): FoundRecord | undefined {
    return this.#records.get(key);
  }

  /** `look` throws Fault `proof.unsigned` for a key that no receipt is of. */
  read(): Reading {
    const asked = new Set<string>();
    return {
      look: (key) => {
        const record = this.#records.get(key);
        require(record !== undefined, 'proof.unsigned', `${key} is told of, and no receipt is of it`);
        asked.add(key);
        return record;
      },
      unasked: () => [...this.#records.keys()].find((key) => !asked.has(key)),
    };
  }
}
