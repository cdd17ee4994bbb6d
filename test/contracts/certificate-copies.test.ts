import { beforeAll, describe, expect, it } from 'vitest';
import { issue, original } from '../support/certificate-content.js';
import { type Actor, ContractWorld } from '../support/contract-world.js';
import { hash, sha256 } from '../support/digests.js';
import { writeSet } from '../support/write-set.js';

const COPY = 'certificate:RecordCopy';

describe('recording an annotated copy', () => {
  let world: ContractWorld;
  let issuer: Actor;
  let certificateId: string;
  let copies = 0;

  beforeAll(async () => {
    world = await ContractWorld.create();
    issuer = await world.agency('310000', ['certificate-issuer']);
    certificateId = await issue(world, issuer, 'original', { digests: [original('the original')] });
  });

  const copy = (changes: object = {}) => ({
    certificateId,
    digest: sha256(`copy ${++copies}`),
    purpose: 'tender-2026',
    expiresAt: '2026-12-01T00:00:00Z',
    ...changes,
  });

  it('writes the copy under its own digest and leaves the certificate as it is', async () => {
    const stated = copy();
    const recordedAt = new Date(world.now).toISOString();
    const accepted = await world.submit(issuer, COPY, stated);
    const { purpose, expiresAt } = stated;
    const record = { certificateId, role: 'annotated-copy', purpose, expiresAt, recordedAt };
    expect(writeSet(accepted, issuer, COPY)).toEqual({ [`certificate-digest~sha-256~${stated.digest.value}`]: record });
    expect(accepted.record).toEqual({ ...record, digest: stated.digest });
  });

  it('may be recorded under two algorithms', async () => {
    const stated = copy({ digest: { alg: 'sm3', value: hash('copy sm3') } });
    expect((await world.submit(issuer, COPY, stated)).record).toMatchObject({ digest: stated.digest });
  });

  it('is refused for a digest on the ledger: the original’s, another copy’s, another certificate’s', async () => {
    const first = copy();
    await world.submit(issuer, COPY, first);
    await issue(world, issuer, 'second', { digests: [original('second original')] });
    for (const digest of [sha256('the original'), first.digest, sha256('second original')]) {
      const refusal = await world.refusal(issuer, COPY, copy({ digest }));
      expect([refusal.code, refusal.facts.id]).toEqual(['certificate.digest', digest.value]);
    }
  });

  it('bars a later certificate from taking the copy’s digest for its original', async () => {
    const stated = copy();
    await world.submit(issuer, COPY, stated);
    const taken = { digests: [{ ...stated.digest, role: 'original' }] };
    await expect(issue(world, issuer, 'third', taken)).rejects.toMatchObject({ code: 'certificate.digest' });
  });

  it('is refused to anybody but the issuer', async () => {
    const other = await world.agency('320000', ['certificate-issuer']);
    const handler = await world.agency('310000', ['case-handler']);
    expect((await world.refusal(other, COPY, copy())).code).toBe('auth.agency');
    expect((await world.refusal(handler, COPY, copy())).code).toBe('auth.role');
  });

  it('is refused for what is not on the ledger', async () => {
    const refusal = await world.refusal(issuer, COPY, copy({ certificateId: `${issuer.agencyId}-none` }));
    expect(refusal.code).toBe('certificate.not-found');
  });

  it('is refused for a revoked and a superseded certificate, and taken for a suspended one', async () => {
    const reason = { reasonCode: 'withdrawn', legalBasis: '行政许可法第六十九条' };
    const [revoked, superseded, suspended] = [
      await issue(world, issuer, 'revoked'),
      await issue(world, issuer, 'superseded'),
      await issue(world, issuer, 'suspended'),
    ];
    await world.submit(issuer, 'certificate:RevokeCertificate', { certificateId: revoked, ...reason });
    await world.submit(issuer, 'certificate:SupersedeCertificate', { certificateId: superseded, by: certificateId });
    await world.submit(issuer, 'certificate:SuspendCertificate', { certificateId: suspended, ...reason });
    for (const [id, state] of [
      [revoked, 'revoked'],
      [superseded, 'superseded'],
    ]) {
      const refusal = await world.refusal(issuer, COPY, copy({ certificateId: id }));
      expect([refusal.code, refusal.facts.state]).toEqual(['certificate.state', state]);
    }
    expect((await world.submit(issuer, COPY, copy({ certificateId: suspended }))).record.certificateId).toBe(suspended);
  });

  it.each([
    ['a purpose in words', { purpose: 'for Mr Zhang' }],
    ['no end', { expiresAt: undefined }],
    ['a role of its own', { digest: original('x') }],
  ])('is refused with %s', async (_what, changes) => {
    const stated = JSON.parse(JSON.stringify(copy(changes)));
    expect((await world.refusal(issuer, COPY, stated)).code).toBe('request.invalid');
  });
});
