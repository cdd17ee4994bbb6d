/** A certificate: its record under a key of its own, or the leaf it was issued as; its copies; its status on the day. */
import { Malformed } from '../bytes.js';
import { type Json, type JsonObject, listOf, numberOf, objectOf, stringOf } from '../canonical-json.js';
import type { Captured } from './captures.js';
import { catalogueOf } from './catalogue.js';
import { certificateStatus, datedOf } from './certificate-status.js';
import { keyOf, type Look, recordAt } from './records.js';
import type { Telling, Told } from './story.js';

const MOST_CHANGES = 100_000;

interface ToldCertificate {
  readonly told: JsonObject;
  readonly status: readonly JsonObject[];
  readonly captured: readonly Captured[];
  /** its credit code; none where there is no such certificate */
  readonly issuer: readonly string[];
}

interface Found {
  readonly sections: JsonObject;
  /** the issuer's statement, with what the ledger added */
  readonly record: JsonObject;
  readonly changes: readonly Json[];
  readonly issuer: Json | undefined;
  readonly issuedAt: Json | undefined;
}

/** Whether a certificate under a key of its own is the leaf of a batch that its first change gave that key. @throws Malformed */
export function isOfBatch({ issuer, batch }: JsonObject, { issuer: batchIssuer, batchId }: JsonObject): boolean {
  return issuer === batchIssuer && batch !== undefined && objectOf(batch).batchId === batchId;
}

/**
 * A leaf's id may have been taken by another certificate for a key of its own; what became of the leaf then stands under id
 * and batch. @throws Malformed
 */
async function find({ parts, look }: Telling, id: string): Promise<Found | undefined> {
  const key = keyOf('certificate', id);
  const { value: keyed } = await look(key);
  const leaf = parts.issued.find(({ record }) => record.certificateId === id);
  if (!leaf) {
    if (keyed === null) return undefined;
    const record = objectOf(keyed);
    const { issuer, issuedAt } = record;
    return { sections: { record }, record, changes: listOf(record.changes, MOST_CHANGES), issuer, issuedAt };
  }
  const batch = await recordAt(look, keyOf('certificate-batch', leaf.batchId));
  const isContested = keyed !== null && !isOfBatch(objectOf(keyed), batch);
  const own = isContested ? (await look(keyOf('certificate', id, leaf.batchId))).value : keyed;
  return {
    sections: { batch, leaf: { ...leaf }, ...(own !== null && { record: own }) },
    record: leaf.record,
    changes: own === null ? [] : listOf(objectOf(own).changes, MOST_CHANGES),
    issuer: batch.issuer,
    issuedAt: batch.recordedAt,
  };
}

/** A certificate that is named: a decision may name one that was never issued. @throws Malformed */
export async function certificateOf(telling: Telling, certificateId: string): Promise<ToldCertificate> {
  const found = await find(telling, certificateId);
  if (!found) return { told: { certificateId }, status: [], captured: [], issuer: [] };
  const { sections, record, changes, issuer, issuedAt } = found;
  const place = `certificates/${certificateId}`;
  return {
    told: { certificateId, ...sections },
    status: [{ type: 'certificate', id: certificateId, ...certificateStatus(datedOf(record, changes), telling.asOf) }],
    captured: [{ in: place, value: record.digests ?? null, recordedAt: issuedAt, capture: objectOf(record.capture) }],
    issuer: [stringOf(issuer)],
  };
}

/** The key of a copy's record ends in its digest. @throws Malformed unless it is a copy of this certificate */
async function copyOf({ id, look }: Telling, key: string): Promise<JsonObject> {
  const [, alg = '', value = ''] = key.split('~');
  const record = await recordAt(look, key);
  if (record.certificateId !== id || record.role !== 'annotated-copy') throw new Malformed(`${key} is no copy of ${id}`);
  return { digest: { alg, value }, ...record };
}

/** The item that the case of a certificate runs under; a leaf's was not looked up when it was issued. */
async function itemOf(look: Look, told: JsonObject) {
  const record = told.record === undefined ? {} : objectOf(told.record);
  if (record.item === undefined) return { voters: [] };
  const { code, version } = objectOf(record.item);
  return catalogueOf(look, 'service-items', stringOf(code), numberOf(version));
}

export async function tellCertificate(telling: Telling): Promise<Told> {
  const { id, parts, look } = telling;
  const { told, status, captured, issuer } = await certificateOf(telling, id);
  const copies = await Promise.all(parts.copies.map((key) => copyOf(telling, key)));
  const { voters, ...catalogue } = await itemOf(look, told);
  return {
    sections: { certificates: [told], copies, ...catalogue },
    status,
    captured: [
      ...captured,
      ...copies.map(({ digest = null, recordedAt }, index) => ({ in: `copies/${index}`, value: digest, recordedAt })),
    ],
    agencies: [...issuer, ...voters],
  };
}
