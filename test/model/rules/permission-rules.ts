/** Rules 4 to 6: what is agreed, what is valid, what is permitted. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { isBefore } from '../../../chaincode/time.js';
import type { CatalogueHeadRecord } from '../../../chaincode/transactions/catalogue/catalogue-head.js';
import type { CatalogueVersionRecord } from '../../../chaincode/transactions/catalogue/catalogue-version.js';
import type { CertificateRecord } from '../../../chaincode/transactions/certificate/certificate.js';
import { statusAt } from '../../../chaincode/transactions/certificate/status.js';
import type { GrantCountRecord, GrantRecord } from '../../../chaincode/transactions/grant/grant.js';
import type { UseRecord } from '../../../chaincode/transactions/grant/use.js';
import { canonical } from '../../support/case-world.js';
import { hash } from '../../support/digests.js';
import { type Checked, of } from './checked.js';

/** 4. Published only after the consultation closed and all four provinces approved that very content. */
function rule4(step: Checked): void {
  for (const { after, before } of of<CatalogueVersionRecord>(step, 'catalogue-version')) {
    if (before) deepEqual([after.content, after.contentDigest], [before.content, before.contentDigest]);
    if (after.status !== 'published' || before?.status === 'suspended' || before?.status === 'published') continue;
    equal(after.contentDigest, hash(canonical(after.content)));
    deepEqual(
      after.votes.map(({ vote, contentDigest }) => [vote, contentDigest]),
      Array.from({ length: 4 }, () => ['approve', after.contentDigest]),
    );
    equal(new Set(after.votes.map(({ province }) => province)).size, 4);
    if (after.kind === 'service-items') ok(after.consultation?.result);
    if (after.consultation) ok(Date.parse(after.consultation.closesAt) <= step.committed.call.time);
  }
}

const DAY = 86_400_000;

/** 5. What was told of a certificate at a past time stays so; nothing is taken out; revoked never becomes valid. */
function rule5(step: Checked): void {
  for (const { after, before } of of<CertificateRecord>(step, 'certificate')) {
    if (!before) continue;
    deepEqual(after.changes.slice(0, before.changes.length), before.changes);
    const start = Date.parse(after.issuedAt);
    const asOfs = [-3, -1, 0, 1, 3, 30].map((days) => new Date(start + days * DAY).toISOString());
    const knownAts = [after.issuedAt, ...before.changes.map((change) => change.recordedAt)];
    for (const asOf of [...asOfs, ...before.changes.map((change) => change.effectiveAt)]) {
      for (const knownAt of knownAts.filter((known) => known < after.recordedAt))
        deepEqual(statusAt(after, { asOf, knownAt }), statusAt(before, { asOf, knownAt }));
      const earlier = statusAt(before, { asOf, knownAt: before.recordedAt }).verdict;
      if (earlier === 'revoked') equal(statusAt(after, { asOf, knownAt: after.recordedAt }).verdict, 'revoked');
    }
  }
}

/**
 * Whether a data set is shared now: in the version of the grant; or in the one that took its place and is on the list,
 * unless that withholds the data.
 */
function isShared({ ledger }: Checked, { dataSet, version }: GrantRecord): boolean {
  const versionOf = (number: number) =>
    ledger.read<CatalogueVersionRecord<'data-sets'>>(`catalogue-version~data-sets~${dataSet}~${String(number).padStart(8, '0')}`);
  const granted = versionOf(version);
  if (granted?.status === 'published') return true;
  const { published } = ledger.read<CatalogueHeadRecord>(`catalogue-head~data-sets~${dataSet}`) ?? {};
  const current = published === undefined ? undefined : versionOf(published);
  return granted?.status === 'superseded' && current?.status === 'published' && current.content.shareClass !== 'withheld';
}

/** 6. Permitted only inside the grant; the count and the record are one transaction; a denial says why. */
function rule6(step: Checked): void {
  for (const { after: use, before } of of<UseRecord>(step, 'use')) {
    equal(before, undefined, 'no use is written over');
    const grant = step.ledger.read<GrantRecord>(`grant~${use.grantId}`) as GrantRecord;
    const [count] = of<GrantCountRecord>(step, 'grant-count');
    equal(use.agency, step.committed.call.actor.agencyId);
    if (use.decision === 'denied') {
      ok(use.reason);
      equal(count, undefined);
      continue;
    }
    deepEqual([use.agency, use.purpose], [grant.grantee, grant.purpose]);
    equal(grant.status, 'active');
    ok(isShared(step, grant), 'of a data set that is shared');
    ok(!isBefore(use.recordedAt, grant.validFrom) && !isBefore(grant.validTo, use.recordedAt), 'within its dates');
    ok(
      use.fields.every((field) => grant.fields.includes(field)),
      'within its fields',
    );
    if (grant.subject) equal(use.subject, grant.subject);
    if (grant.maxUses === undefined) continue;
    equal(count?.after.used, (count?.before?.used ?? 0) + use.count);
    ok(use.count > 0 && (count?.after.used ?? 0) <= grant.maxUses, 'within its number of uses');
  }
}

export const PERMISSION_RULES = [rule4, rule5, rule6];
