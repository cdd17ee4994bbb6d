/** What evidence vectors are made of: records and parts out of real bundles, told and signed again as a case wants them. */
import { decodeAnswer, type Version } from '../../../network/proof/answer.js';
import { canonicalJson, type Json, stringOf } from '../../../network/proof/canonical-json.js';
import { type Bundle, bundleText, type EvidenceFormat, parseBundle, type Thing } from '../../../network/proof/evidence/bundle.js';
import { SignedRecords } from '../../../network/proof/evidence/records.js';
import { type Parts, storyOf } from '../../../network/proof/evidence/story.js';
import { partsTold } from '../../../network/proof/evidence/verify-evidence.js';
import { parseReceipt, receiptText } from '../../../network/proof/receipt.js';
import { payloadOf, recordsAnswer } from '../receipt-vectors/payloads.js';
import { type Party, peersOf, type Scene, signedBy } from '../receipt-vectors/scene.js';

export interface MaterialRecord {
  value: Json;
  readonly version: Version | undefined;
}

/** All that a bundle is made of, free to be changed before it is made. */
export interface Material {
  readonly format: EvidenceFormat;
  thing: Thing;
  asOf: string;
  parts: Parts;
  readonly records: Map<string, MaterialRecord>;
}

export function materialOf(text: string): Material {
  const bundle = parseBundle(text);
  const signed = new SignedRecords();
  const records = new Map<string, MaterialRecord>();
  for (const receipt of bundle.receipts) {
    const answer = decodeAnswer(parseReceipt(canonicalJson(receipt)).payload);
    signed.add(answer);
    for (const { key, value = null } of answer.records) records.set(key, { value, version: answer.reads.get(key) });
  }
  return {
    format: bundle.format,
    thing: bundle.thing,
    asOf: stringOf(bundle.story.asOf),
    parts: partsTold(bundle, signed),
    records,
  };
}

/** A record of the material's, to be changed. */
export function recordIn({ records }: Material, key: string): Record<string, Json> {
  return records.get(key)?.value as Record<string, Json>;
}

export function keyLike({ records }: Material, start: string): string {
  const found = [...records.keys()].find((key) => key.startsWith(start));
  if (found === undefined) throw new Error(`no record under ${start}`);
  return found;
}

function signedRecords(material: Material): SignedRecords {
  const signed = new SignedRecords();
  const records = [...material.records].map(([key, { value }]) => ({ key, value }));
  const reads = new Map([...material.records].map(([key, { version }]) => [key, version]));
  const rest = { chaincode: { name: '', version: '' }, channel: '', codeDigest: '', result: undefined, time: '' };
  signed.add({ ...rest, question: 'records', records, reads });
  return signed;
}

/** The receipts that peers would give for the records, a few in each. */
export function receiptsOf({ records }: Material, peers: readonly Party[], each = 1000): Json[] {
  const all = [...records].map(([key, { value, version }]) => ({ key, value, version }));
  const receipts: Json[] = [];
  for (let from = 0; from < all.length; from += each) {
    const some = all.slice(from, from + each);
    const answer = recordsAnswer(some.map(({ key, value }) => ({ key, value })));
    const payload = payloadOf(answer, { reads: some.map(({ key, version }) => ({ key, version })) });
    receipts.push(JSON.parse(receiptText({ payload, signatures: signedBy(peers, payload) })) as Json);
  }
  return receipts;
}

/** What a case does to good material, and what it does to the bundle made of that. */
export interface Forgery {
  /** before anything is told or signed: the story is then in itself consistent */
  readonly before?: (material: Material) => void;
  /** after the peers have signed, before the story is told: what a forger can do who tells a consistent story */
  readonly between?: (material: Material) => void;
  readonly after?: (story: Record<string, Json>) => void;
  readonly receipts?: (receipts: Json[]) => Json[];
  readonly peers?: readonly Party[];
  /** how many records a receipt is of */
  readonly each?: number;
}

export async function bundleFrom(good: Material, scene: Scene, forgery: Forgery = {}): Promise<string> {
  const { before, between, after, receipts = (same) => same, peers = peersOf(scene), each } = forgery;
  const material = structuredClone(good);
  before?.(material);
  const signed = receiptsOf(material, peers, each);
  between?.(material);
  const { look } = signedRecords(material).read();
  const { format, thing, asOf, parts } = material;
  const made = await storyOf(thing.type, { format, id: thing.id, asOf, parts, look });
  // As text and back: what stands in two places is then two values, of which one can be changed.
  const story = JSON.parse(canonicalJson(made)) as Record<string, Json>;
  after?.(story);
  return bundleText({ format, thing, receipts: receipts(signed), story } satisfies Bundle);
}
