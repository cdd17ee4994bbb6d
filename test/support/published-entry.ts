/** Takes catalogue entries through consultation and the four provinces' votes, by the real transactions. */
import { PROVINCE_CODES, type ProvinceCode } from '../../chaincode/provinces.js';
import type { Actor, ContractWorld } from './contract-world.js';
import { sha256 } from './digests.js';

export type Editors = ReadonlyMap<ProvinceCode, Actor>;

const FUNCTIONS = {
  'service-items': 'catalogue:DraftServiceItem',
  'data-sets': 'catalogue:DraftDataSet',
  'service-standards': 'catalogue:DraftServiceStandard',
} as const;
export type Kind = keyof typeof FUNCTIONS;

/** One catalogue editor a province. */
export async function createEditors(world: ContractWorld): Promise<Editors> {
  const editors = new Map<ProvinceCode, Actor>();
  for (const province of PROVINCE_CODES) editors.set(province, await world.agency(province, ['catalogue-editor']));
  return editors;
}

export function editorOf(editors: Editors, province: ProvinceCode): Actor {
  const editor = editors.get(province);
  if (!editor) throw new Error(`no editor in ${province}`);
  return editor;
}

/** @returns the version, still in draft, and the digest to vote on */
export async function draftEntry(world: ContractWorld, editors: Editors, kind: Kind, content: object) {
  const { record } = await world.submit(editorOf(editors, '310000'), FUNCTIONS[kind], content);
  return { version: record.version as number, contentDigest: record.contentDigest as string };
}

/** @returns the version that is published now */
export async function publishEntry(
  world: ContractWorld,
  editors: Editors,
  kind: Kind,
  content: { readonly code: string },
): Promise<number> {
  const { version, contentDigest } = await draftEntry(world, editors, kind, content);
  const path = { kind, code: content.code, version };
  const proposer = editorOf(editors, '310000');
  const times = { opensAt: '2026-10-01T00:00:00Z', closesAt: '2026-10-31T00:00:00Z' };
  await world.submit(proposer, 'catalogue:OpenConsultation', { ...path, ...times, noticeDigest: sha256('notice') });
  const result = { adopted: 3, notAdopted: 1, summaryDigest: sha256('summary') };
  await world.submit(proposer, 'catalogue:RecordConsultationResult', { ...path, ...result });
  for (const province of PROVINCE_CODES)
    await world.submit(editorOf(editors, province), 'catalogue:CastVote', { ...path, vote: 'approve', contentDigest });
  return version;
}

/** A service item's content with everything that must be there; `changes` replace or add fields. */
export function serviceItem<C extends object>(
  code: string,
  departments: Partial<Record<ProvinceCode, string[]>>,
  changes: C,
): { readonly code: string } & C {
  return {
    code,
    name: { zh: '食品经营许可' },
    domain: 'entry',
    audience: 'enterprise',
    modes: ['standard'],
    departments,
    materials: [{ code: 'application-form', name: { zh: '申请书' }, required: true }],
    timeLimit: { workingDays: 10 },
    ...changes,
  };
}
