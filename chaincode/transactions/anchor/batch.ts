/**
 * Batches of anchored records: one transaction carries all their leaf hashes and tags once, side by side in
 * base64, and one state key holds root and size. Records of cases travel beside them, a column a field.
 */
import Type, { type Static } from 'typebox';
import { packedLeaf, packedSize, packLeaves } from '../../merkle/packed.js';
import type { ProvinceCode } from '../../provinces.js';
import { ClientIdReference, Closed, Code, Digest, Hash, Identifier, Time } from '../../schemas/primitives.js';
import { refuseField } from '../../schemas/refuse-field.js';
import { key } from '../../state/keys.js';
import { type AnchoredRecord, leafText, recordTag, TAG_BYTES } from './record.js';

/** What one transaction takes: 240 KB of leaves and tags, and with every record of a case some 1.5 MB. */
export const ANCHOR_LIMIT = 4096;

export interface AnchorBatchRecord {
  /** the id of the transaction that anchored it */
  readonly batchId: string;
  readonly agency: string;
  readonly province: ProvinceCode;
  /** number of leaves */
  readonly size: number;
  /** RFC 9162 root, 64 hex */
  readonly root: string;
  readonly recordedAt: string;
}

export function anchorBatchKey(batchId: string): string {
  return key('anchor-batch', batchId);
}

function Packed(description: string) {
  return Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', screened: false, description });
}

function Column<T extends Parameters<typeof Type.Array>[0]>(item: T) {
  return Type.Array(item, { minItems: 1, maxItems: ANCHOR_LIMIT });
}

/** The records that name a case; row n of every column is one record, and `index` its place among the leaves. */
export const CaseColumns = Closed({
  index: Column(Type.Integer({ minimum: 0, maximum: ANCHOR_LIMIT - 1 })),
  caseId: Column(ClientIdReference),
  recordId: Column(Identifier),
  kind: Column(Code),
  alg: Column(Digest.properties.alg),
  digest: Column(Hash),
  occurredAt: Column(Time),
});
export type CaseColumns = Static<typeof CaseColumns>;

export const anchorBatchBody = {
  leaves: Packed('leaf hashes, 32 bytes each'),
  tags: Packed(`tags, ${TAG_BYTES} bytes each`),
  cases: Type.Optional(CaseColumns),
};

export interface PackedBatch {
  readonly leaves: string;
  readonly tags: string;
  readonly cases?: CaseColumns;
}

/** @throws Refusal `request.invalid` for text that is not the one spelling of whole parts of so many bytes */
function unpack(text: string, path: string, bytes: number): Buffer {
  const packed = Buffer.from(text, 'base64');
  if (packed.toString('base64') !== text) refuseField(path, 'not canonical base64');
  if (packed.length % bytes !== 0) refuseField(path, `not made of parts of ${bytes} bytes`);
  if (packed.length > ANCHOR_LIMIT * bytes) refuseField(path, `more than ${ANCHOR_LIMIT} records`);
  return packed;
}

/** The tags, 24 hex each. */
export function tagsOf(packed: Buffer): string[] {
  const text = packed.toString('hex');
  return Array.from({ length: packed.length / TAG_BYTES }, (_, index) =>
    text.slice(2 * TAG_BYTES * index, 2 * TAG_BYTES * (index + 1)),
  );
}

export interface OpenBatch {
  readonly leaves: Buffer;
  readonly tags: readonly string[];
}

/** Leaves and tags of a batch. @throws Refusal `request.invalid` unless there is one tag for each leaf, and each once */
export function openBatch({ leaves: packedLeaves, tags: packedTags }: PackedBatch): OpenBatch {
  const leaves = unpack(packedLeaves, '/leaves', 32);
  const tags = tagsOf(unpack(packedTags, '/tags', TAG_BYTES));
  if (tags.length !== packedSize(leaves)) refuseField('/tags', 'there must be one for each leaf');
  if (new Set(tags).size < tags.length) refuseField('/tags', 'a record id stands twice in the batch');
  return { leaves, tags };
}

export interface CaseRow {
  readonly index: number;
  readonly record: AnchoredRecord & { readonly caseId: string };
}

/** The records of cases, row by row. @throws Refusal `request.invalid` when the columns are not of one length */
export function caseRows(agency: string, cases: CaseColumns | undefined): CaseRow[] {
  if (!cases) return [];
  const rows = cases.index.length;
  if (Object.values(cases).some((column) => column.length !== rows)) refuseField('/cases', 'columns must be of one length');
  const at = <T>(column: readonly T[], row: number) => column[row] as T;
  return cases.index.map((index, row) => ({
    index,
    record: {
      agency,
      caseId: at(cases.caseId, row),
      digest: { alg: at(cases.alg, row), value: at(cases.digest, row) },
      kind: at(cases.kind, row),
      occurredAt: at(cases.occurredAt, row),
      recordId: at(cases.recordId, row),
    },
  }));
}

/** @throws Refusal `request.invalid` unless each record is the one behind its leaf and its tag, in the order of the leaves */
export function ensureRowsAreLeaves({ leaves, tags }: OpenBatch, rows: readonly CaseRow[]): void {
  const hashes = packLeaves(rows.map(({ record }) => leafText(record)));
  let last = -1;
  for (const [row, { index, record }] of rows.entries()) {
    if (index <= last || index >= tags.length)
      refuseField(`/cases/index/${row}`, 'must be a place among the leaves, in their order');
    if (packedLeaf(hashes, row) !== packedLeaf(leaves, index))
      refuseField(`/cases/recordId/${row}`, 'is not the record of its leaf');
    if (tags[index] !== recordTag(record.agency, record.recordId)) refuseField(`/tags/${index}`, 'is not the tag of its record');
    last = index;
  }
}
