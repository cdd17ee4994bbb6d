/** The ledger that every history starts from, made once by real transactions, and the model that goes with it. */
import { PROVINCE_CODES, type ProvinceCode } from '../../chaincode/provinces.js';
import type { Role } from '../../chaincode/roles.js';
import { MODES } from '../../chaincode/transactions/catalogue/service-item.js';
import type { Dispatcher } from '../../network/embedded/dispatcher.js';
import type { VersionedValue } from '../../network/embedded/simulation.js';
import { type Actor, ContractWorld } from '../support/contract-world.js';
import { sha256 } from '../support/digests.js';
import { type Editors, publishEntry, serviceItem } from '../support/published-entry.js';
import { Model, type OfficerState } from './state.js';
import { HOUR, iso } from './verb.js';
import { enterDraft } from './verbs/catalogue-versions.js';

export interface Prepared {
  readonly dispatcher: Dispatcher;
  readonly state: ReadonlyMap<string, VersionedValue>;
  /** hold the name of an agency, but not its key, or not its province */
  readonly impostors: readonly Actor[];
  /** a fresh model of the prepared ledger */
  readonly model: () => Model;
}

interface Member {
  readonly actor: Actor;
  readonly spares: readonly Actor[];
  readonly kind: string;
}

const MEMBERS: readonly (readonly [ProvinceCode, string, readonly Role[]])[] = [
  ['310000', 'department', ['case-handler', 'certificate-issuer']],
  ['320000', 'department', ['case-handler', 'certificate-issuer']],
  ['330000', 'portal', ['application']],
  ['340000', 'department', ['case-handler']],
  ['310000', 'department', ['data-user']],
  ['340000', 'application', ['data-user']],
  ['320000', 'platform', ['data-provider']],
  ['330000', 'auditor', ['auditor']],
  ['310000', 'centre', ['case-handler']],
  ['320000', 'centre', ['case-handler']],
  ['340000', 'centre', ['case-handler']],
];

const OFFICERS = [
  { officerId: 'officer-1', duties: ['assist', 'verify-identity'], servesProvinces: ['320000', '330000'] },
  { officerId: 'officer-2', duties: ['consult', 'assist'], servesProvinces: ['320000'] },
] as const;

async function createMembers(world: ContractWorld): Promise<Member[]> {
  const members: Member[] = [];
  const enter = async (actor: Actor, kind: string) =>
    members.push({ actor, spares: [await world.identity(actor.province, actor.roles, actor.agencyId)], kind });
  for (const actor of world.registrars.values()) await enter(actor, 'department');
  for (const [province, kind, roles] of MEMBERS) await enter(await world.agency(province, roles, kind), kind);
  for (const province of PROVINCE_CODES) await enter(await world.agency(province, ['catalogue-editor']), 'department');
  return members;
}

const of = (members: readonly Member[], province: ProvinceCode, role: Role): Actor => {
  const found = members.find(({ actor }) => actor.province === province && actor.roles.includes(role));
  if (!found) throw new Error(`no ${role} in ${province}`);
  return found.actor;
};

type Entry = readonly ['service-items' | 'data-sets' | 'service-standards', { readonly code: string } & Record<string, unknown>];

function entries(members: readonly Member[]): Entry[] {
  const departments = {
    '320000': [of(members, '320000', 'case-handler').agencyId],
    '340000': [of(members, '340000', 'case-handler').agencyId],
  };
  const route = { route: ['accepted', 'reviewed', 'licensed'], components: ['plain'] };
  const dataSet = (code: string, shareClass: string) => ({
    code,
    name: { zh: '不动产登记信息' },
    providers: { '320000': of(members, '320000', 'data-provider').agencyId },
    shareClass,
    grade: 2,
    confidentiality: 'personal',
    standard: { code: 'housing', version: 1, digest: sha256('standard') },
    fields: ['a', 'b', 'c'].map((name) => ({ name, title: { zh: '字段' }, type: 'string' })),
    servesItems: ['plain'],
    updateFrequency: 'daily',
  });
  const standard = {
    code: 'standard',
    name: { zh: '服务规范' },
    digest: sha256('standard'),
    duties: ['assist'],
    effectiveFrom: '2026-11-01T00:00:00Z',
  };
  return [
    ['service-items', serviceItem('plain', departments, { modes: MODES })],
    ['service-items', serviceItem('routed', departments, { modes: ['integrated', 'standard', 'continued'], ...route })],
    ['data-sets', dataSet('conditional', 'conditional')],
    ['data-sets', dataSet('unconditional', 'unconditional')],
    ['data-sets', dataSet('withheld', 'withheld')],
    ['service-standards', standard],
  ];
}

async function registerCentre(world: ContractWorld, registrar: Actor, centre: Actor): Promise<void> {
  await world.submit(registrar, 'registry:RegisterCentre', {
    centreId: centre.agencyId,
    name: { zh: '服务中心' },
    divisionCode: centre.province,
    standard: { code: 'standard', version: 1 },
    validFrom: '2026-11-01T00:00:00Z',
    contractDigest: sha256('contract'),
  });
}

function modelOf(members: readonly Member[], centres: readonly Actor[], editor: Actor, validFrom: number, now: number): Model {
  const model = new Model(now);
  for (const { actor, spares, kind } of members)
    model.agencies.set(actor.agencyId, { actor, spares: [actor, ...spares], kind, roles: actor.roles, active: true });
  for (const [kind, content] of entries(members)) {
    const version = enterDraft(model, kind, content, editor.agencyId);
    version.status = 'published';
    for (const province of PROVINCE_CODES) version.votes.add(province);
    model.heads.set(`${kind}/${content.code}`, { latest: 1, published: 1 });
  }
  for (const centre of centres) model.centres.set(centre.agencyId, centre.province);
  const [{ agencyId: centre }] = centres as [Actor];
  for (const { officerId, duties, servesProvinces } of OFFICERS) {
    const validity = { validFrom, validTo: validFrom + 240 * HOUR };
    const officer = { officerId, centre, host: undefined, serves: servesProvinces, duties, status: 'active' };
    model.officers.set(officerId, { ...officer, ...validity } satisfies OfficerState);
  }
  return model;
}

export async function prepare(): Promise<Prepared> {
  const world = await ContractWorld.create();
  const members = await createMembers(world);
  const editors: Editors = new Map(PROVINCE_CODES.map((province) => [province, of(members, province, 'catalogue-editor')]));
  for (const [kind, content] of entries(members)) await publishEntry(world, editors, kind, content);
  // The third centre is registered in a history, or never.
  const centres = members
    .filter(({ kind }) => kind === 'centre')
    .map(({ actor }) => actor)
    .slice(0, 2);
  for (const centre of centres) await registerCentre(world, of(members, centre.province, 'registrar'), centre);
  const [first] = centres as [Actor];
  const validFrom = world.now - 24 * HOUR;
  const validity = { validFrom: iso(validFrom), validTo: iso(validFrom + 240 * HOUR) };
  for (const officer of OFFICERS)
    await world.submit(first, 'registry:RegisterOfficer', { ...officer, centreId: first.agencyId, ...validity });
  const victim = of(members, '310000', 'case-handler');
  const { now } = world;
  return {
    dispatcher: world.dispatcher,
    state: world.state,
    impostors: [
      await world.identity('310000', victim.roles, victim.agencyId),
      await world.identity('340000', victim.roles, victim.agencyId),
    ],
    model: () => modelOf(members, centres, of(members, '310000', 'catalogue-editor'), validFrom, now),
  };
}
