/**
 * A certificate's status for a receipt that anybody may see: its public part, the digest it was found by
 * and the status that the contract computes. A leaf of a batch comes with its proof, which is checked here,
 * so that the receipt need not show the leaf, with its subject and case, to the public.
 */
import type { Context } from 'fabric-contract-api';
import Type, { type Static } from 'typebox';
import { Refusal } from '../../errors.js';
import { type AttestedRecord, attestation, decodeQuestion } from '../../runtime/attestation.js';
import { transactionTime } from '../../runtime/execute.js';
import { check } from '../../schemas/check.js';
import { CertificateId, Closed, Digest, Time } from '../../schemas/primitives.js';
import { State } from '../../state/state.js';
import { later } from '../../time.js';
import { batchKey } from './batch.js';
import {
  type CertificateDigestRecord,
  type CertificateRecord,
  certificateKey,
  contestedKey,
  digestKey,
  isSameIssue,
} from './certificate.js';
import { LeafProof, provenCertificate } from './leaf-proof.js';
import { publicPart } from './public-part.js';
import { statusAt } from './status.js';

export const CertificateQuestion = Closed({
  certificateId: CertificateId,
  /** of the original or of an annotated copy */
  digest: Digest,
  /** effective time; the question's own unless given */
  asOf: Type.Optional(Time),
  /** recorded time; everything known unless given */
  knownAt: Type.Optional(Time),
  proof: Type.Optional(LeafProof),
});
export type CertificateQuestion = Static<typeof CertificateQuestion>;

interface Read {
  readonly certificate: CertificateRecord;
  readonly keys: readonly string[];
}

/** The certificate under its key, or as the leaf that the proof shows; of two namesakes the one that is proven. */
async function readCertificate(state: State, { certificateId, proof }: CertificateQuestion): Promise<Read> {
  const key = certificateKey(certificateId);
  const keyed = await state.get<CertificateRecord>(key);
  if (!proof) {
    if (!keyed) throw new Refusal('certificate.not-found', { id: certificateId });
    return { certificate: keyed, keys: [key] };
  }
  const proven = await provenCertificate({ state }, certificateId, proof);
  const keys = [key, batchKey(proof.batchId)];
  if (!keyed || isSameIssue(keyed, proven)) return { certificate: keyed ?? proven, keys };
  const contested = contestedKey(certificateId, proof.batchId);
  return { certificate: (await state.get<CertificateRecord>(contested)) ?? proven, keys: [...keys, contested] };
}

/** As what the digest belongs to the certificate. @throws Refusal `certificate.digest` when it does not */
async function roleOf(state: State, certificate: CertificateRecord, digest: CertificateQuestion['digest']) {
  const { certificateId, digests } = certificate;
  if (digests.some(({ alg, value }) => alg === digest.alg && value === digest.value)) return { role: 'original' };
  const record = await state.get<CertificateDigestRecord>(digestKey(digest));
  if (record?.role !== 'annotated-copy' || record.certificateId !== certificateId)
    throw new Refusal('certificate.digest', { id: digest.value });
  return { role: record.role, purpose: record.purpose, expiresAt: record.expiresAt };
}

/** @throws Refusal `request.invalid`, `certificate.not-found`, `certificate.proof`, `certificate.digest` */
export async function attestCertificate(ctx: Context, argument: string): Promise<string> {
  const asked = decodeQuestion(argument);
  check(CertificateQuestion, asked);
  const question = asked as CertificateQuestion;
  const state = new State(ctx.stub);
  const { certificate, keys } = await readCertificate(state, question);
  const role = await roleOf(state, certificate, question.digest);
  const present = later(transactionTime(ctx), certificate.recordedAt);
  const { asOf = present, knownAt = present } = question;
  const { verdict, change } = statusAt(certificate, { asOf, knownAt });
  if (verdict === 'unknown') throw new Refusal('certificate.not-found', { id: certificate.certificateId });
  const read = role.role === 'original' ? keys : [...keys, digestKey(question.digest)];
  const records: AttestedRecord[] = [];
  for (const key of read) records.push((await state.get(key)) === undefined ? { key, value: null } : { key });
  return attestation(ctx, {
    question: 'certificate',
    records,
    result: {
      certificate: publicPart(certificate),
      digest: { ...question.digest, ...role },
      status: { verdict, asOf, knownAt, ...(change && { change }) },
    },
  });
}
