/** A ledger on which data can be granted: two providers, two users, and data sets of every share class. */
import { type Accepted, type Actor, ContractWorld } from './contract-world.js';
import { sha256 } from './digests.js';
import { createEditors, type Editors, publishEntry } from './published-entry.js';

export const CONDITIONAL = 'marriage-registration';
export const UNCONDITIONAL = 'credit-directory';
export const WITHHELD = 'adoption-registration';
/** serves one item only */
export const BOUND = 'hardship-register';

export const PURPOSE = { itemCode: 'student-aid', code: 'check-hardship' };

export interface GrantWorld {
  readonly world: ContractWorld;
  readonly editors: Editors;
  /** provides every data set in Jiangsu */
  readonly provider: Actor;
  /** provides every data set in Anhui */
  readonly otherProvider: Actor;
  /** Shanghai's data user */
  readonly user: Actor;
  /** Zhejiang's data user, who holds no grant */
  readonly stranger: Actor;
}

export function dataSet<C extends object>(code: string, providers: { jiangsu: Actor; anhui: Actor }, changes?: C) {
  return {
    code,
    name: { zh: '婚姻登记信息' },
    providers: { '320000': providers.jiangsu.agencyId, '340000': providers.anhui.agencyId },
    shareClass: 'conditional',
    grade: 3,
    confidentiality: 'personal',
    standard: { code: 'MZ-T-001', version: '2024', digest: sha256('standard') },
    fields: ['status', 'since', 'place'].map((name) => ({ name, title: { zh: '字段' }, type: 'string' })),
    updateFrequency: 'daily',
    ...changes,
  };
}

export async function createGrantWorld(): Promise<GrantWorld> {
  const world = await ContractWorld.create();
  const editors = await createEditors(world);
  const provider = await world.agency('320000', ['data-provider']);
  const otherProvider = await world.agency('340000', ['data-provider']);
  const providers = { jiangsu: provider, anhui: otherProvider };
  const publish = (code: string, changes: object) => publishEntry(world, editors, 'data-sets', dataSet(code, providers, changes));
  await publish(CONDITIONAL, {});
  await publish(UNCONDITIONAL, { shareClass: 'unconditional' });
  await publish(WITHHELD, { shareClass: 'withheld', legalBasis: '《民法典》第一千一百一十条' });
  await publish(BOUND, { servesItems: [PURPOSE.itemCode] });
  const user = await world.agency('310000', ['data-user']);
  return { world, editors, provider, otherProvider, user, stranger: await world.agency('330000', ['data-user']) };
}

let grants = 0;
let uses = 0;

/** The body of `RequestGrant` with a fresh id of Shanghai's. */
export function request<C extends object>(changes?: C) {
  return {
    grantId: `31-grant-${++grants}`,
    dataSet: CONDITIONAL,
    version: 1,
    province: '320000',
    purpose: PURPOSE,
    fields: ['status', 'since'],
    validFrom: '2026-11-01T00:00:00Z',
    validTo: '2026-12-01T00:00:00Z',
    ...changes,
  };
}

/** A grant of Shanghai's data user that its provider has approved. @returns its id */
export async function activeGrant({ world, user, provider }: GrantWorld, changes: object = {}): Promise<string> {
  const body = request(changes);
  const { record } = await world.submit(user, 'grant:RequestGrant', body);
  if (record.status === 'requested') await world.submit(provider, 'grant:ApproveGrant', { grantId: body.grantId });
  return body.grantId;
}

/** The body of `UseGrant`, inside a grant of `request`, with a fresh id of the actor's province. */
export function use<C extends object>(actor: Actor, grantId: string, changes?: C) {
  return {
    grantId,
    useId: `${actor.province.slice(0, 2)}-use-${++uses}`,
    purpose: PURPOSE,
    fields: ['status'],
    queryDigest: sha256('keyed query'),
    ...changes,
  };
}

export function tryUse({ world, user }: GrantWorld, grantId: string, changes: object = {}): Promise<Accepted> {
  return world.submit(user, 'grant:UseGrant', use(user, grantId, changes));
}
