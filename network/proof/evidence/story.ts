/**
 * The story of a thing, made of nothing but records that peers signed and parts that follow from those by hash. Whoever
 * gives a bundle makes it with this, and whoever checks one makes it again and compares.
 */
import type { JsonObject } from '../canonical-json.js';
import type { EvidenceFormat, Leaf, ThingType } from './bundle.js';
import { type Captured, capturesOf } from './captures.js';
import { tellCase } from './case-story.js';
import { tellCertificate } from './certificate-story.js';
import { tellGrant, tellUse } from './grant-story.js';
import { keyOf, type Look, recordAt } from './records.js';

/** What no record names: which entries, leaves, uses and copies there are. */
export interface Parts {
  /** a case's entries, in their order */
  readonly timeline: readonly JsonObject[];
  /** records anchored under a case, in their order */
  readonly anchored: readonly Leaf[];
  /** certificates that are leaves of a batch */
  readonly issued: readonly Leaf[];
  /** ids of the uses of a grant, or of those that were made for a case */
  readonly uses: readonly string[];
  /** keys of the records of a certificate's annotated copies */
  readonly copies: readonly string[];
  /** ids of the grants that are shown of a case */
  readonly grants: readonly string[];
}

/** What is told of one kind of thing. */
export interface Told {
  /** the story's sections */
  readonly sections: JsonObject;
  /** how things stood on the day, the thing itself first */
  readonly status: readonly JsonObject[];
  readonly captured: readonly Captured[];
  /** credit codes of those who acted */
  readonly agencies: readonly string[];
}

export interface Telling {
  readonly format: EvidenceFormat;
  readonly id: string;
  /** the day that statuses are told for, RFC 3339 */
  readonly asOf: string;
  readonly parts: Parts;
  readonly look: Look;
}

const TELLERS: Readonly<Record<ThingType, (telling: Telling) => Promise<Told>>> = {
  case: tellCase,
  certificate: tellCertificate,
  grant: tellGrant,
  use: tellUse,
};

async function agenciesOf(look: Look, agencies: readonly string[]): Promise<JsonObject[]> {
  const records: JsonObject[] = [];
  for (const agency of [...new Set(agencies)].sort()) records.push(await recordAt(look, keyOf('agency', agency)));
  return records;
}

/** @throws Malformed for what is missing or not as the ledger writes it, and whatever `look` throws */
export async function storyOf(type: ThingType, telling: Telling): Promise<JsonObject> {
  const { sections, status, captured, agencies } = await TELLERS[type](telling);
  const { asOf, look } = telling;
  return {
    ...sections,
    agencies: await agenciesOf(look, agencies),
    asOf,
    captures: capturesOf(captured),
    status: status.map((one) => ({ ...one, asOf })),
  };
}
