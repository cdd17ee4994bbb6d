/**
 * Batches: many certificates as leaves under one root (RFC 9162), one state key for all of them.
 * Judging is stateless, so everybody who reads the transaction computes the same leaves again. The
 * items' cases and the digests of other certificates are not looked up: of two certificates with one
 * id or digest the first in block order stands, which only readers of the whole chain can tell.
 */
import canonicalize from 'canonicalize';
import Type, { type Static } from 'typebox';
import type { RefusalCode } from '../../errors.js';
import { leafHash } from '../../merkle/tree.js';
import type { ProvinceCode } from '../../provinces.js';
import { Closed, OneOf } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';
import { type CertificateContent, digestKey } from './certificate.js';
import { contentFault } from './content-fault.js';

export const BATCH_LIMIT = 500;

export interface CertificateBatchRecord {
  /** the id of the transaction that issued it */
  readonly batchId: string;
  /** number of leaves: the items that were good */
  readonly size: number;
  readonly root: string;
  readonly issuer: string;
  readonly province: ProvinceCode;
  readonly recordedAt: string;
}

export interface BatchOutcome {
  /** the item's place in the request, from 0 */
  readonly index: number;
  readonly certificateId: string;
  /** why the item was not issued; absent when it was */
  readonly code?: RefusalCode;
}

export interface JudgedBatch {
  readonly outcomes: readonly BatchOutcome[];
  /** the good items in the order of the request: leaf n is the nth of them */
  readonly leaves: readonly CertificateContent[];
}

/**
 * An item that the sender already knows to be void, because an earlier certificate has its id or digest.
 * It stays in the transaction, so that the answer and every reader can tell what became of it.
 */
export const TakenItem = Closed({
  index: Type.Integer({ minimum: 0, maximum: BATCH_LIMIT - 1 }),
  code: OneOf(['certificate.exists', 'certificate.digest']),
});
export type TakenItem = Static<typeof TakenItem>;

export function batchKey(batchId: string): string {
  return key('certificate-batch', batchId);
}

/** The hash of a certificate as a leaf: over the item's canonical JSON (RFC 8785). */
export function certificateLeafHash(item: CertificateContent): string {
  return leafHash(canonicalize(item) as string);
}

/** Sorts good items from bad: content first, then what the sender knows, then an id or digest that an earlier good item has taken. */
export function judgeBatch(issuer: string, items: readonly CertificateContent[], known: readonly TakenItem[] = []): JudgedBatch {
  const ids = new Set<string>();
  const digests = new Set<string>();
  const leaves: CertificateContent[] = [];
  const outcomes = items.map((item, index): BatchOutcome => {
    const { certificateId } = item;
    const own = item.digests.map(digestKey);
    const code =
      contentFault(issuer, item)?.code ??
      known.find((taken) => taken.index === index)?.code ??
      taken(
        ids.has(certificateId),
        own.some((digest) => digests.has(digest)),
      );
    if (code) return { index, certificateId, code };
    ids.add(certificateId);
    for (const digest of own) digests.add(digest);
    leaves.push(item);
    return { index, certificateId };
  });
  return { outcomes, leaves };
}

function taken(id: boolean, digest: boolean): RefusalCode | undefined {
  if (id) return 'certificate.exists';
  return digest ? 'certificate.digest' : undefined;
}
