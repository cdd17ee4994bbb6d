import { beforeAll, describe, expect, it } from 'vitest';
import { parseRefusal } from '../../chaincode/errors.js';
import { CODE_DIGEST } from '../../chaincode/generated/code-digest.js';
import type { CertificateContent } from '../../chaincode/transactions/certificate/certificate.js';
import { canonical } from '../support/case-world.js';
import { content, issue, leafProof } from '../support/certificate-content.js';
import { type Accepted, type Actor, ContractWorld } from '../support/contract-world.js';
import { hash, sha256 } from '../support/digests.js';

const RECORDS = 'ledger:AttestRecords';
const CERTIFICATE = 'ledger:AttestCertificate';
const COPY = { digest: sha256('copy'), purpose: 'tender', expiresAt: '2026-12-31T00:00:00Z' };
const REVOCATION = { reasonCode: 'withdrawn', legalBasis: '行政许可法第六十九条' };

let world: ContractWorld;
let issuer: Actor;
let auditor: Actor;

beforeAll(async () => {
  world = await ContractWorld.create();
  issuer = await world.agency('310000', ['certificate-issuer']);
  auditor = await world.agency('340000', ['auditor'], 'auditor');
});

const now = () => new Date(world.now).toISOString();

/** The answer's exact bytes, what was read, and that nothing was written. */
async function asked(fn: string, question: object) {
  const { status, payload, reads, writes } = await world.simulate(auditor, fn, canonical(question));
  expect({ status, writes }).toEqual({ status: 200, writes: [] });
  return { answer: Buffer.from(payload).toString('utf8'), read: new Set(reads.map(({ key }) => key)) };
}

function answerOf(question: string, records: readonly object[], result?: object): string {
  const ledger = { channel: 'delta', codeDigest: CODE_DIGEST };
  return canonical({ format: 'yrd-answer/1', ledger, question, records, ...(result && { result }), time: now() });
}

/** The refusal's code and the field at fault or id that it names, and that nothing was written. */
async function refused(fn: string, argument: object | string) {
  const text = typeof argument === 'string' ? argument : canonical(argument);
  const { status, message, writes } = await world.simulate(auditor, fn, text);
  expect({ status, writes }).toEqual({ status: 500, writes: [] });
  const refusal = parseRefusal(message);
  return [refusal?.code, refusal?.facts.fields?.[0]?.path ?? refusal?.facts.id];
}

describe('records as peers sign them', () => {
  it('are each answered with its key as stored, null where there is none, in the order asked', async () => {
    const agency = `agency~${issuer.agencyId}`;
    const keys = ['case~31-nowhere', agency, 'feature~active'];
    const { answer, read } = await asked(RECORDS, { keys });
    const records = [
      { key: 'case~31-nowhere', value: null },
      { key: agency, value: world.read(agency) },
      { key: 'feature~active', value: null },
    ];
    expect(answer).toBe(answerOf('records', records));
    expect(read).toEqual(new Set(keys));
  });

  it('are asked for by canonical JSON alone', async () => {
    for (const text of ['', '{"keys":["feature~active"] }', '{"keys":["feature~active"],"keys":["feature~active"]}', '[', '1e2'])
      expect(await refused(RECORDS, text)).toEqual(['request.invalid', '']);
  });

  it('are one to a hundred, asked for by nothing but their keys', async () => {
    const key = 'feature~active';
    const many = Array.from({ length: 101 }, (_, index) => `case~31-case-${index}`);
    expect(await refused(RECORDS, { keys: [] })).toEqual(['request.invalid', '/keys']);
    expect(await refused(RECORDS, { keys: many })).toEqual(['request.invalid', '/keys']);
    expect(await refused(RECORDS, { keys: [7] })).toEqual(['request.invalid', '/keys/0']);
    expect(await refused(RECORDS, { keys: ['x'.repeat(601)] })).toEqual(['request.invalid', '/keys/0']);
    expect((await refused(RECORDS, { keys: [key], more: true }))[0]).toBe('request.invalid');
    expect((await refused(RECORDS, {}))[0]).toBe('request.invalid');
    expect(await refused(RECORDS, { keys: [key, key] })).toEqual(['request.invalid', '/keys']);
    expect((await asked(RECORDS, { keys: many.slice(1) })).read).toEqual(new Set(many.slice(1)));
  });

  it.each(['no such key', 'invented~1', 'case~', '~', 'case~31-a~\u0000'])('are under keys, of which %j is none', async (key) => {
    expect(await refused(RECORDS, { keys: ['feature~active', key] })).toEqual(['request.id-invalid', '/keys/1']);
  });
});

