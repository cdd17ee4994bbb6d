import { beforeAll, describe, expect, it } from 'vitest';
import { buildTree, EMPTY_ROOT } from '../../chaincode/merkle/tree.js';
import { certificateLeafHash } from '../../chaincode/transactions/certificate/batch.js';
import type { CertificateContent } from '../../chaincode/transactions/certificate/certificate.js';
import { content, issue, leafProof, licenceId, original } from '../support/certificate-content.js';
import { type Accepted, type Actor, ContractWorld } from '../support/contract-world.js';
import { hash, sha256 } from '../support/digests.js';
import { writeSet } from '../support/write-set.js';

const BATCH = 'certificate:IssueBatch';
const REVOKE = 'certificate:RevokeCertificate';
const SUSPEND = 'certificate:SuspendCertificate';
const reason = { reasonCode: 'withdrawn', legalBasis: '行政许可法第六十九条' };

let world: ContractWorld;
let issuer: Actor;
let other: Actor;
let batches = 0;

beforeAll(async () => {
  world = await ContractWorld.create();
  issuer = await world.agency('310000', ['certificate-issuer']);
  other = await world.agency('320000', ['certificate-issuer']);
});

/** Contents that no other batch has. */
function items(count: number): CertificateContent[] {
  const batch = ++batches;
  return Array.from({ length: count }, (_, index) => content(issuer, `b${batch}-${index}`));
}

describe('issuing a batch', () => {
  it('writes one key for the whole batch, the operation, and nothing else', async () => {
    const batch = items(5);
    const recordedAt = new Date(world.now).toISOString();
    const accepted = await world.submit(issuer, BATCH, { items: batch });
    const { root } = buildTree(batch.map(certificateLeafHash));
    const batchId = accepted.transactionId;
    expect(writeSet(accepted, issuer, BATCH)).toEqual({
      [`certificate-batch~${batchId}`]: { batchId, size: 5, root, issuer: issuer.agencyId, province: '310000', recordedAt },
    });
    const outcomes = batch.map(({ certificateId }, index) => ({ index, certificateId }));
    expect(accepted.record).toEqual({ batchId, size: 5, root, outcomes });
  });

  it('names each bad item by its code and makes leaves of the good ones alone', async () => {
    const [good, second] = items(2) as [CertificateContent, CertificateContent];
    const bad = (changes: object) => ({ ...content(issuer, `bad-${++batches}`), ...changes });
    const licence = licenceId(issuer.agencyId, 'B1');
    const batch = [
      good,
      bad({ certificateId: 'licence-0001' }),
      bad({ certificateId: licence.slice(0, -1) + (licence.endsWith('A') ? 'B' : 'A') }),
      bad({ certificateId: licenceId(other.agencyId, 'B1') }),
      bad({ certificateId: `${issuer.agencyId}-13800138000` }),
      bad({ digests: [original('p'), original('q')] }),
      bad({ validTo: '2025-01-01T00:00:00Z' }),
      bad({ certificateId: good.certificateId }),
      bad({ digests: good.digests }),
      second,
    ];
    const accepted = await world.submit(issuer, BATCH, { items: batch });
    const outcomes = accepted.record.outcomes as { index: number; certificateId: string; code?: string }[];
    expect(outcomes.map((outcome) => outcome.code)).toEqual([
      undefined,
      'request.id-invalid',
      'request.id-invalid',
      'certificate.issuer',
      'privacy.personal-data',
      'request.invalid',
      'request.invalid',
      'certificate.exists',
      'certificate.digest',
      undefined,
    ]);
    expect(outcomes.map((outcome) => outcome.index)).toEqual(batch.map((_, index) => index));
    const { root } = buildTree([good, second].map(certificateLeafHash));
    expect(accepted.record).toMatchObject({ size: 2, root });
  });

  it('reserves nothing for a bad item: a later good one may take its id and digest', async () => {
    const [good] = items(1) as [CertificateContent];
    const accepted = await world.submit(issuer, BATCH, { items: [{ ...good, validTo: good.validFrom }, good] });
    expect(accepted.record.outcomes).toMatchObject([{ code: 'request.invalid' }, { certificateId: good.certificateId }]);
    expect(accepted.record.size).toBe(1);
  });

  it('leaves out what its sender knows to be void, and keeps it in the transaction with its code', async () => {
    const [first, second, third] = items(3) as [CertificateContent, CertificateContent, CertificateContent];
    const taken = [
      { index: 0, code: 'certificate.exists' },
      { index: 2, code: 'certificate.digest' },
    ];
    const accepted = await world.submit(issuer, BATCH, { items: [first, second, third], taken });
    expect(accepted.record).toMatchObject({
      size: 1,
      root: certificateLeafHash(second),
      outcomes: [{ code: 'certificate.exists' }, { certificateId: second.certificateId }, { code: 'certificate.digest' }],
    });
    const other = [{ index: 0, code: 'certificate.issuer' }];
    expect((await world.refusal(issuer, BATCH, { items: items(1), taken: other })).code).toBe('request.invalid');
  });

  it('records a batch of bad items only with the root of the empty tree', async () => {
    const accepted = await world.submit(issuer, BATCH, { items: [content(other, 'not-mine')] });
    expect(accepted.record).toMatchObject({ size: 0, root: EMPTY_ROOT, outcomes: [{ index: 0, code: 'request.id-invalid' }] });
  });

  it('takes 500 items and not one more, and not none', async () => {
    expect((await world.submit(issuer, BATCH, { items: items(500) })).record.size).toBe(500);
    expect((await world.refusal(issuer, BATCH, { items: items(501) })).code).toBe('request.invalid');
    expect((await world.refusal(issuer, BATCH, { items: [] })).code).toBe('request.invalid');
  });

  it('is refused as a whole for an item of the wrong shape, and to other roles', async () => {
    const refusal = await world.refusal(issuer, BATCH, { items: [...items(1), { ...items(1)[0], holder: 'x' }] });
    expect([refusal.code, refusal.facts.fields?.[0]?.path]).toEqual(['request.invalid', '/items/1']);
    const handler = await world.agency('310000', ['case-handler']);
    expect((await world.refusal(handler, BATCH, { items: items(1) })).code).toBe('auth.role');
  });
});

