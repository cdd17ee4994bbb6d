/** Rules 1 to 3: holders, timelines, catalogue versions. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { CaseRecord } from '../../../chaincode/transactions/case/case-record.js';
import type { Entry } from '../../../chaincode/transactions/case/entry.js';
import type { HandoffRecord } from '../../../chaincode/transactions/case/handoff.js';
import type { CatalogueVersionRecord } from '../../../chaincode/transactions/catalogue/catalogue-version.js';
import type { CertificateRecord } from '../../../chaincode/transactions/certificate/certificate.js';
import type { GrantRecord } from '../../../chaincode/transactions/grant/grant.js';
import type { UseRecord } from '../../../chaincode/transactions/grant/use.js';
import { canonical } from '../../support/case-world.js';
import { hash } from '../../support/digests.js';
import { type Checked, of } from './checked.js';

/** 1. One holder; only the holder moves a case, and an accepted hand-off once. */
function rule1(step: Checked): void {
  const { fn, call } = step.committed;
  for (const { after, before } of of<CaseRecord>(step, 'case')) {
    equal(after.offer !== undefined, after.status === 'offered', 'offered exactly while an offer is open');
    if (!before || before.holder.agency === after.holder.agency) continue;
    const [handoff] = of<HandoffRecord>(step, 'handoff');
    ok(fn === 'case:AcceptHandoff' || fn === 'case:ReturnHandoff', `${fn} moved the case`);
    if (fn === 'case:AcceptHandoff') {
      equal(before.offer?.to, after.holder.agency);
      equal(before.offer?.number, handoff?.after.number);
      equal(after.holder.agency, call.actor.agencyId);
      deepEqual([handoff?.before?.status, handoff?.after.status], ['open', 'accepted']);
    } else {
      equal(before.holder.agency, call.actor.agencyId);
      equal(after.holder.agency, handoff?.after.from);
      deepEqual([handoff?.before?.status, handoff?.after.status], ['accepted', 'returned']);
    }
  }
}

/** 2. Entries numbered and chained; each change of a case is one entry, and none is ever written over. */
function rule2(step: Checked): void {
  for (const { after, before } of of<CaseRecord>(step, 'case')) {
    const own = of<Entry>(step, 'entry').filter(({ parts }) => parts[0] === after.caseId);
    const [written] = own;
    ok(written && own.length === 1, 'a change of a case is one entry');
    const { hash: stated, ...unsealed } = written.after;
    equal(written.before, undefined, 'no entry is written over');
    equal(unsealed.number, (before?.entries ?? 0) + 1);
    equal(unsealed.previousHash, before?.head ?? '0'.repeat(64));
    equal(stated, hash(canonical(unsealed)));
    deepEqual([after.entries, after.head], [unsealed.number, stated]);
  }
}

/** 3. A case, grant, certificate or use names the version it was made under, and only a published one counts. */
function rule3(step: Checked): void {
  const versionOf = (kind: string, code: string, version: number) =>
    step.ledger.read<CatalogueVersionRecord>(`catalogue-version~${kind}~${code}~${String(version).padStart(8, '0')}`);
  for (const { after, before } of of<CaseRecord>(step, 'case')) {
    if (before) deepEqual(after.item, before.item);
    else equal(versionOf('service-items', after.item.code, after.item.version)?.status, 'published');
  }
  for (const { after, before } of of<GrantRecord>(step, 'grant')) {
    if (before) deepEqual([after.dataSet, after.version], [before.dataSet, before.version]);
    else equal(versionOf('data-sets', after.dataSet, after.version)?.status, 'published');
  }
  for (const { after } of of<UseRecord>(step, 'use')) {
    const grant = step.ledger.read<GrantRecord>(`grant~${after.grantId}`);
    deepEqual([after.dataSet, after.version], [grant?.dataSet, grant?.version]);
  }
  for (const { after } of of<CertificateRecord>(step, 'certificate'))
    if (after.caseId && !after.batch) deepEqual(after.item, step.ledger.read<CaseRecord>(`case~${after.caseId}`)?.item);
}

export const CASE_RULES = [rule1, rule2, rule3];