describe('a certificate’s status as peers sign it', () => {
  let certificateId: string;
  let stated: CertificateContent;
  let issued: Accepted;
  let revoked: Accepted;
  let issuedAt: string;
  let revokedAt: string;
  const digest = () => sha256(`document ${issuer.agencyId} attested`);

  /** The public part, with the digest that was asked about. */
  const told = (role: object, status: object, of = digest()) => ({
    certificate: {
      certificateId,
      typeCode: stated.typeCode,
      digests: stated.digests,
      validFrom: stated.validFrom,
      validTo: stated.validTo,
      issuer: issuer.agencyId,
      province: '310000',
      issuedAt,
      transaction: issued.transactionId,
      recordedAt: revokedAt,
    },
    digest: { ...of, ...role },
    status,
  });
  const change = () => ({
    change: 'revoked',
    ...REVOCATION,
    effectiveAt: revokedAt,
    recordedAt: revokedAt,
    transaction: revoked.transactionId,
  });

  beforeAll(async () => {
    stated = content(issuer, 'attested');
    ({ certificateId } = stated);
    issuedAt = now();
    issued = await world.submit(issuer, 'certificate:IssueCertificate', stated);
    await world.submit(issuer, 'certificate:RecordCopy', { certificateId, ...COPY });
    world.now += 3_600_000;
    revokedAt = now();
    revoked = await world.submit(issuer, 'certificate:RevokeCertificate', { certificateId, ...REVOCATION });
  });

  it('is its public part and the verdict of now, with the change that decides', async () => {
    const { answer, read } = await asked(CERTIFICATE, { certificateId, digest: digest() });
    const status = { verdict: 'revoked', asOf: now(), knownAt: now(), change: change() };
    expect(answer).toBe(answerOf('certificate', [{ key: `certificate~${certificateId}` }], told({ role: 'original' }, status)));
    expect(read).toEqual(new Set([`certificate~${certificateId}`]));
  });

  it('is told for another day, and for what was known then', async () => {
    const before = new Date(Date.parse(revokedAt) - 1000).toISOString();
    const records = [{ key: `certificate~${certificateId}` }];
    const wasValid = await asked(CERTIFICATE, { certificateId, digest: digest(), asOf: before });
    const then = { verdict: 'valid', asOf: before, knownAt: now() };
    expect(wasValid.answer).toBe(answerOf('certificate', records, told({ role: 'original' }, then)));
    const notKnown = await asked(CERTIFICATE, { certificateId, digest: digest(), asOf: revokedAt, knownAt: before });
    const known = { verdict: 'valid', asOf: revokedAt, knownAt: before };
    expect(notKnown.answer).toBe(answerOf('certificate', records, told({ role: 'original' }, known)));
  });

  it('is found by an annotated copy too, whose record is read besides', async () => {
    const key = `certificate-digest~sha-256~${COPY.digest.value}`;
    const { answer, read } = await asked(CERTIFICATE, { certificateId, digest: COPY.digest });
    const { purpose, expiresAt } = COPY;
    const status = { verdict: 'revoked', asOf: now(), knownAt: now(), change: change() };
    const result = told({ role: 'annotated-copy', purpose, expiresAt }, status, COPY.digest);
    expect(answer).toBe(answerOf('certificate', [{ key: `certificate~${certificateId}` }, { key }], result));
    expect(read).toEqual(new Set([`certificate~${certificateId}`, key]));
  });

  it('of a leaf that has no key is shown by its proof, the missing key answered as null', async () => {
    const { leaf, proof, batch, recordedAt } = await leafOf('leaf');
    const question = { certificateId: leaf.certificateId, digest: sha256(`document ${issuer.agencyId} leaf`), proof };
    const { answer } = await asked(CERTIFICATE, question);
    const { subject: _s, capture: _c, ...shown } = leaf;
    const certificate = {
      ...shown,
      issuer: issuer.agencyId,
      province: '310000',
      issuedAt: recordedAt,
      transaction: batch.transactionId,
      batch: { batchId: batch.transactionId, index: 0 },
      recordedAt,
    };
    const records = [
      { key: `certificate~${leaf.certificateId}`, value: null },
      { key: `certificate-batch~${batch.transactionId}` },
    ];
    const status = { verdict: 'valid', asOf: now(), knownAt: now() };
    expect(answer).toBe(
      answerOf('certificate', records, { certificate, digest: { ...question.digest, role: 'original' }, status }),
    );
  });

  async function leafOf(serial: string) {
    const leaf = content(issuer, serial);
    const recordedAt = now();
    const batch = await world.submit(issuer, 'certificate:IssueBatch', { items: [leaf] });
    return { leaf, batch, recordedAt, proof: leafProof(issuer, [leaf], batch, 0) };
  }

  it('is asked for by canonical JSON of the closed form alone', async () => {
    const question = { certificateId, digest: digest() };
    expect(await refused(CERTIFICATE, ` ${canonical(question)}`)).toEqual(['request.invalid', '']);
    expect(await refused(CERTIFICATE, '{}{}')).toEqual(['request.invalid', '']);
    expect(await refused(CERTIFICATE, { ...question, asOf: 'yesterday' })).toEqual(['request.invalid', '/asOf']);
    expect((await refused(CERTIFICATE, { ...question, more: true }))[0]).toBe('request.invalid');
    expect((await refused(CERTIFICATE, { certificateId }))[0]).toBe('request.invalid');
  });

  it('is refused of one that the ledger does not know, and before the ledger knew it', async () => {
    const unheard = `${issuer.agencyId}-unheard`;
    expect(await refused(CERTIFICATE, { certificateId: unheard, digest: digest() })).toEqual(['certificate.not-found', unheard]);
    const early = { certificateId, digest: digest(), knownAt: new Date(Date.parse(issuedAt) - 1).toISOString() };
    expect(await refused(CERTIFICATE, early)).toEqual(['certificate.not-found', certificateId]);
    await asked(CERTIFICATE, { ...early, knownAt: issuedAt });
  });

  it('is refused for a digest that is not its own: of nothing, of another’s original, or of another’s copy', async () => {
    const other = await issue(world, issuer, 'another');
    const copied = { ...COPY, digest: sha256('copy of another') };
    await world.submit(issuer, 'certificate:RecordCopy', { certificateId: other, ...copied });
    for (const foreign of [sha256('nothing'), sha256(`document ${issuer.agencyId} another`), copied.digest])
      expect(await refused(CERTIFICATE, { certificateId, digest: foreign })).toEqual(['certificate.digest', foreign.value]);
    const sm3 = { alg: 'sm3', value: digest().value };
    expect(await refused(CERTIFICATE, { certificateId, digest: sm3 })).toEqual(['certificate.digest', sm3.value]);
  });

  it('is refused with a proof of another leaf, of no batch, or of none of the batch’s leaves', async () => {
    const { leaf, proof } = await leafOf('proven');
    const question = { certificateId: leaf.certificateId, digest: sha256(`document ${issuer.agencyId} proven`) };
    await asked(CERTIFICATE, { ...question, proof });
    expect(await refused(CERTIFICATE, question)).toEqual(['certificate.not-found', leaf.certificateId]);
    const other = await leafOf('other');
    const forged = { ...leaf, validTo: '2099-01-01T00:00:00Z' };
    for (const wrong of [other.proof, { ...proof, batchId: hash('no batch') }, { ...proof, size: 2 }, { ...proof, leaf: forged }])
      expect(await refused(CERTIFICATE, { ...question, proof: wrong })).toEqual(['certificate.proof', leaf.certificateId]);
  });
});
