/** A ledger on which cases can be opened: agencies, a published item of each kind, a centre and its officer. */
import type { CaseRecord } from '../../chaincode/transactions/case/case-record.js';
import type { Entry } from '../../chaincode/transactions/case/entry.js';
import { MODES } from '../../chaincode/transactions/catalogue/service-item.js';
import { type Accepted, type Actor, ContractWorld } from './contract-world.js';
import { hash, sha256 } from './digests.js';
import { createEditors, type Editors, publishEntry, serviceItem } from './published-entry.js';

export const STANDARD_ITEM = 'food-licence';
export const ROUTED_ITEM = 'move-of-seat';
export const COMPOSED_ITEM = 'newborn-matter';
export const COMPONENT_ITEM = 'birth-certificate';

export interface CaseWorld {
  readonly world: ContractWorld;
  readonly editors: Editors;
  /** case handlers, one a province */
  readonly shanghai: Actor;
  readonly jiangsu: Actor;
  readonly zhejiang: Actor;
  readonly anhui: Actor;
  /** has nothing to do with any case, but a role on cases */
  readonly stranger: Actor;
  /** Jiangsu's responsible department of every item; issues certificates and holds no case */
  readonly department: Actor;
  readonly auditor: Actor;
  /** a service centre of Shanghai with one officer who may do everything, serving Jiangsu */
  readonly centre: Actor;
  readonly officerId: string;
}

async function createItems(world: ContractWorld, editors: Editors, department: Actor): Promise<void> {
  const departments = { '320000': [department.agencyId] };
  const publish = (code: string, changes: object) =>
    publishEntry(world, editors, 'service-items', serviceItem(code, departments, { modes: MODES, ...changes }));
  await publish(STANDARD_ITEM, {});
  await publish(ROUTED_ITEM, { route: ['accepted', 'reviewed', 'licensed'] });
  await publish(COMPOSED_ITEM, { components: [COMPONENT_ITEM] });
  await publish(COMPONENT_ITEM, { modes: ['standard'] });
}

const OFFICER = 'officer-0001';
export const OFFICER_VALIDITY = { validFrom: '2026-11-01T00:00:00Z', validTo: '2027-01-01T00:00:00Z' };

const STANDARD = {
  code: 'remote-window',
  name: { zh: '远程虚拟窗口服务规范' },
  digest: sha256('standard'),
  duties: ['assist', 'verify-identity'],
  effectiveFrom: '2026-11-01T00:00:00Z',
};

/** A service centre of Shanghai, under the standard that the world has published. */
export async function registerCentre(world: ContractWorld): Promise<Actor> {
  const centre = await world.agency('310000', ['case-handler'], 'centre');
  await world.submit(world.registrars.get('310000') as Actor, 'registry:RegisterCentre', {
    centreId: centre.agencyId,
    name: { zh: '徐汇区政务服务中心' },
    divisionCode: '310104',
    standard: { code: STANDARD.code, version: 1 },
    validFrom: STANDARD.effectiveFrom,
    contractDigest: sha256('contract'),
  });
  return centre;
}

async function createCentre(world: ContractWorld, editors: Editors): Promise<Actor> {
  await publishEntry(world, editors, 'service-standards', STANDARD);
  const centre = await registerCentre(world);
  await registerOfficer(world, centre, OFFICER);
  return centre;
}

export function registerOfficer(world: ContractWorld, centre: Actor, officerId: string, changes: object = {}): Promise<Accepted> {
  return world.submit(centre, 'registry:RegisterOfficer', {
    officerId,
    centreId: centre.agencyId,
    servesProvinces: ['320000'],
    duties: ['assist', 'verify-identity'],
    ...OFFICER_VALIDITY,
    ...changes,
  });
}

export async function createCaseWorld(): Promise<CaseWorld> {
  const world = await ContractWorld.create();
  const editors = await createEditors(world);
  const department = await world.agency('320000', ['certificate-issuer']);
  await createItems(world, editors, department);
  return {
    world,
    editors,
    department,
    shanghai: await world.agency('310000', ['case-handler']),
    jiangsu: await world.agency('320000', ['case-handler', 'certificate-issuer']),
    zhejiang: await world.agency('330000', ['application']),
    anhui: await world.agency('340000', ['case-handler']),
    stranger: await world.agency('310000', ['case-handler']),
    auditor: await world.agency('330000', ['auditor'], 'auditor'),
    centre: await createCentre(world, editors),
    officerId: OFFICER,
  };
}

let cases = 0;

/** The body of `OpenCase` with a fresh id of the actor's province. */
export function opening<C extends object>(actor: Actor, changes?: C) {
  return {
    caseId: `${actor.province.slice(0, 2)}-case-${++cases}`,
    itemCode: STANDARD_ITEM,
    itemVersion: 1,
    mode: 'standard',
    channel: 'online',
    subject: hash('subject'),
    materials: [{ code: 'application-form', digest: sha256('form') }],
    ...changes,
  };
}

export async function openCase(world: ContractWorld, actor: Actor, changes: object = {}): Promise<string> {
  const body = opening(actor, changes);
  await world.submit(actor, 'case:OpenCase', body);
  return body.caseId;
}

export function offer(caseId: string, to: Actor, changes: object = {}) {
  return {
    caseId,
    to: to.agencyId,
    reason: 'next-step',
    manifest: [{ code: 'application-form', digest: sha256('form') }],
    dueAt: '2026-12-01T00:00:00Z',
    ...changes,
  };
}

/** Offers and accepts; @returns the hand-off's number. */
export async function handOver(world: ContractWorld, caseId: string, from: Actor, to: Actor): Promise<number> {
  const { record } = await world.submit(from, 'case:OfferHandoff', offer(caseId, to));
  await world.submit(to, 'case:AcceptHandoff', { caseId, handoff: record.number });
  return record.number as number;
}

export function caseOf(world: ContractWorld, caseId: string): CaseRecord {
  const record = world.read<CaseRecord>(`case~${caseId}`);
  if (!record) throw new Error(`no case ${caseId}`);
  return record;
}

/** RFC 8785 for what entries hold (ASCII names, whole numbers), written apart from the library that the contracts use. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

/**
 * A case's whole timeline, after recomputing every link of it with hashing of its own.
 * @throws Error naming the first entry that does not fit
 */
export function verifiedTimeline(world: ContractWorld, caseId: string): Entry[] {
  const { entries, head } = caseOf(world, caseId);
  const timeline: Entry[] = [];
  let previous = '0'.repeat(64);
  for (let number = 1; number <= entries; number++) {
    const entry = world.read<Entry>(`entry~${caseId}~${String(number).padStart(8, '0')}`);
    if (!entry) throw new Error(`entry ${number} of ${caseId} is missing`);
    const { hash: stated, ...unsealed } = entry;
    const recomputed = hash(canonical(unsealed));
    if (entry.number !== number || entry.previousHash !== previous || stated !== recomputed)
      throw new Error(`entry ${number} of ${caseId} breaks the chain`);
    timeline.push(entry);
    previous = stated;
  }
  if (previous !== head) throw new Error(`${caseId} has more entries than its head knows`);
  if (world.read(`entry~${caseId}~${String(entries + 1).padStart(8, '0')}`)) throw new Error(`${caseId} has an entry too many`);
  return timeline;
}
