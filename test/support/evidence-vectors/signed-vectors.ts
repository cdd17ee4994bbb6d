/** Records that should never have been signed: whoever acted was not the one to, or the content was not approved. */
import type { Json } from '../../../network/proof/canonical-json.js';
import { signTimeline } from './chain-vectors.js';
import { keyLike, type Material, recordIn } from './material.js';
import { bad, type EvidenceStage, type EvidenceVector, type Materials } from './vector.js';

type Fields = Record<string, Json>;

function entitlementVectors(stage: EvidenceStage): Promise<EvidenceVector>[] {
  const wrong = (kind: keyof Materials, name: string, about: string, before: (material: Material) => unknown) =>
    bad(stage, kind, name, about, { entitlement: 'proof.entitlement' }, { before });
  const record = (start: string, change: (record: Fields) => object) => (material: Material) => {
    const found = recordIn(material, keyLike(material, start));
    Object.assign(found, change(found));
  };
  return [
    wrong(
      'case',
      'signed-other-holder',
      'A case whose record has another holder than its entries lead to',
      record('case~', ({ opener }) => ({ holder: opener })),
    ),
    wrong('case', 'signed-milestone-of-a-stranger', 'A milestone by an agency that did not hold the case', (material) =>
      signTimeline(material, (timeline) => Object.assign(timeline[1] ?? {}, { agency: timeline[3]?.agency })),
    ),
    wrong('case', 'signed-acceptance-of-a-stranger', 'An acceptance by the agency that offered', (material) =>
      signTimeline(material, (timeline) => Object.assign(timeline[3] ?? {}, { agency: timeline[0]?.agency })),
    ),
    wrong(
      'certificate',
      'signed-issuer-elsewhere',
      'A certificate of another province than its issuer’s',
      record('certificate~', () => ({ province: '340000' })),
    ),
    wrong(
      'leaf',
      'signed-batch-elsewhere',
      'A batch of another province than its issuer’s',
      record('certificate-batch~', () => ({ province: '340000' })),
    ),
    wrong(
      'grant',
      'signed-step-of-the-grantee',
      'A grant approved by who asked for it',
      record('grant~', ({ steps, grantee }) => ({
        steps: [{ ...(steps as Fields[])[0], agency: grantee }],
      })),
    ),
    wrong(
      'grant',
      'signed-status-without-step',
      'A revoked grant that nobody revoked',
      record('grant~', () => ({ status: 'revoked' })),
    ),
    wrong('grant', 'signed-other-provider', 'A provider that the data set does not name', (material) => {
      const grant = recordIn(material, keyLike(material, 'grant~'));
      const { provider, grantee } = grant;
      const steps = (grant.steps as Fields[]).map((step) => ({ ...step, agency: grantee }));
      Object.assign(grant, { provider: grantee, steps });
      for (const [key, { value }] of material.records)
        if (/^(?:use|release)~/.test(key) && value) Object.assign(value as Fields, { provider: grantee });
      material.records.delete(`agency~${provider}`);
    }),
    wrong(
      'grant',
      'signed-field-beyond',
      'A field that the data set does not have',
      record('grant~', ({ fields }) => ({ fields: [...(fields as Json[]), 'income'] })),
    ),
    wrong(
      'use',
      'signed-use-of-other-field',
      'A use of a field that was not granted',
      record('use~', () => ({ fields: ['place'] })),
    ),
    wrong(
      'use',
      'signed-use-for-other-purpose',
      'A use for another purpose',
      record('use~', () => ({ purpose: { itemCode: 'student-aid', code: 'marketing' } })),
    ),
    wrong(
      'use',
      'signed-use-by-another',
      'A use by who was not granted it',
      record('use~', ({ provider }) => ({ agency: provider })),
    ),
    wrong(
      'use',
      'signed-use-too-late',
      'A use after the grant had run out',
      record('use~', () => ({ recordedAt: '2036-01-01T00:00:00.001Z' })),
    ),
    wrong('use', 'signed-use-after-revocation', 'A use that came after the grant’s last change, which revoked it', (material) => {
      const grant = recordIn(material, keyLike(material, 'grant~'));
      const [step] = grant.steps as [Fields];
      Object.assign(grant, { status: 'revoked', steps: [step, { ...step, step: 'revoked' }] });
    }),
  ];
}

function catalogueVectors(stage: EvidenceStage): Promise<EvidenceVector>[] {
  const wrong = (name: string, about: string, change: (version: Fields & { votes: Fields[] }) => unknown) =>
    bad(
      stage,
      'use',
      name,
      about,
      { catalogue: 'proof.catalogue' },
      {
        before: (material) => {
          const version = recordIn(material, keyLike(material, 'catalogue-version~')) as Fields & { votes: Fields[] };
          const voters = () => version.votes.map(({ agency }) => `agency~${agency}`);
          const before = voters();
          change(version);
          // A record of somebody who no longer voted would be one too many.
          for (const key of before) if (!voters().includes(key)) material.records.delete(key);
        },
      },
    );
  return [
    wrong('signed-content-altered', 'A content that its digest is not of', ({ content }) =>
      Object.assign(content as Fields, { updateFrequency: 'yearly' }),
    ),
    wrong('signed-vote-against', 'A vote against', ({ votes }) => Object.assign(votes[2] ?? {}, { vote: 'reject' })),
    wrong('signed-vote-on-other-content', 'A vote on another content', ({ votes }) =>
      Object.assign(votes[2] ?? {}, { contentDigest: 'ab'.repeat(32) }),
    ),
    wrong('signed-vote-of-another-province', 'A vote by an agency of another province', ({ votes }) =>
      Object.assign(votes[2] ?? {}, { agency: votes[1]?.agency }),
    ),
    wrong('signed-province-twice', 'One province’s vote twice, another’s never', ({ votes }) => {
      votes[2] = structuredClone(votes[1] as Fields);
    }),
    wrong('signed-never-published', 'Approved by four and never published', (version) => {
      delete version.publishedAt;
    }),
  ];
}

export function signedVectors(stage: EvidenceStage): Promise<EvidenceVector[]> {
  return Promise.all([...entitlementVectors(stage), ...catalogueVectors(stage)]);
}
