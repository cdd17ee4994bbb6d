/**
 * Which certificate stands. Batches put leaves on the ledger without looking at other certificates, so
 * two may claim one id or one digest; the first in block order stands, and the later one is void in
 * every answer. The tables hold the standing ones only.
 */
import {
  type CertificateDigestRecord,
  type CertificateRecord,
  certificateKey,
  isSameIssue,
} from '../../chaincode/transactions/certificate/certificate.js';
import { publicPart } from '../../chaincode/transactions/certificate/public-part.js';
import type { Dated } from '../../chaincode/transactions/certificate/status.js';
import type { Page } from '../http/page.js';
import { prepare } from '../store/prepared.js';
import type { Store, StoreTransaction } from '../store/store.js';
import { enterFact, type Written } from './audit-fact.js';
import { itemTraits } from './counted-item.js';
import { countRecord } from './statistic.js';

export interface DigestValue {
  readonly alg: string;
  readonly value: string;
}

const selectStanding = prepare((db, p) =>
  db.selectFrom('standing_certificate').select('value').where('certificate_id', '=', p(0)),
);

const selectDigest = prepare((db, p) =>
  db.selectFrom('digest_index').select('certificate_id').where('alg', '=', p(0)).where('value', '=', p(1)),
);

const selectByDigest = prepare((db, p) =>
  db
    .selectFrom('digest_index')
    .innerJoin('standing_certificate', 'standing_certificate.certificate_id', 'digest_index.certificate_id')
    .select(['digest_index.record', 'standing_certificate.judged', 'standing_certificate.shown'])
    .where('digest_index.alg', '=', p(0))
    .where('digest_index.value', '=', p(1)),
);

const insertStanding = prepare((db, p) =>
  db.insertInto('standing_certificate').values({ certificate_id: p(0), issuer: p(1), value: p(2), judged: p(3), shown: p(4) }),
);

const updateStanding = prepare((db, p) =>
  db
    .updateTable('standing_certificate')
    .set({ value: p(1), judged: p(2), shown: p(3) })
    .where('certificate_id', '=', p(0)),
);

const insertDigest = prepare((db, p) =>
  db.insertInto('digest_index').values({ alg: p(0), value: p(1), certificate_id: p(2), record: p(3) }),
);

type Reader = Store['db'] | StoreTransaction;

/** What a verdict depends on. */
export type JudgedCertificate = Pick<CertificateRecord, 'certificateId' | 'recordedAt'> & Dated;

/** What is recorded under a digest, and the standing certificate that it belongs to. */
export interface FoundCertificate {
  readonly digest: CertificateDigestRecord;
  readonly certificate: JudgedCertificate;
  /** `PublicCertificate` as JSON: answers carry it as it stands */
  readonly shown: string;
}

/** The certificate as the table holds it: whole, and cut for those who ask most often. */
function columnsOf(certificate: CertificateRecord): readonly [value: string, judged: string, shown: string] {
  const { certificateId, validFrom, validTo, issuedAt, recordedAt, changes } = certificate;
  const judged: JudgedCertificate = {
    certificateId,
    validFrom,
    ...(validTo !== undefined && { validTo }),
    issuedAt,
    recordedAt,
    changes,
  };
  return [JSON.stringify(certificate), JSON.stringify(judged), JSON.stringify(publicPart(certificate))];
}

export async function standingCertificate(db: Reader, certificateId: string): Promise<CertificateRecord | undefined> {
  const [row] = await selectStanding(db, certificateId);
  return row && (JSON.parse(row.value) as CertificateRecord);
}

export async function isClaimed(db: Reader, { alg, value }: DigestValue): Promise<boolean> {
  return (await selectDigest(db, alg, value)).length > 0;
}

export async function findByDigest(db: Reader, { alg, value }: DigestValue): Promise<FoundCertificate | undefined> {
  const [row] = await selectByDigest(db, alg, value);
  return row && { digest: JSON.parse(row.record), certificate: JSON.parse(row.judged), shown: row.shown };
}

async function claimDigest(db: StoreTransaction, { alg, value }: DigestValue, record: CertificateDigestRecord): Promise<void> {
  await insertDigest(db, alg, value, record.certificateId, JSON.stringify(record));
}

/** Why a new certificate does not stand; undefined when it does. */
export async function claimedBefore(
  db: Reader,
  certificate: { readonly certificateId: string; readonly digests: readonly DigestValue[] },
): Promise<'certificate.exists' | 'certificate.digest' | undefined> {
  if ((await selectStanding(db, certificate.certificateId)).length > 0) return 'certificate.exists';
  for (const digest of certificate.digests) if (await isClaimed(db, digest)) return 'certificate.digest';
  return undefined;
}

/** A batch's leaves name no item; a certificate of a case does. */
async function countIssued(db: StoreTransaction, { item, province, issuedAt }: CertificateRecord): Promise<void> {
  const traits = { ...(item && (await itemTraits(db, item))), province };
  await countRecord(db, { measure: 'certificates', time: issuedAt, traits });
}

/** Enters a newly issued certificate, unless an earlier one has its id or a digest of it. */
export async function enterIssued(db: StoreTransaction, certificate: CertificateRecord, written: Written): Promise<void> {
  if (await claimedBefore(db, certificate)) return;
  const { certificateId, issuer, digests, recordedAt } = certificate;
  await insertStanding(db, certificateId, issuer, ...columnsOf(certificate));
  for (const digest of digests) await claimDigest(db, digest, { certificateId, role: 'original', recordedAt });
  await enterFact(db, written, certificateKey(certificateId), recordedAt);
  await countIssued(db, certificate);
}

/** Takes over the changes of status that the standing certificate's issuer made; a namesake changes nothing. */
export async function enterChanges(db: StoreTransaction, record: CertificateRecord, written: Written): Promise<void> {
  const standing = await standingCertificate(db, record.certificateId);
  if (!standing || !isSameIssue(standing, record)) return;
  const { changes, recordedAt } = record;
  await updateStanding(db, record.certificateId, ...columnsOf({ ...standing, changes, recordedAt }));
  // A batch's leaf gets its key with its first annotated copy too, which changes nothing of it.
  if (changes.length > standing.changes.length)
    await enterFact(db, written, certificateKey(record.certificateId), recordedAt, changes.length - 1);
}

/** Enters an annotated copy, when the standing certificate's issuer recorded it and its digest is free. */
export async function enterCopy(
  db: StoreTransaction,
  digest: DigestValue,
  record: CertificateDigestRecord,
  agency: string | undefined,
): Promise<void> {
  const standing = await standingCertificate(db, record.certificateId);
  if (standing?.issuer !== agency || (await isClaimed(db, digest))) return;
  await claimDigest(db, digest, record);
}

/** Annotated copies of a certificate, sorted by digest. */
export async function listCopies({ db }: Store, certificateId: string, page: Page): Promise<{ key: string; copy: object }[]> {
  const rows = await db
    .selectFrom('digest_index')
    .select(['alg', 'value', 'record'])
    .where('certificate_id', '=', certificateId)
    .where('record', 'like', '%"role":"annotated-copy"%')
    .$if(page.after !== undefined, (query) =>
      query.where((eb) => eb(eb.fn('concat', ['alg', eb.val(' '), 'value']), '>', page.after as string)),
    )
    .orderBy('alg')
    .orderBy('value')
    .limit(page.limit + 1)
    .execute();
  return rows.map(({ alg, value, record }) => ({
    key: `${alg} ${value}`,
    copy: { digest: { alg, value }, ...JSON.parse(record) },
  }));
}
