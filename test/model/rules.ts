/**
 * The design's rules as checks of one committed transaction: what it wrote, against what was there. They
 * look at the ledger alone, not at the model, so that a fault shared by both would still be found.
 */
import { expect } from 'vitest';
import { looksPersonal } from '../../chaincode/identifiers/personal-data.js';
import { parseKey } from '../../chaincode/state/keys.js';
import { later } from '../../chaincode/time.js';
import type { CaseRecord } from '../../chaincode/transactions/case/case-record.js';
import type { Entry } from '../../chaincode/transactions/case/entry.js';
import type { HandoffRecord } from '../../chaincode/transactions/case/handoff.js';
import type { CatalogueVersionRecord } from '../../chaincode/transactions/catalogue/catalogue-version.js';
import type { CertificateRecord } from '../../chaincode/transactions/certificate/certificate.js';
import { statusAt } from '../../chaincode/transactions/certificate/status.js';
import type { GrantCountRecord, GrantRecord } from '../../chaincode/transactions/grant/grant.js';
import type { UseRecord } from '../../chaincode/transactions/grant/use.js';
import { canonical } from '../support/case-world.js';
import { hash } from '../support/digests.js';
import type { Committed, HistoryLedger } from './ledger.js';

interface Written {
  readonly key: string;
  readonly type: string;
  readonly parts: readonly string[];
  readonly text: string;
  readonly after: Record<string, unknown>;
  readonly before: Record<string, unknown> | undefined;
}

export interface Checked {
  readonly ledger: HistoryLedger;
  readonly committed: Committed;
  readonly written: readonly Written[];
}

const parsed = (value: Uint8Array) => JSON.parse(Buffer.from(value).toString('utf8')) as Record<string, unknown>;

export function checked(ledger: HistoryLedger, committed: Committed): Checked {
  const written = committed.outcome.simulation.writes.map(({ key, value }) => {
    const name = parseKey(key);
    const old = committed.before.get(key);
    return {
      key,
      type: name?.type ?? 'no such type',
      parts: name?.parts ?? [],
      text: Buffer.from(value ?? '').toString('utf8'),
      after: parsed(value ?? Buffer.from('{}')),
      before: old && parsed(old.value),
    };
  });
  return { ledger, committed, written };
}

const of = <T>({ written }: Checked, type: string) =>
  written.filter((one) => one.type === type) as unknown as (Omit<Written, 'after' | 'before'> & {
    after: T;
    before: T | undefined;
  })[];

/** 1. One holder; only the holder moves a case, and an accepted hand-off once. */
function rule1(step: Checked): void {
  const { fn, call } = step.committed;
  for (const { after, before } of of<CaseRecord>(step, 'case')) {
    expect(after.offer !== undefined, 'offered exactly while an offer is open').toBe(after.status === 'offered');
    if (!before || before.holder.agency === after.holder.agency) continue;
    const [handoff] = of<HandoffRecord>(step, 'handoff');
    expect(['case:AcceptHandoff', 'case:ReturnHandoff']).toContain(fn);
    if (fn === 'case:AcceptHandoff') {
      expect(before.offer).toMatchObject({ to: after.holder.agency, number: handoff?.after.number });
      expect(after.holder.agency).toBe(call.actor.agencyId);
      expect([handoff?.before?.status, handoff?.after.status]).toEqual(['open', 'accepted']);
    } else {
      expect(before.holder.agency).toBe(call.actor.agencyId);
      expect(after.holder.agency).toBe(handoff?.after.from);
      expect([handoff?.before?.status, handoff?.after.status]).toEqual(['accepted', 'returned']);
    }
  }
}

/** 2. Entries numbered and chained; each change of a case is one entry, and none is ever written over. */
function rule2(step: Checked): void {
  for (const { after, before } of of<CaseRecord>(step, 'case')) {
    const own = of<Entry>(step, 'entry').filter(({ parts }) => parts[0] === after.caseId);
    expect(own, 'a change of a case is one entry').toHaveLength(1);
    const [written] = own;
    if (!written) continue;
    const { hash: stated, ...unsealed } = written.after;
    expect(written.before, 'no entry is written over').toBeUndefined();
    expect(unsealed.number).toBe((before?.entries ?? 0) + 1);
    expect(unsealed.previousHash).toBe(before?.head ?? '0'.repeat(64));
    expect(stated).toBe(hash(canonical(unsealed)));
    expect([after.entries, after.head]).toEqual([unsealed.number, stated]);
  }
}

