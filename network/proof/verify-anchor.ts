/**
 * Checks offline that a record was anchored: from the record to its leaf, from the leaf along the path to a root, and
 * from the root to what peers signed. Nothing in the file is believed for being there: whatever it says is compared with
 * signed bytes, the number of leaves included, because a path has its shape by that number.
 */
import type { Answer } from './answer.js';
import { Malformed } from './bytes.js';
import {
  canonicalJson,
  fieldsOf,
  type Json,
  type JsonObject,
  listOf,
  numberOf,
  parseCanonical,
  stringOf,
} from './canonical-json.js';
import { CHECKS, type CheckName, Checks, type NamedCheck, verdictOf } from './checks.js';
import { Fault, require } from './faults.js';
import { isIncluded, leafHash } from './inclusion.js';
import type { Primitives } from './primitives.js';
import { type Given, type ReceiptJudgement, verifyReceipt } from './verify-receipt.js';

export const ANCHOR_FORMAT = 'yrd-anchor/1';
const FAMILY = 'yrd-anchor/';
/** Where canonical JSON has a proof's format: behind the id of its batch. */
const LONGEST_HEAD = 200;
/** As many as a tree of 2^53 leaves asks for: numbers end there. */
const LONGEST_PATH = 53;

/** In the order in which a report shows them; those of the receipt come after. */
export const ANCHOR_CHECKS = ['file', 'leaf', 'path', 'root'] as const;
type AnchorCheckName = (typeof ANCHOR_CHECKS)[number];

/** A check of the receipt, or one of the anchor's own. */
export type AnchorCheck = NamedCheck<AnchorCheckName | CheckName>;

export interface AnchorProofFile {
  readonly record: JsonObject;
  readonly leaf: string;
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
  readonly root: string;
  readonly batchId: string;
  readonly transaction: { readonly id: string; readonly time: string };
  readonly receipt: Json;
}

/** What a receipt's judgement says, of the receipt in the file, and what was found between it and the record. */
export interface AnchorJudgement extends Omit<ReceiptJudgement, 'checks'> {
  readonly checks: readonly AnchorCheck[];
  /** worth nothing unless the verdict is `holds` */
  readonly proof: AnchorProofFile | undefined;
}

function parse(text: string): AnchorProofFile {
  const value = parseCanonical(text);
  const format = (value as { readonly format?: unknown } | null)?.format;
  if (typeof format === 'string' && format !== ANCHOR_FORMAT && format.startsWith(FAMILY))
    throw new Fault('format.unknown', `${format} is not known here: get a newer verifier`);
  const names = ['batchId', 'format', 'index', 'leaf', 'path', 'receipt', 'record', 'root', 'size', 'transaction'];
  const { record, leaf, index, size, path, root, batchId, transaction, receipt } = fieldsOf(value, names);
  if (format !== ANCHOR_FORMAT) throw new Malformed('another format');
  const { id, time } = fieldsOf(transaction, ['id', 'time']);
  return {
    record: fieldsOf(record, ['agency', 'digest', 'kind', 'occurredAt', 'recordId'], ['caseId']),
    leaf: stringOf(leaf),
    index: numberOf(index),
    size: numberOf(size),
    path: listOf(path, LONGEST_PATH).map(stringOf),
    root: stringOf(root),
    batchId: stringOf(batchId),
    transaction: { id: stringOf(id), time: stringOf(time) },
    receipt: receipt ?? null,
  };
}

function parseProof(text: string): AnchorProofFile {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof Malformed) throw new Fault('proof.form', error.message);
    throw error;
  }
}

function requireLeaf({ sha256 }: Primitives, { record, leaf }: AnchorProofFile): void {
  require(leafHash(sha256, canonicalJson(record)) === leaf, 'proof.leaf', 'the leaf is of another record');
}

function requirePath({ sha256 }: Primitives, proof: AnchorProofFile): void {
  require(isIncluded(sha256, proof), 'proof.path', 'the path does not lead from the leaf to the root');
}

/** The peers must have signed for this very batch: its root, its size, its agency, its transaction and its time. */
function requireRoot({ record, size, root, batchId, transaction }: AnchorProofFile, { records }: Answer): void {
  const key = `anchor-batch~${batchId}`;
  const signed = records.find((one) => one.key === key)?.value as JsonObject | null | undefined;
  require(signed !== null && signed !== undefined, 'proof.root', 'the receipt is not of the batch that holds the leaf');
  const said = { batchId: transaction.id, agency: record.agency, size, root, recordedAt: transaction.time };
  for (const [name, value] of Object.entries({ ...said, batchId }))
    require(signed[name] === value, 'proof.root', `${name} is not what the peers signed`);
  require(signed.batchId === said.batchId, 'proof.root', 'the transaction is not what the peers signed');
}

/** Whether a file says that it is the proof of an anchored record, in whatever version. */
export function isAnchorProof(text: string): boolean {
  return text.slice(0, LONGEST_HEAD).includes(`"format":"${FAMILY}`);
}

function requireDocument({ record }: AnchorProofFile, document: NonNullable<Given['document']>): void {
  const { alg, value } = (record.digest ?? {}) as JsonObject;
  const named = document.some((digest) => digest.alg === alg && digest.value === value);
  require(named, 'proof.document', 'the document is not the one that was anchored: other bytes, or another document');
}

/** @param text the proof's file as it is: canonical JSON, as `GET /v1/anchors` answers it */
export async function verifyAnchor(text: string, given: Given): Promise<AnchorJudgement> {
  const { document, ...ofReceipt } = given;
  const checks = new Checks<AnchorCheck['name']>();
  const proof = await checks.run('file', () => parseProof(text));
  const receipt = proof && (await verifyReceipt(canonicalJson(proof.receipt), ofReceipt));
  const answer = receipt?.answer;
  if (proof) {
    await checks.run('leaf', () => requireLeaf(given.primitives, proof));
    await checks.run('path', () => requirePath(given.primitives, proof));
    // An answer that cannot be read, of a later version say, is no other root.
    if (answer) await checks.run('root', () => requireRoot(proof, answer));
    // The document is the record's, of which the receipt says nothing.
    if (document) await checks.run('document', () => requireDocument(proof, document));
  }
  const all = checks.list([...ANCHOR_CHECKS, ...CHECKS], receipt?.checks);
  const { assurance, k: required } = given.trust;
  const { signers = [] } = receipt ?? {};
  return { verdict: verdictOf(all), checks: all, assurance, required, signers, answer, proof };
}
