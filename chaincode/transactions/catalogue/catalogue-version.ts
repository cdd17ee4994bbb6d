/**
 * A version of a catalogue entry. Its content never changes; a change of content is the next version.
 * Several versions may be under way at once: whoever proposes a newer one cannot stop an older one, but
 * once a newer one is published no older one can be.
 */
import type { ProvinceCode } from '../../provinces.js';
import { ensure, load, type Tx } from '../../runtime/tx.js';
import { key, ordinal } from '../../state/keys.js';
import type { DataSetContent } from './data-set.js';
import type { ServiceItemContent } from './service-item.js';
import type { ServiceStandardContent } from './service-standard.js';

export type { DataSetContent, ServiceItemContent, ServiceStandardContent };

export const CATALOGUE_KINDS = ['service-items', 'data-sets', 'service-standards'] as const;
export type CatalogueKind = (typeof CATALOGUE_KINDS)[number];

export interface ContentOf {
  readonly 'service-items': ServiceItemContent;
  readonly 'data-sets': DataSetContent;
  readonly 'service-standards': ServiceStandardContent;
}

export type CatalogueStatus = 'draft' | 'consultation' | 'consulted' | 'published' | 'suspended' | 'withdrawn' | 'superseded';

/** Who did something to a version, when, and in which transaction. */
export interface Act {
  readonly province: ProvinceCode;
  readonly agency: string;
  readonly time: string;
  readonly transaction: string;
}

export interface Vote extends Act {
  readonly vote: 'approve' | 'reject';
  readonly contentDigest: string;
  readonly reason?: string;
}

/** Public consultation 公开征求意见: when it runs, and what came of it. */
export interface Consultation {
  readonly opensAt: string;
  readonly closesAt: string;
  readonly noticeDigest: { readonly alg: 'sha-256' | 'sm3'; readonly value: string };
  readonly openedAt: string;
  readonly result?: {
    readonly adopted: number;
    readonly notAdopted: number;
    readonly summaryDigest: { readonly alg: 'sha-256' | 'sm3'; readonly value: string };
    readonly recordedAt: string;
  };
}

export interface CatalogueVersionRecord<K extends CatalogueKind = CatalogueKind> {
  readonly kind: K;
  readonly code: string;
  readonly version: number;
  /** the proposer's province: its editors run the consultation */
  readonly province: ProvinceCode;
  readonly proposer: string;
  readonly status: CatalogueStatus;
  readonly content: ContentOf[K];
  /** SHA-256 over the content's RFC 8785 form: what the votes are about */
  readonly contentDigest: string;
  readonly consultation?: Consultation;
  /** approvals of the present round; a rejection ends the round */
  readonly votes: readonly Vote[];
  /** the vote that last sent the version back to draft */
  readonly rejection?: Vote;
  readonly withdrawalVotes?: readonly Act[];
  readonly suspension?: Act;
  readonly publishedAt?: string;
  readonly recordedAt: string;
}

export function versionKey(kind: CatalogueKind, code: string, version: number): string {
  return key('catalogue-version', kind, code, ordinal(version));
}

/** @throws Refusal `catalogue.not-found` */
export function loadVersion<K extends CatalogueKind>(
  tx: Tx,
  kind: K,
  code: string,
  version: number,
): Promise<CatalogueVersionRecord<K>> {
  return load(tx, versionKey(kind, code, version), 'catalogue.not-found', `${kind}/${code}/${version}`);
}

/**
 * The version that something new may be made under.
 * @throws Refusal `catalogue.not-found` when there is none, `catalogue.not-published` when it is not (or no longer) published
 */
export async function publishedVersion<K extends CatalogueKind>(
  tx: Tx,
  kind: K,
  code: string,
  version: number,
): Promise<CatalogueVersionRecord<K>> {
  const record = await loadVersion(tx, kind, code, version);
  ensurePublished(record);
  return record;
}

/** @throws Refusal `catalogue.not-published` */
export function ensurePublished({ kind, code, version, status }: CatalogueVersionRecord): void {
  ensure(status === 'published', 'catalogue.not-published', { state: status, id: `${kind}/${code}/${version}` });
}

/** The agencies that answer for an entry in a province: departments, the provider, or a standard's proposer. */
export function responsibleAgencies(record: CatalogueVersionRecord, province: ProvinceCode): readonly string[] {
  if (record.kind === 'service-items') return (record.content as ServiceItemContent).departments[province] ?? [];
  if (record.kind === 'data-sets') {
    const provider = (record.content as DataSetContent).providers[province];
    return provider ? [provider] : [];
  }
  return record.province === province ? [record.proposer] : [];
}

/** @throws Refusal `auth.agency` unless the caller answers for the entry in its province */
export function ensureResponsible(tx: Tx, record: CatalogueVersionRecord): void {
  const { agencyId, province } = tx.caller;
  ensure(responsibleAgencies(record, province.code).includes(agencyId), 'auth.agency');
}
