/** Cases in which data were used: bundles that tell of grants and uses, and what must not pass as one. */
import type { Json, JsonObject } from '../../../network/proof/canonical-json.js';
import { bundleFrom, keyLike, type Material, recordIn } from './material.js';
import { bad, type EvidenceStage, type EvidenceVector, good } from './vector.js';

type Fields = Record<string, Json>;

const CHAIN = { timeline: 'proof.chain' };
const TOLD = { told: 'proof.told' };
const ENTITLEMENT = { entitlement: 'proof.entitlement' };

function listIn(story: Fields, name: string): Fields[] {
  return story[name] as unknown as Fields[];
}

function dataOf(story: Fields): { readonly grant: Fields; readonly uses: Fields[] }[] {
  return story.data as never;
}

/** Keys: of the grant that names the case, and of the one that does not. */
function grantsOf(material: Material): { readonly own: string; readonly other: string } {
  const keys = [...material.records.keys()].filter((key) => key.startsWith('grant~'));
  const own = keys.find((key) => recordIn(material, key).caseId !== undefined) as string;
  return { own, other: keys.find((key) => key !== own) as string };
}

function usesOf(material: Material, grantKey: string): Fields[] {
  const { grantId } = recordIn(material, grantKey);
  const keys = [...material.records.keys()].filter((key) => key.startsWith('use~'));
  return keys.map((key) => recordIn(material, key)).filter((use) => use.grantId === grantId);
}

function toldUses(story: Fields): Fields[] {
  return dataOf(story).flatMap(({ uses }) => uses.map(({ use }) => use as unknown as Fields));
}

function nameCase(uses: readonly Fields[], caseId: string): void {
  for (const use of uses) Object.assign(use, { caseId });
}

/** Without a use of a grant, and its release: of neither anybody was asked. */
function withoutUse(material: Material, grantKey: string): void {
  const useId = usesOf(material, grantKey).find(({ decision }) => decision === 'permitted')?.useId;
  for (const type of ['use', 'release']) material.records.delete(`${type}~${useId}`);
  material.parts = { ...material.parts, uses: material.parts.uses.filter((id) => id !== useId) };
}

