/** The evidence of cases out of an API over Fabric. */
import { canonicalJson, type JsonObject } from '../../../network/proof/canonical-json.js';
import { expectStatus } from '../api-business.js';
import type { EvidenceWorld } from '../evidence-world.js';
import type { VectorFiles } from '../vector-files.js';
import { spoilt, trustWith } from './forged.js';

export async function issuedEvidence(world: EvidenceWorld): Promise<VectorFiles[]> {
  const { trustText: trust } = world;
  const { caseId } = await world.decidedCase();
  const judged = expectStatus(await world.evidence(`cases/${caseId}`), 200).text;
  const withData = (await world.caseWithData()).caseId;
  const data = expectStatus(await world.evidence(`cases/${withData}`), 200).text;
  const bundle = JSON.parse(judged) as { readonly receipts: readonly JsonObject[]; readonly story: JsonObject } & JsonObject;
  const [first, ...others] = bundle.receipts as [JsonObject, ...JsonObject[]];
  const [agency, ...agencies] = bundle.story.agencies as [JsonObject, ...JsonObject[]];
  const fails = (name: string, about: string, faults: VectorFiles['faults'], made: Partial<VectorFiles>): VectorFiles => ({
    name: `from-fabric-case-${name}`,
    about,
    judged,
    trust,
    verdict: 'fails',
    faults,
    ...made,
  });
  const changed = (changes: JsonObject) => ({ judged: canonicalJson({ ...bundle, ...changes }) });
  return [
    {
      name: 'holds-from-fabric-case',
      about: 'As the API gave it over four provinces on Fabric: a case that went from one province to another',
      judged,
      trust,
      verdict: 'holds',
      faults: {},
    },
    {
      name: 'holds-from-fabric-data',
      about: 'As the API gave it over four provinces on Fabric: a case in which data were used under two grants',
      judged: data,
      trust,
      verdict: 'holds',
      faults: {},
    },
    {
      name: 'from-fabric-data-denied-told-as-permitted',
      about: 'The same with a denied attempt told as permitted',
      judged: data.replace('"decision":"denied"', '"decision":"permitted"'),
      trust,
      verdict: 'fails',
      faults: { told: 'proof.told' },
    },
    fails(
      'signature-flipped',
      'A bit of one signature of its first receipt',
      { signatures: 'proof.signature' },
      {
        ...changed({ receipts: [spoilt(first), ...others] }),
      },
    ),
    fails(
      'agency-renamed',
      'An agency under another name',
      { told: 'proof.told' },
      {
        ...changed({ story: { ...bundle.story, agencies: [{ ...agency, name: { zh: '另一机构' } }, ...agencies] } }),
      },
    ),
    fails(
      'against-four',
      'Under a trust file that asks for four provinces',
      { signers: 'signer.too-few' },
      {
        trust: trustWith(trust, { receiptPolicy: { k: 4 } }),
      },
    ),
  ];
}
