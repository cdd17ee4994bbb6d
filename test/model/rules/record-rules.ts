/** Rules 7 to 12: what any record may hold, who wrote it, once, when, in which form. */
import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { looksPersonal } from '../../../chaincode/identifiers/personal-data.js';
import { later } from '../../../chaincode/time.js';
import type { AnchorBatchRecord } from '../../../chaincode/transactions/anchor/batch.js';
import type { CaseRecord } from '../../../chaincode/transactions/case/case-record.js';
import type { Entry } from '../../../chaincode/transactions/case/entry.js';
import type { CatalogueVersionRecord } from '../../../chaincode/transactions/catalogue/catalogue-version.js';
import type { CertificateRecord } from '../../../chaincode/transactions/certificate/certificate.js';
import type { GrantRecord } from '../../../chaincode/transactions/grant/grant.js';
import { canonical } from '../../support/case-world.js';
import { type Checked, of, type Written } from './checked.js';

const EXEMPT =
  /"(?:keyDigest|contentDigest|hash|previousHash|head|value|subject|root|transaction|batchId|opinionDigest|inputDigest)":"[0-9a-f]{64}"/g;

/** 7. Nothing that looks like a person's number, outside digests and handles. */
function rule7({ written }: Checked): void {
  for (const { text, type, key } of written) {
    if (type === 'operation' || type === 'certificate-digest') continue;
    const words = text.replace(EXEMPT, '').match(/"(?:[^"\\]|\\.)*"/g) ?? [];
    for (const word of words)
      if (!/^"(?:[0-9A-Z]{18}(?:-[a-z])?|[0-9a-f]{64}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[^"]*)"$/.test(word))
        ok(!looksPersonal(word), `${word} in ${key}`);
  }
}

/** 8. Written by the agency that signed: its operation, its entries, its votes, its uses, its steps. */
function rule8(step: Checked): void {
  const { agencyId, province } = step.committed.call.actor;
  const [operation] = of<object>(step, 'operation');
  equal(operation?.parts[0], agencyId);
  for (const { after } of of<Entry>(step, 'entry')) equal(after.agency, agencyId);
  for (const { after, before } of of<CatalogueVersionRecord>(step, 'catalogue-version'))
    if (after.votes.length > (before?.votes.length ?? 0))
      deepEqual([after.votes.at(-1)?.agency, after.votes.at(-1)?.province], [agencyId, province]);
  for (const { after, before } of of<GrantRecord>(step, 'grant')) {
    if (!before) deepEqual([after.grantee, after.granteeProvince], [agencyId, province]);
    else equal(after.steps.at(-1)?.agency, agencyId);
  }
  for (const { after } of of<CertificateRecord>(step, 'certificate'))
    deepEqual([after.issuer, after.province], [agencyId, province]);
  for (const { after, before } of of<AnchorBatchRecord>(step, 'anchor-batch'))
    deepEqual([after.agency, after.province, before], [agencyId, province, undefined]);
}

/** 9. One operation record for each transaction, never written over. */
function rule9(step: Checked): void {
  const operations = of<Record<string, unknown>>(step, 'operation');
  equal(operations.length, 1);
  equal(operations[0]?.before, undefined);
  equal(operations[0]?.parts[1], step.committed.operation);
  equal(operations[0]?.after.transaction, step.committed.call.transactionId);
  equal(operations[0]?.after.function, step.committed.fn);
}

/** The recorded time of the batch that a leaf, or its digest, was issued in, when it gets its key only now. */
function issuedEarlier(step: Checked, { type, after, before }: Written): string | undefined {
  if (before || (type !== 'certificate' && after.role !== 'original')) return undefined;
  const { batch } = of<CertificateRecord>(step, 'certificate')[0]?.after ?? {};
  return batch && step.ledger.read<{ recordedAt: string }>(`certificate-batch~${batch.batchId}`)?.recordedAt;
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
    ok(expected.length > 0 ? expected.includes(recorded) : recorded >= time, `${one.key} at ${recorded}`);
  }
}

/** 11. Keys are bounded ASCII in byte order; values are canonical JSON. */
function rule11({ written }: Checked): void {
  const keys = written.map(({ key }) => key);
  deepEqual(
    keys,
    [...keys].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right))),
  );
  for (const { key, type, text, after } of written) {
    match(key, /^[a-z-]+(?:~[0-9A-Za-z._-]{1,128})+$/);
    notEqual(type, 'no such type');
    equal(text, canonical(after));
  }
}

/** 12. What a peer would sign for a record is the very bytes that were written. */
export async function rule12({ ledger, written, committed }: Checked): Promise<void> {
  for (const { key, text } of written) equal(await ledger.query(key, committed.call), text, key);
}

export const RECORD_RULES = [rule7, rule8, rule9, rule10, rule11];