/** 3. A case, grant, certificate or use names the version it was made under, and only a published one counts. */
function rule3(step: Checked): void {
  const versionOf = (kind: string, code: string, version: number) =>
    step.ledger.read<CatalogueVersionRecord>(`catalogue-version~${kind}~${code}~${String(version).padStart(8, '0')}`);
  for (const { after, before } of of<CaseRecord>(step, 'case')) {
    if (before) expect(after.item).toEqual(before.item);
    else expect(versionOf('service-items', after.item.code, after.item.version)?.status).toBe('published');
  }
  for (const { after, before } of of<GrantRecord>(step, 'grant')) {
    if (before) expect([after.dataSet, after.version]).toEqual([before.dataSet, before.version]);
    else expect(versionOf('data-sets', after.dataSet, after.version)?.status).toBe('published');
  }
  for (const { after } of of<UseRecord>(step, 'use')) {
    const grant = step.ledger.read<GrantRecord>(`grant~${after.grantId}`);
    expect([after.dataSet, after.version]).toEqual([grant?.dataSet, grant?.version]);
  }
  for (const { after } of of<CertificateRecord>(step, 'certificate'))
    if (after.caseId && !after.batch) expect(after.item).toEqual(step.ledger.read<CaseRecord>(`case~${after.caseId}`)?.item);
}

/** 4. Published only after the consultation closed and all four provinces approved that very content. */
function rule4(step: Checked): void {
  for (const { after, before } of of<CatalogueVersionRecord>(step, 'catalogue-version')) {
    if (before) expect([after.content, after.contentDigest]).toEqual([before.content, before.contentDigest]);
    if (after.status !== 'published' || before?.status === 'suspended' || before?.status === 'published') continue;
    expect(after.contentDigest).toBe(hash(canonical(after.content)));
    expect(after.votes.map(({ vote, contentDigest }) => [vote, contentDigest])).toEqual(
      Array.from({ length: 4 }, () => ['approve', after.contentDigest]),
    );
    expect(new Set(after.votes.map(({ province }) => province)).size).toBe(4);
    if (after.kind === 'service-items') expect(after.consultation?.result).toBeDefined();
    if (after.consultation) expect(Date.parse(after.consultation.closesAt)).toBeLessThanOrEqual(step.committed.call.time);
  }
}

const DAY = 86_400_000;

/** 5. What was told of a certificate at a past time stays so; nothing is taken out; revoked never becomes valid. */
function rule5(step: Checked): void {
  for (const { after, before } of of<CertificateRecord>(step, 'certificate')) {
    if (!before) continue;
    expect(after.changes.slice(0, before.changes.length)).toEqual(before.changes);
    const start = Date.parse(after.issuedAt);
    const asOfs = [-3, -1, 0, 1, 3, 30].map((days) => new Date(start + days * DAY).toISOString());
    const knownAts = [after.issuedAt, ...before.changes.map((change) => change.recordedAt)];
    for (const asOf of [...asOfs, ...before.changes.map((change) => change.effectiveAt)]) {
      for (const knownAt of knownAts.filter((known) => known < after.recordedAt))
        expect(statusAt(after, { asOf, knownAt })).toEqual(statusAt(before, { asOf, knownAt }));
      const earlier = statusAt(before, { asOf, knownAt: before.recordedAt }).verdict;
      if (earlier === 'revoked') expect(statusAt(after, { asOf, knownAt: after.recordedAt }).verdict).toBe('revoked');
    }
  }
}

/** 6. Permitted only inside the grant; the count and the record are one transaction; a denial says why. */
function rule6(step: Checked): void {
  for (const { after: use, before } of of<UseRecord>(step, 'use')) {
    expect(before, 'no use is written over').toBeUndefined();
    const grant = step.ledger.read<GrantRecord>(`grant~${use.grantId}`) as GrantRecord;
    const [count] = of<GrantCountRecord>(step, 'grant-count');
    expect(use.agency).toBe(step.committed.call.actor.agencyId);
    if (use.decision === 'denied') {
      expect(use.reason).toBeDefined();
      expect(count).toBeUndefined();
      continue;
    }
    expect([use.agency, use.purpose]).toEqual([grant.grantee, grant.purpose]);
    expect(grant.status).toBe('active');
    expect(use.recordedAt >= new Date(Date.parse(grant.validFrom)).toISOString()).toBe(true);
    expect(use.recordedAt <= new Date(Date.parse(grant.validTo)).toISOString()).toBe(true);
    expect(grant.fields).toEqual(expect.arrayContaining([...use.fields]));
    if (grant.subject) expect(use.subject).toBe(grant.subject);
    if (grant.maxUses === undefined) continue;
    expect(count?.after.used).toBe((count?.before?.used ?? 0) + use.count);
    expect(count?.after.used).toBeLessThanOrEqual(grant.maxUses);
  }
}