describe('a batch leaf whose status changes', () => {
  let batch: CertificateContent[];
  let issued: Accepted;
  let issuedAt: string;
  let next = 0;

  beforeAll(async () => {
    batch = items(21);
    issuedAt = new Date(world.now).toISOString();
    issued = await world.submit(issuer, BATCH, { items: batch });
  });

  /** A leaf that no other test has touched, with its proof. */
  const leaf = () => {
    const proof = leafProof(issuer, batch, issued, next++);
    return { certificateId: proof.leaf.certificateId, proof };
  };

  it('gets its own key, as if it had had it from the start, and keys for its digests', async () => {
    const { certificateId, proof } = leaf();
    const recordedAt = new Date(world.now).toISOString();
    const accepted = await world.submit(issuer, REVOKE, { certificateId, proof, ...reason });
    const record = {
      ...proof.leaf,
      issuer: issuer.agencyId,
      province: '310000',
      issuedAt,
      transaction: issued.transactionId,
      batch: { batchId: issued.transactionId, index: proof.index },
      changes: [{ change: 'revoked', ...reason, effectiveAt: recordedAt, recordedAt, transaction: accepted.transactionId }],
      recordedAt,
    };
    expect(writeSet(accepted, issuer, REVOKE)).toEqual({
      [`certificate~${certificateId}`]: record,
      [`certificate-digest~sha-256~${proof.leaf.digests[0]?.value}`]: { certificateId, role: 'original', recordedAt: issuedAt },
    });
    expect(accepted.record).toEqual({ ...record, status: 'revoked' });
  });

  it('can be proven at every place of the tree', async () => {
    const all = items(7);
    const accepted = await world.submit(issuer, BATCH, { items: all });
    for (const [index, { certificateId }] of all.entries()) {
      const proof = leafProof(issuer, all, accepted, index);
      await world.submit(issuer, SUSPEND, { certificateId, proof, ...reason });
    }
  });

  it('is proven once: a proof beside the key is looked at no more', async () => {
    const { certificateId, proof } = leaf();
    await world.submit(issuer, SUSPEND, { certificateId, proof, ...reason });
    const accepted = await world.submit(issuer, 'certificate:ReinstateCertificate', { certificateId, proof, ...reason });
    expect(Object.keys(writeSet(accepted, issuer, 'certificate:ReinstateCertificate'))).toEqual([`certificate~${certificateId}`]);
    expect(accepted.record.changes).toHaveLength(2);
  });

  it('is not found without its proof', async () => {
    const { certificateId } = leaf();
    expect((await world.refusal(issuer, REVOKE, { certificateId, ...reason })).code).toBe('certificate.not-found');
  });

  it.each([
    ['another index', (proof: Proof) => ({ ...proof, index: proof.index + 1 })],
    ['another size', (proof: Proof) => ({ ...proof, size: proof.size - 1 })],
    ['a hash too few', (proof: Proof) => ({ ...proof, path: proof.path.slice(1) })],
    ['a hash too many', (proof: Proof) => ({ ...proof, path: [...proof.path, hash('more')] })],
    ['a changed hash', (proof: Proof) => ({ ...proof, path: [hash('changed'), ...proof.path.slice(1)] })],
    ['a changed leaf', (proof: Proof) => ({ ...proof, leaf: { ...proof.leaf, validTo: '2099-01-01T00:00:00Z' } })],
    ['a batch that is not on the ledger', (proof: Proof) => ({ ...proof, batchId: hash('no batch') })],
    ['the proof of another leaf', () => leafProof(issuer, batch, issued, 20)],
  ])('is refused with %s', async (_what, forge) => {
    const { certificateId, proof } = leaf();
    const refusal = await world.refusal(issuer, REVOKE, { certificateId, proof: forge(proof), ...reason });
    expect([refusal.code, refusal.facts.id]).toEqual(['certificate.proof', certificateId]);
    expect(world.read(`certificate~${certificateId}`)).toBeUndefined();
  });

  it('is refused to anybody but the issuer of its batch, however good the proof is', async () => {
    const { certificateId, proof } = leaf();
    expect((await world.refusal(other, REVOKE, { certificateId, proof, ...reason })).code).toBe('auth.agency');
  });

  it('cannot be made irrevocable by a stranger who issues a certificate over its digest', async () => {
    const { certificateId, proof } = leaf();
    const [digest] = proof.leaf.digests;
    const squatter = await issue(world, other, `squat-${++batches}`, { digests: [digest] });
    const accepted = await world.submit(issuer, REVOKE, { certificateId, proof, ...reason });
    expect(Object.keys(writeSet(accepted, issuer, REVOKE))).toEqual([`certificate~${certificateId}`]);
    expect(world.read(`certificate-digest~sha-256~${digest?.value}`)).toMatchObject({ certificateId: squatter });
  });

  it('may have annotated copies, which give it its keys too', async () => {
    const { certificateId, proof } = leaf();
    const stated = { certificateId, digest: sha256('leaf copy'), purpose: 'tender', expiresAt: '2027-01-01T00:00:00Z' };
    const accepted = await world.submit(issuer, 'certificate:RecordCopy', { ...stated, proof });
    expect(Object.keys(writeSet(accepted, issuer, 'certificate:RecordCopy'))).toEqual(
      [
        `certificate~${certificateId}`,
        `certificate-digest~sha-256~${proof.leaf.digests[0]?.value}`,
        `certificate-digest~sha-256~${stated.digest.value}`,
      ].sort(),
    );
    const own = { ...stated, digest: sha256(`document ${issuer.agencyId} ${certificateId.slice(19)}`) };
    expect((await world.refusal(issuer, 'certificate:RecordCopy', own)).code).toBe('certificate.digest');
  });

  it('may take another certificate’s place, when its proof is given', async () => {
    const { certificateId: by, proof: byProof } = leaf();
    const certificateId = await issue(world, other, `old-${++batches}`);
    const bare = await world.refusal(other, 'certificate:SupersedeCertificate', { certificateId, by });
    expect([bare.code, bare.facts.id]).toEqual(['certificate.not-found', by]);
    const forged = { ...byProof, index: byProof.index + 1 };
    const wrong = await world.refusal(other, 'certificate:SupersedeCertificate', { certificateId, by, byProof: forged });
    expect(wrong.code).toBe('certificate.proof');
    const accepted = await world.submit(other, 'certificate:SupersedeCertificate', { certificateId, by, byProof });
    expect(Object.keys(writeSet(accepted, other, 'certificate:SupersedeCertificate'))).toEqual([`certificate~${certificateId}`]);
  });

  it('may itself be superseded', async () => {
    const { certificateId, proof } = leaf();
    const by = await issue(world, other, `new-${++batches}`);
    const { record } = await world.submit(issuer, 'certificate:SupersedeCertificate', { certificateId, by, proof });
    expect(record).toMatchObject({ status: 'superseded', changes: [{ by }], batch: { index: proof.index } });
  });
});

type Proof = ReturnType<typeof leafProof>;