export async function dataVectors(stage: EvidenceStage): Promise<EvidenceVector[]> {
  const told = (name: string, about: string, after: (story: Fields) => unknown, faults: EvidenceVector['faults'] = TOLD) =>
    bad(stage, 'data', `data-${name}`, about, faults, { after });
  const signed = (
    name: string,
    about: string,
    before: (material: Material) => unknown,
    faults: EvidenceVector['faults'] = ENTITLEMENT,
  ) => bad(stage, 'data', `data-signed-${name}`, about, faults, { before });
  const text = await bundleFrom(stage.good.data, stage.scene);
  return Promise.all([
    good(stage, 'data', 'data', 'A case in which data were used under two grants'),
    good(
      stage,
      'data',
      'data-fewer-uses',
      'A use that no peer was asked of, of a grant that nothing signed counts for the case',
      {
        before: (material) => withoutUse(material, grantsOf(material).other),
      },
    ),
    bad(stage, 'data', 'data-counted-use-left-out', 'The same of a grant for the case, whose count was signed', CHAIN, {
      before: (material) => withoutUse(material, grantsOf(material).own),
    }),
    good(stage, 'data', 'data-before-it-was', 'As of a day before the grants', {
      before: (material) => Object.assign(material, { asOf: '2026-02-01T00:00:00Z' }),
    }),
    told('use-left-out', 'A use that was signed and is not told of', (story) => dataOf(story)[0]?.uses.pop()),
    told('grant-left-out', 'A grant that was signed and is not told of', (story) => listIn(story, 'data').pop()),
    told('left-out', 'Nothing told of the data', (story) => delete story.data),
    told('grants-swapped', 'Two grants in each other’s place', (story) => listIn(story, 'data').reverse()),
    told('uses-swapped', 'The uses of one grant under the other', (story) => {
      const [first, second] = listIn(story, 'data') as [Fields, Fields];
      const { uses } = first;
      Object.assign(first, { uses: second.uses });
      Object.assign(second, { uses });
    }),
    told('decision-turned', 'A denied attempt told as permitted', (story) => {
      Object.assign(toldUses(story).find(({ decision }) => decision === 'denied') ?? {}, { decision: 'permitted' });
    }),
    told('withheld-added', 'A grant said to be withheld that the case does not name', (story) =>
      Object.assign(story, { withheld: ['grant~31-x'] }),
    ),
    told(
      'status-altered',
      'A grant told as revoked',
      (story) => Object.assign(listIn(story, 'status').at(-1) ?? {}, { verdict: 'revoked' }),
      { status: 'proof.status' },
    ),
    bad(
      stage,
      'data',
      'data-in-the-first-version',
      'In the version of the format that had no such section',
      { ...TOLD, status: 'proof.status', captures: 'proof.capture' },
      {},
      { evidence: text.replace('yrd-evidence/2', 'yrd-evidence/1') },
    ),
    bad(stage, 'data', 'data-signed-use-of-another-case', 'A use that was made for another case', TOLD, {
      before: (material) => nameCase(usesOf(material, grantsOf(material).other), '31-another'),
      between: (material) => nameCase(usesOf(material, grantsOf(material).other), material.thing.id),
      after: (story) => {
        const other = dataOf(story).find(({ grant }) => grant.caseId === undefined);
        nameCase(toldUses({ data: [other ?? null] as unknown as Json }), '31-another');
      },
    }),
    bad(stage, 'data', 'data-signed-grant-not-asked-of', 'A use whose grant nobody was asked of', TOLD, {
      before: (material) => material.records.delete(grantsOf(material).own),
      between: (material) => {
        const uses = material.parts.uses.filter((id) => recordIn(material, `use~${id}`).caseId !== undefined);
        const grants = material.parts.grants.filter((id) => material.records.has(`grant~${id}`));
        const left = uses.filter((id) => grants.includes(String(recordIn(material, `use~${id}`).grantId)));
        material.parts = { ...material.parts, grants, uses: left };
      },
    }),
    signed('step-of-the-grantee', 'A grant approved by who asked for it', (material) => {
      const grant = recordIn(material, grantsOf(material).own);
      const [step] = grant.steps as Fields[];
      Object.assign(grant, { steps: [{ ...step, agency: grant.grantee }] });
    }),
    signed('other-provider', 'A provider that the data set does not name', (material) => {
      const grant = recordIn(material, grantsOf(material).own);
      const steps = (grant.steps as Fields[]).map((step) => ({ ...step, agency: grant.grantee }));
      Object.assign(grant, { provider: grant.grantee, steps });
    }),
    signed('use-beyond', 'A use of a field that was not granted', (material) => {
      const [use] = usesOf(material, grantsOf(material).other);
      Object.assign(use ?? {}, { fields: ['status', 'place'] });
    }),
    signed('stranger', 'A grant of an agency that has nothing to do with the case', (material) => {
      const grant = recordIn(material, grantsOf(material).own);
      const { provider } = grant;
      Object.assign(grant, { grantee: provider });
      for (const use of usesOf(material, grantsOf(material).own)) Object.assign(use, { agency: provider });
    }),
    signed('attempt-of-a-stranger', 'An attempt by an agency that has nothing to do with the case', (material) => {
      const denied = usesOf(material, grantsOf(material).own).find(({ decision }) => decision === 'denied');
      const { provider } = recordIn(material, grantsOf(material).own);
      Object.assign(denied ?? {}, { agency: provider });
    }),
    signed(
      'vote-against',
      'A data set that a province voted against',
      (material) => {
        const version = recordIn(material, keyLike(material, 'catalogue-version~data-sets~'));
        const [vote, ...votes] = version.votes as JsonObject[];
        Object.assign(version, { votes: [{ ...vote, vote: 'reject' }, ...votes] });
      },
      { catalogue: 'proof.catalogue' },
    ),
  ]);
}