const EXEMPT =
  /"(?:keyDigest|contentDigest|hash|previousHash|head|value|subject|root|transaction|batchId|opinionDigest|inputDigest)":"[0-9a-f]{64}"/g;

/** 7. Nothing that looks like a person's number, outside digests and handles. */
function rule7({ written }: Checked): void {
  for (const { text, type, key } of written) {
    if (type === 'operation' || type === 'certificate-digest') continue;
    const words = text.replace(EXEMPT, '').match(/"(?:[^"\\]|\\.)*"/g) ?? [];
    for (const word of words)
      if (!/^"(?:[0-9A-Z]{18}(?:-[a-z])?|[0-9a-f]{64}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[^"]*)"$/.test(word))
        expect(looksPersonal(word), `${word} in ${key}`).toBe(false);
  }
}

/** 8. Written by the agency that signed: its operation, its entries, its votes, its uses, its steps. */
function rule8(step: Checked): void {
  const { agencyId, province } = step.committed.call.actor;
  const [operation] = of<object>(step, 'operation');
  expect(operation?.parts[0]).toBe(agencyId);
  for (const { after } of of<Entry>(step, 'entry')) expect(after.agency).toBe(agencyId);
  for (const { after, before } of of<CatalogueVersionRecord>(step, 'catalogue-version'))
    if (after.votes.length > (before?.votes.length ?? 0))
      expect(after.votes.at(-1)).toMatchObject({ agency: agencyId, province });
  for (const { after, before } of of<GrantRecord>(step, 'grant')) {
    if (!before) expect([after.grantee, after.granteeProvince]).toEqual([agencyId, province]);
    else expect(after.steps.at(-1)?.agency).toBe(agencyId);
  }
  for (const { after } of of<CertificateRecord>(step, 'certificate'))
    expect([after.issuer, after.province]).toEqual([agencyId, province]);
}

/** 9. One operation record for each transaction, never written over. */
function rule9(step: Checked): void {
  const operations = of<Record<string, unknown>>(step, 'operation');
  expect(operations).toHaveLength(1);
  expect(operations[0]?.before).toBeUndefined();
  expect(operations[0]?.parts[1]).toBe(step.committed.operation);
  expect(operations[0]?.after).toMatchObject({ transaction: step.committed.call.transactionId, function: step.committed.fn });
}

/** The recorded time of the batch that a leaf, or its digest, was issued in, when it gets its key only now. */
function issuedEarlier({ ledger }: Checked, { type, after, before }: Written): string | undefined {
  if (before || (type !== 'certificate' && after.role !== 'original')) return undefined;
  const { batch } = ledger.read<CertificateRecord>(`certificate~${after.certificateId}`) ?? {};
  return batch && ledger.read<{ recordedAt: string }>(`certificate-batch~${batch.batchId}`)?.recordedAt;
}

/** 10. Recorded time is the later of the transaction's and the one before: of the case, for what belongs to one. */
function rule10(step: Checked): void {
  const { written, committed } = step;
  const time = new Date(committed.call.time).toISOString();
  for (const one of written) {
    const recorded = one.after.recordedAt as string | undefined;
    if (recorded === undefined) continue;
    const issued = issuedEarlier(step, one);
    const belongs = one.type === 'handoff' || one.type === 'session' ? of<CaseRecord>(step, 'case')[0]?.before : one.before;
    const earlier = (belongs?.recordedAt as string | undefined) ?? issued;
    const expected = earlier === undefined ? [] : [later(earlier, time)];
    if (issued !== undefined) expected.push(issued);
    if (expected.length > 0) expect(expected, one.key).toContain(recorded);
    else expect(recorded >= time, one.key).toBe(true);
  }
}

/** 11. Keys are bounded ASCII in byte order; values are canonical JSON. */
function rule11({ written }: Checked): void {
  const keys = written.map(({ key }) => key);
  expect(keys).toEqual([...keys].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right))));
  for (const { key, type, text, after } of written) {
    expect(key).toMatch(/^[a-z-]+(?:~[0-9A-Za-z._-]{1,128})+$/);
    expect(type).not.toBe('no such type');
    expect(text).toBe(canonical(after));
  }
}

/** 12. What a peer would sign for a record is the very bytes that were written. */
async function rule12({ ledger, written, committed }: Checked): Promise<void> {
  const last = written.at(-1);
  if (last) expect(await ledger.query(last.key, committed.call)).toBe(last.text);
}

const RULES = [rule1, rule2, rule3, rule4, rule5, rule6, rule7, rule8, rule9, rule10, rule11];

/** @throws AssertionError of the first rule that the transaction breaks */
export async function checkRules(ledger: HistoryLedger, committed: Committed): Promise<void> {
  const step = checked(ledger, committed);
  for (const rule of RULES) rule(step);
  await rule12(step);
}
