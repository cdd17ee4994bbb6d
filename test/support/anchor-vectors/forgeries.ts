/** What a forger does to the proof of an anchored record, and the checks that find it. */
import { nodeHash } from '../../../chaincode/merkle/tree.js';
import type { Json, JsonObject } from '../../../network/proof/canonical-json.js';
import { hash, sha256 } from '../digests.js';

/** A proof that holds, with what a forger may have beside it: each holds too, and is of a record of the same agency. */
export interface ForgerHas {
  /** the third of five leaves */
  readonly proof: JsonObject;
  /** of the record after it */
  readonly neighbour: JsonObject;
  /** of a record in another batch */
  readonly stranger: JsonObject;
}

export interface Forgery {
  readonly name: string;
  /** as "a proof with …" */
  readonly what: string;
  readonly forge: (has: ForgerHas) => JsonObject;
  /** code by check */
  readonly faults: Readonly<Record<string, string>>;
}

const LEAF = { leaf: 'proof.leaf' };
const PATH = { path: 'proof.path' };
const ROOT = { root: 'proof.root' };
const FILE = { file: 'proof.form' };

function changed(name: string, what: string, faults: Forgery['faults'], change: (has: ForgerHas) => object): Forgery {
  return { name, what, faults, forge: (has) => ({ ...has.proof, ...change(has) }) as JsonObject };
}

/** Fields of the record are others. */
function recorded(name: string, what: string, change: object, faults: Forgery['faults'] = LEAF): Forgery {
  return changed(name, what, faults, ({ proof }) => ({ record: { ...(proof.record as JsonObject), ...change } }));
}

const pathOf = ({ proof }: ForgerHas) => proof.path as Json[];
const transactionOf = ({ proof }: ForgerHas) => proof.transaction as JsonObject;

export const FORGERIES: readonly Forgery[] = [
  recorded('record-renamed', 'another record id', { recordId: 'p-9' }),
  recorded('record-digest', 'another digest', { digest: sha256('x') }),
  recorded('record-time', 'another time', { occurredAt: '2026-11-02T01:02:04Z' }),
  recorded('record-kind', 'another kind', { kind: 'application' }),
  recorded('record-of-a-case', 'a case', { caseId: '31-case-1' }),
  recorded('record-agency', 'another agency', { agency: '11310000MB2F30029X' }, { ...LEAF, ...ROOT }),
  recorded('record-field-more', 'a field more in its record', { valid: true }, FILE),
  changed('record-of-neighbour', 'the record of its neighbour', LEAF, ({ neighbour }) => ({ record: neighbour.record })),
  changed('leaf-of-neighbour', 'the leaf of its neighbour too', PATH, ({ neighbour: { record, leaf } }) => ({ record, leaf })),
  changed('leaf-is-a-node', 'the node above passed off as its leaf', { ...LEAF, ...ROOT }, (has) => {
    const [sibling, ...above] = pathOf(has);
    return { leaf: nodeHash(String(has.proof.leaf), String(sibling)), index: 1, size: 3, path: above };
  }),
  changed('index-moved', 'another place', PATH, () => ({ index: 3 })),
  changed('index-beyond', 'a place beyond its size', PATH, () => ({ index: 5 })),
  changed('size-higher', 'another size, with the same path', ROOT, () => ({ size: 6 })),
  changed('size-lower', 'another size, with another path', { ...PATH, ...ROOT }, () => ({ size: 4 })),
  changed('size-none', 'no leaves at all', { ...PATH, ...ROOT }, () => ({ size: 0 })),
  changed('path-shorter', 'a hash less', PATH, (has) => ({ path: pathOf(has).slice(1) })),
  changed('path-longer', 'a hash more', PATH, (has) => ({ path: [...pathOf(has), hash('more')] })),
  changed('path-swapped', 'two hashes in each other’s place', PATH, (has) => {
    const [first, second, ...rest] = pathOf(has);
    return { path: [second, first, ...rest] };
  }),
  changed('path-of-neighbour', 'the path of its neighbour', PATH, ({ neighbour: { path } }) => ({ path })),
  changed('path-in-capitals', 'a hash in capitals', PATH, (has) => {
    const [first, ...rest] = pathOf(has);
    return { path: [String(first).toUpperCase(), ...rest] };
  }),
  changed('root-other', 'another root', { ...PATH, ...ROOT }, () => ({ root: hash('root') })),
  changed('tree-of-its-own', 'its own tree', ROOT, ({ proof: { leaf } }) => ({ path: [], index: 0, size: 1, root: leaf })),
  changed('batch-other', 'another batch’s id', ROOT, ({ stranger: { batchId } }) => ({ batchId })),
  changed('transaction-other', 'another transaction', ROOT, (has) => ({ transaction: { ...transactionOf(has), id: hash('t') } })),
  changed('transaction-time', 'another time of its transaction', ROOT, (has) => ({
    transaction: { ...transactionOf(has), time: '2026-11-02T00:00:00.000Z' },
  })),
  changed('receipt-of-another-batch', 'the receipt of another batch', ROOT, ({ stranger: { receipt } }) => ({ receipt })),
  changed(
    'receipt-and-id-of-another-batch',
    'nothing but another batch’s receipt and id',
    ROOT,
    ({ stranger: { receipt, batchId, transaction } }) => ({ receipt, batchId, transaction }),
  ),
  changed('receipt-none', 'no receipt', { form: 'proof.form' }, () => ({ receipt: null })),
  {
    name: 'record-none',
    what: 'no record',
    faults: FILE,
    forge: ({ proof: { record: _record, ...rest } }) => rest,
  },
  changed('field-more', 'a field more', FILE, () => ({ valid: true })),
  changed('index-negative', 'a negative place', FILE, () => ({ index: -1 })),
  changed('size-text', 'a size that is text', FILE, () => ({ size: '5' })),
  changed('format-other', 'the format of something else', FILE, () => ({ format: 'yrd-receipt/1' })),
];

/** Texts that are no proof's one form. */
export const MISSHAPEN: readonly { readonly name: string; readonly what: string; readonly forge: (text: string) => string }[] = [
  { name: 'form-truncated', what: 'cut off', forge: (text) => text.slice(0, -1) },
  { name: 'form-blank-after', what: 'with something after it', forge: (text) => `${text} ` },
  { name: 'form-formatted', what: 'written otherwise', forge: (text) => JSON.stringify(JSON.parse(text), null, 1) },
  { name: 'form-empty', what: 'that is empty', forge: () => '' },
  { name: 'form-pending', what: 'that says what pending ones say', forge: () => '{"status":"pending"}' },
  {
    name: 'form-field-twice',
    what: 'with a field twice',
    forge: (text) => text.replace('"index":', '"index":3,"index":'),
  },
];
