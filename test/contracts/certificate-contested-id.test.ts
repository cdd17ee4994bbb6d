import { beforeAll, describe, expect, it } from 'vitest';
import { content, issue, leafProof, licenceId, original } from '../support/certificate-content.js';
import { type Actor, ContractWorld } from '../support/contract-world.js';
import { writeSet } from '../support/write-set.js';

const BATCH = 'certificate:IssueBatch';
const REVOKE = 'certificate:RevokeCertificate';
const SUSPEND = 'certificate:SuspendCertificate';
const reason = { reasonCode: 'withdrawn', legalBasis: '行政许可法第六十九条' };

describe('a batch leaf whose identifier names no issuer', () => {
  let world: ContractWorld;
  let issuer: Actor;
  let other: Actor;
  beforeAll(async () => {
    world = await ContractWorld.create();
    issuer = await world.agency('310000', ['certificate-issuer']);
    other = await world.agency('340000', ['certificate-issuer']);
  });

  it('cannot be made irrevocable by a stranger who issues a certificate under its id', async () => {
    const certificateId = licenceId('310104', 'SQ1');
    const all = [
      content(issuer, 'a'),
      content(issuer, 'b'),
      content(issuer, 'contested', { certificateId, digests: [original('contested')] }),
    ];
    const batchOfIt = await world.submit(issuer, BATCH, { items: all });
    const proof = leafProof(issuer, all, batchOfIt, 2);
    await issue(world, other, 'squat', { certificateId });
    const squatter = world.read(`certificate~${certificateId}`);
    const own = `certificate~${certificateId}~${batchOfIt.transactionId}`;

    const refused = await world.refusal(issuer, REVOKE, { certificateId, ...reason });
    expect(refused.code).toBe('auth.agency');
    const forged = { ...proof, index: 1 };
    expect((await world.refusal(issuer, REVOKE, { certificateId, proof: forged, ...reason })).code).toBe('certificate.proof');
    const third = await world.agency('330000', ['certificate-issuer']);
    expect((await world.refusal(third, REVOKE, { certificateId, proof, ...reason })).code).toBe('auth.agency');

    const suspended = await world.submit(issuer, SUSPEND, { certificateId, proof, ...reason });
    expect(Object.keys(writeSet(suspended, issuer, SUSPEND))).toContain(own);
    const revoked = await world.submit(issuer, REVOKE, { certificateId, proof, ...reason });
    expect(Object.keys(writeSet(revoked, issuer, REVOKE))).toEqual([own]);
    expect(revoked.record).toMatchObject({ status: 'revoked', issuer: issuer.agencyId });
    expect(revoked.record.changes).toHaveLength(2);
    expect(world.read(`certificate~${certificateId}`)).toEqual(squatter);
    await world.submit(other, REVOKE, { certificateId, proof, ...reason });
    expect(world.read(own)).toMatchObject({ changes: [{ change: 'suspended' }, { change: 'revoked' }] });
  });
});
