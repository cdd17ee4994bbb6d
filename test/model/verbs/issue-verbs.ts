/** Issuing certificates, one by one and in batches. */
import { buildTree } from '../../../chaincode/merkle/tree.js';
import { certificateLeafHash } from '../../../chaincode/transactions/certificate/batch.js';
import type { CertificateContent } from '../../../chaincode/transactions/certificate/certificate.js';
import { hash, sha256 } from '../../support/digests.js';
import type { Dice } from '../dice.js';
import type { CertificateState, Model } from '../state.js';
import { accepted, actorOr, HOUR, iso, refused, type Verb } from '../verb.js';
import { caseName } from './case-parties.js';

export const ISSUER = ['certificate-issuer'] as const;
export const WORDS = ['licence-a', 'licence-b', 'licence-c', 'licence-d', 'licence-e', 'copy-a', 'copy-b'];

function content(model: Model, dice: Dice, agencyId: string): CertificateContent {
  const issuer = dice.chance(95) ? agencyId : dice.of(model.actors(...ISSUER)).agencyId;
  return {
    certificateId: `${issuer}-${dice.of(['a', 'b', 'c'])}`,
    typeCode: 'food-licence',
    subject: hash('subject'),
    digests: [{ ...sha256(dice.of(WORDS)), role: 'original' }],
    validFrom: iso(model.now - dice.of([1, 0, -24]) * HOUR),
    ...(dice.chance(50) ? { validTo: iso(model.now + dice.of([48, -24]) * HOUR) } : {}),
    capture: { system: 'licensing', version: '1', method: 'direct', capturedAt: iso(model.now) },
  };
}

function contentFault(agencyId: string, { certificateId, validFrom, validTo }: CertificateContent): string | undefined {
  if (validTo !== undefined && Date.parse(validTo) <= Date.parse(validFrom)) return 'request.invalid';
  return certificateId.startsWith(`${agencyId}-`) ? undefined : 'request.id-invalid';
}

function stateFrom(item: CertificateContent, issuer: string, time: number): CertificateState {
  return {
    certificateId: item.certificateId,
    issuer,
    validFrom: Date.parse(item.validFrom),
    issuedAt: time,
    recordedAt: time,
    digests: item.digests.map((digest) => digest.value),
    changes: [],
  };
}

const issueCertificate: Verb = {
  fn: 'certificate:IssueCertificate',
  roles: ISSUER,
  codeField: 'typeCode',
  weight: 8,
  propose: (model, dice) => {
    const actor = actorOr(model, dice, undefined, ...ISSUER);
    return {
      actor,
      input: { ...content(model, dice, actor.agencyId), ...(dice.chance(70) ? {} : { caseId: caseName(model, dice) }) },
    };
  },
  judge: (model, { input, actor, time }) => {
    const item = input as unknown as CertificateContent;
    const fault = contentFault(actor.agencyId, item);
    if (fault) return refused(fault);
    if (item.caseId && !model.cases.has(item.caseId)) return refused('case.not-found');
    if (model.certificates.has(item.certificateId)) return refused('certificate.exists');
    if (item.digests.some((digest) => model.digests.has(digest.value))) return refused('certificate.digest');
    const state = stateFrom(item, actor.agencyId, time);
    model.certificates.set(item.certificateId, state);
    for (const digest of state.digests) model.digests.add(digest);
    return accepted({ certificateId: item.certificateId, issuer: actor.agencyId });
  },
};

const issueBatch: Verb = {
  fn: 'certificate:IssueBatch',
  roles: ISSUER,
  weight: 3,
  propose: (model, dice) => {
    const actor = actorOr(model, dice, undefined, ...ISSUER);
    return { actor, input: { items: [1, 2, 3].map(() => content(model, dice, actor.agencyId)) } };
  },
  judge: (model, { input, actor, time, transactionId }) => {
    const items = input.items as CertificateContent[];
    const good: CertificateContent[] = [];
    const outcomes = items.map((item, index) => {
      const sameDigest = good.some((other) => other.digests[0]?.value === item.digests[0]?.value);
      const sameId = good.some((other) => other.certificateId === item.certificateId);
      const code =
        contentFault(actor.agencyId, item) ?? (sameId ? 'certificate.exists' : sameDigest ? 'certificate.digest' : undefined);
      if (!code) good.push(item);
      return { index, certificateId: item.certificateId, ...(code ? { code } : {}) };
    });
    const tree = buildTree(good.map(certificateLeafHash));
    for (const [index, leaf] of good.entries()) {
      if (model.leaves.has(leaf.certificateId)) continue;
      const proof = { batchId: transactionId, index, size: good.length, path: tree.path(index), leaf };
      model.leaves.set(leaf.certificateId, { certificate: stateFrom(leaf, actor.agencyId, time), batchId: transactionId, proof });
    }
    return accepted({ batchId: transactionId, size: good.length, root: tree.root, outcomes });
  },
};

export const ISSUE_VERBS: readonly Verb[] = [issueCertificate, issueBatch];
