/** The checks of a story's parts, each against what peers signed: that it is whole, and that who acted was the one to. */
import type { Version } from '../answer.js';
import { Malformed } from '../bytes.js';
import { canonicalJson, type Json, type JsonObject, numberOf, objectOf, stringOf } from '../canonical-json.js';
import { Fault, type FaultCode, require } from '../faults.js';
import { isIncluded, leafHash } from '../inclusion.js';
import type { Primitives } from '../primitives.js';
import { leafOf, partOf, type Thing } from './bundle.js';
import { requireApproved } from './catalogue.js';
import { isOfBatch } from './certificate-story.js';
import { isAfter, requireInside, requireSteps } from './grant-status.js';
import { keyOf, type SignedRecords } from './records.js';
import { instantOf } from './time.js';
import { requireChain, requireHolders } from './timeline.js';

/** What every check of a part is given. */
export interface Parted {
  readonly thing: Thing;
  /** made of what was signed */
  readonly story: JsonObject;
  readonly records: SignedRecords;
  readonly sha256: Primitives['sha256'];
  /** codes of the provinces in the trust file */
  readonly provinces: readonly string[];
}

/** What is not as the ledger writes it fails the check that met it. */
export async function reading<T>(code: FaultCode, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Malformed) throw new Fault(code, error.message);
    throw error;
  }
}

/** Every permitted use takes from the count in its own transaction, so the count tells whether all of them are there. */
function requireCounted({ count, uses = [] }: JsonObject): void {
  if (count === undefined) return;
  const used = count === null ? 0 : objectOf(count).used;
  const told = (uses as readonly Json[])
    .map((one) => objectOf(objectOf(one).use))
    .filter(({ decision }) => decision === 'permitted')
    .reduce((sum, use) => sum + numberOf(use.count), 0);
  require(told === used, 'proof.chain', `uses for ${told} are told of, the grant’s signed count says ${used}`);
}

/** A case's entries are chained, a limited grant's uses counted; all else stands in one record. @throws Fault `proof.chain` */
export function requireWhole({ thing, story, sha256 }: Parted): void {
  if (thing.type === 'case') requireChain(sha256, partOf(story, 'timeline'), objectOf(story.case));
  for (const counted of [story, ...partOf(story, 'data')]) requireCounted(counted);
}

function requireLeaf({ records, sha256 }: Parted, told: Json, type: string): JsonObject {
  const { record, batchId, index, path } = leafOf(told);
  const batch = objectOf(records.get(keyOf(type, batchId))?.value);
  const leaf = leafHash(sha256, canonicalJson(record));
  const inclusion = { leaf, index, size: numberOf(batch.size), path, root: stringOf(batch.root) };
  require(isIncluded(sha256, inclusion), 'proof.path', `a record does not lead to the signed root of batch ${batchId}`);
  return batch;
}

/** @throws Fault `proof.path`, and `proof.leaf` for a record of another case or agency */
export function requireLeaves(parted: Parted): void {
  const { thing, story } = parted;
  const seen = new Set<string>();
  for (const told of partOf(story, 'anchored')) {
    const { agency } = requireLeaf(parted, told, 'anchor-batch');
    const record = objectOf(told.record);
    const isOwn = record.caseId === thing.id && record.agency === agency;
    require(isOwn, 'proof.leaf', `${record.recordId} was anchored under another case or by another agency`);
    const place = `${told.batchId} ${told.index}`;
    require(!seen.has(place), 'proof.leaf', `${record.recordId} is told of twice`);
    seen.add(place);
  }
  for (const { leaf } of partOf(story, 'certificates')) if (leaf !== undefined) requireLeaf(parted, leaf, 'certificate-batch');
}

export function agenciesIn(story: JsonObject): Map<string, JsonObject> {
  return new Map(partOf(story, 'agencies').map((agency) => [stringOf(agency.agencyId), agency]));
}

/** @throws Fault `proof.catalogue` */
export function requireCatalogue({ story, sha256, provinces }: Parted): void {
  for (const catalogue of [story.catalogue, ...partOf(story, 'data').map((data) => data.catalogue)])
    requireApproved(sha256, objectOf(catalogue), provinces, agenciesIn(story));
}

/** Who has to do with a case, as its signed record, its entries and its item tell. @throws Malformed */
function concerned({ timeline, case: record, catalogue }: JsonObject): ReadonlySet<Json | undefined> {
  const named = new Set<Json | undefined>([objectOf(objectOf(record).opener).agency, objectOf(objectOf(record).holder).agency]);
  for (const entry of timeline as readonly JsonObject[]) {
    const { to, counterpart } = objectOf(entry.data);
    for (const agency of [entry.agency, to, counterpart]) named.add(agency);
  }
  const { departments = {} } = objectOf(objectOf(catalogue ?? {}).content ?? {});
  for (const some of Object.values(objectOf(departments))) for (const agency of some as readonly Json[]) named.add(agency);
  return named;
}

