/** Vectors as they are kept: a folder a case, with what is judged, the trust file, and lists or a document where there are such. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodePrimitives } from '../../network/proof/node-primitives.js';
import { openRevocationList } from '../../network/proof/revocation.js';
import { parseTrust } from '../../network/proof/trust.js';
import type { Given } from '../../network/proof/verify-receipt.js';
import { JUDGED_FILES, type VectorKind } from './vector-files.js';

export interface Expected {
  readonly about: string;
  readonly verdict: string;
  /** code by check, for every check that does not pass */
  readonly faults: Readonly<Record<string, string>>;
}

export class KeptVectors {
  /** the folders' names, and the tests' */
  readonly names: readonly string[];
  readonly #folder: string;
  readonly #judged: string;

  constructor(kind: VectorKind) {
    this.#folder = join(import.meta.dirname, '../vectors', kind);
    this.#judged = JUDGED_FILES[kind];
    this.names = readdirSync(this.#folder);
  }

  read(name: string, file: string): string {
    return readFileSync(join(this.#folder, name, file), 'utf8');
  }

  /** what is judged */
  text(name: string): string {
    return this.read(name, this.#judged);
  }

  expected(name: string): Expected {
    return JSON.parse(this.read(name, 'case.json'));
  }

  /** What it is judged with. */
  async given(name: string): Promise<Given> {
    const trust = parseTrust(this.read(name, 'trust.json'));
    const files = readdirSync(join(this.#folder, name)).filter((file) => file.endsWith('.crl'));
    const lists = await Promise.all(
      files.map((file) => openRevocationList(this.read(name, file), trust, nodePrimitives.checkSignature)),
    );
    const file = join(this.#folder, name, 'document');
    const value = existsSync(file) && createHash('sha256').update(readFileSync(file)).digest('hex');
    return { trust, primitives: nodePrimitives, lists, ...(value && { document: [{ alg: 'sha-256', value }] }) };
  }
}

/** The verdict, and the code of each check that has one: what a case expects. */
export function foundIn({
  verdict,
  checks,
}: {
  readonly verdict: string;
  readonly checks: readonly { readonly name: string; readonly code?: string }[];
}): Omit<Expected, 'about'> {
  const faults = checks.flatMap(({ name, code }) => (code === undefined ? [] : [[name, code]]));
  return { verdict, faults: Object.fromEntries(faults) };
}
