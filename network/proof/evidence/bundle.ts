/** The bundle's format, `yrd-evidence/2`: EVIDENCE.md describes it, and what of it the first version did not have. */
import { Malformed } from '../bytes.js';
import {
  canonicalJson,
  fieldsOf,
  type Json,
  type JsonObject,
  listOf,
  numberOf,
  objectOf,
  parseCanonical,
  stringOf,
} from '../canonical-json.js';
import { Fault } from '../faults.js';

/** All that are read; the last is the one that is made. */
export const EVIDENCE_FORMATS = ['yrd-evidence/1', 'yrd-evidence/2'] as const;
export type EvidenceFormat = (typeof EVIDENCE_FORMATS)[number];
export const EVIDENCE_FORMAT: EvidenceFormat = 'yrd-evidence/2';
const FAMILY = 'yrd-evidence/';
/** Canonical JSON has the format first, as no name at the top sorts before it. */
const OPENING = `{"format":"${FAMILY}`;
const LONGEST_TEXT = 128 * 1024 * 1024;
const MOST_RECEIPTS = 1000;
const MOST_PARTS = 100_000;
/** As many as a tree of 2^53 leaves asks for: numbers end there. */
const LONGEST_PATH = 53;

/** What a bundle can be about. */
export const THING_TYPES = ['case', 'certificate', 'grant', 'use'] as const;
export type ThingType = (typeof THING_TYPES)[number];

export interface Thing {
  readonly type: ThingType;
  readonly id: string;
}

/** A record that is a leaf under a signed root: its text is the record's canonical JSON. */
export interface Leaf {
  readonly record: JsonObject;
  readonly batchId: string;
  /** the leaf's place, from 0 */
  readonly index: number;
  readonly path: readonly string[];
}

export interface Bundle {
  readonly format: EvidenceFormat;
  readonly thing: Thing;
  readonly receipts: readonly Json[];
  readonly story: JsonObject;
}

/** The one text that a bundle has. */
export function bundleText({ format, thing, receipts, story }: Bundle): string {
  return canonicalJson({ format, receipts, story, thing: { ...thing } });
}

/** Whether a file says that it is an evidence bundle, in whatever version. */
export function isEvidence(text: string): boolean {
  return text.startsWith(OPENING);
}

/** @throws Malformed */
export function leafOf(value: Json): Leaf {
  const { record, batchId, index, path } = fieldsOf(value, ['batchId', 'index', 'path', 'record']);
  return {
    record: objectOf(record),
    batchId: stringOf(batchId),
    index: numberOf(index),
    path: listOf(path, LONGEST_PATH).map(stringOf),
  };
}

/** A part of the story that is a list of objects; empty where it is not told. @throws Malformed */
export function partOf(story: JsonObject, name: string): JsonObject[] {
  return story[name] === undefined ? [] : listOf(story[name], MOST_PARTS).map(objectOf);
}

function parse(text: string): Bundle {
  if (text.length > LONGEST_TEXT) throw new Malformed(`longer than ${LONGEST_TEXT} characters`);
  const value = parseCanonical(text);
  const named = (value as { readonly format?: unknown } | null)?.format;
  const format = EVIDENCE_FORMATS.find((known) => known === named);
  if (typeof named === 'string' && !format && named.startsWith(FAMILY))
    throw new Fault('format.unknown', `${named} is not known here: get a newer verifier`);
  const { receipts, story, thing } = fieldsOf(value, ['format', 'receipts', 'story', 'thing']);
  if (!format) throw new Malformed('another format');
  const { type, id } = fieldsOf(thing, ['id', 'type']);
  const known = THING_TYPES.find((candidate) => candidate === type);
  if (!known) throw new Malformed(`evidence is of ${THING_TYPES.join(', ')}`);
  const all = listOf(receipts, MOST_RECEIPTS);
  if (all.length === 0) throw new Malformed('no receipt');
  return { format, thing: { type: known, id: stringOf(id) }, receipts: all, story: objectOf(story) };
}

/** @throws Fault `proof.form`, `format.unknown` */
export function parseBundle(text: string): Bundle {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof Malformed) throw new Fault('proof.form', error.message);
    throw error;
  }
}