/** Anybody may anchor records under a case: those of strangers are no evidence of it. */
function requireParties(anchored: readonly JsonObject[], agencies: ReadonlySet<Json | undefined>): void {
  for (const { record } of anchored) {
    const { agency, recordId } = objectOf(record);
    require(agencies.has(
      agency,
    ), 'proof.entitlement', `${recordId} was anchored by an agency that has nothing to do with the case`);
  }
}

/**
 * Two transactions' declared times tell which was first when they are further apart than this, in milliseconds: each may be
 * five minutes off.
 */
const CERTAINLY_APART = 600_000;

/** Whether the keyed certificate was surely issued after the batch. Its key's version is of its last change. */
function isLater({ value, version }: { readonly value: Json; readonly version: Version }, batch: JsonObject, batchAt: Version) {
  const { changes, batch: own, issuedAt } = objectOf(value);
  if (own === undefined && (changes as readonly Json[]).length === 0) return isAfter(version, batchAt);
  return instantOf(issuedAt) > instantOf(batch.recordedAt) + CERTAINLY_APART;
}

/**
 * Of two certificates with one id the first in block order stands: a leaf is void unless the one that has the key
 * was issued later.
 */
function requireStanding({ certificateId, leaf, batch }: JsonObject, records: SignedRecords): void {
  if (leaf === undefined) return;
  const keyed = records.get(keyOf('certificate', stringOf(certificateId)));
  const batchAt = records.get(keyOf('certificate-batch', stringOf(objectOf(leaf).batchId)))?.version;
  if (!keyed?.version || isOfBatch(objectOf(keyed.value), objectOf(batch))) return;
  const { value, version } = keyed;
  const isFirst = batchAt !== undefined && isLater({ value, version }, objectOf(batch), batchAt);
  require(isFirst, 'proof.entitlement', `${certificateId} may have been another certificate’s before it was issued in a batch`);
}

/** The province that a certificate was issued in is its issuer's. */
function requireIssuer(certificate: JsonObject, agencies: ReadonlyMap<string, JsonObject>): void {
  const source = certificate.batch ?? certificate.record;
  if (source === undefined) return;
  const { issuer, province } = objectOf(source);
  const isOwn = agencies.get(stringOf(issuer))?.province === province;
  require(isOwn, 'proof.entitlement', `${certificate.certificateId} was issued in another province than its issuer’s`);
}

/** The provider is the one that the data set names for the province, and the fields are among the data set's. */
function requireProvider(grant: JsonObject, { content, code, version }: JsonObject): void {
  const { providers, fields, shareClass } = objectOf(content);
  const isNamed = objectOf(providers)[stringOf(grant.province)] === grant.provider;
  const isOfSet = grant.dataSet === code && grant.version === version && grant.shareClass === shareClass;
  const names = (fields as readonly Json[]).map((field) => objectOf(field).name);
  const isWithin = (grant.fields as readonly Json[]).every((field) => names.includes(stringOf(field)));
  require(isNamed && isOfSet && isWithin, 'proof.entitlement', 'the grant goes beyond what the data set lets be granted');
}

/** A grant, the data set that it is of where that is told, and the uses of it that are. */
function requireGranted({ grant: told, catalogue, ...rest }: JsonObject, records: SignedRecords): void {
  const grant = objectOf(told);
  requireSteps(grant);
  if (catalogue !== undefined) requireProvider(grant, objectOf(catalogue));
  const place = (key: string) => records.get(key)?.version;
  for (const { use: made } of partOf(rest, 'uses')) {
    const use = objectOf(made);
    const places = { use: place(keyOf('use', stringOf(use.useId))), grant: place(keyOf('grant', stringOf(grant.grantId))) };
    requireInside(use, grant, places);
  }
}

/** Anybody may name a case in a request for data, and try another's grant for it: what strangers did is no evidence of the case. */
function requireUsers(data: readonly JsonObject[], agencies: ReadonlySet<Json | undefined>): void {
  for (const { grant, uses = [] } of data) {
    const { grantId, grantee } = objectOf(grant);
    const users = (uses as readonly JsonObject[]).map(({ use }) => objectOf(use).agency);
    const areConcerned = [grantee, ...users].every((agency) => agencies.has(agency));
    require(areConcerned, 'proof.entitlement', `${grantId} was used by an agency that has nothing to do with the case`);
  }
}

/** @throws Fault `proof.entitlement` */
export function requireEntitled({ thing, story, records }: Parted): void {
  const agencies = agenciesIn(story);
  if (thing.type === 'case') {
    requireHolders(partOf(story, 'timeline'), objectOf(story.case));
    const agencies = concerned(story);
    requireParties(partOf(story, 'anchored'), agencies);
    requireUsers(partOf(story, 'data'), agencies);
  }
  for (const certificate of partOf(story, 'certificates')) {
    requireStanding(certificate, records);
    requireIssuer(certificate, agencies);
  }
  for (const data of partOf(story, 'data')) requireGranted(data, records);
  // A case's own catalogue version is of its item, not of the data set.
  const { catalogue, ...withoutItem } = story;
  if (story.grant !== undefined) requireGranted(thing.type === 'case' ? withoutItem : story, records);
}
