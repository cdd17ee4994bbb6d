/** Grants, from the request to the disposal. */
import { hash, sha256 } from '../../support/digests.js';
import type { GrantState, Model, VersionState } from '../state.js';
import {
  accepted,
  actorOr,
  around,
  type Call,
  freshName,
  type Input,
  instant,
  known,
  refused,
  text,
  type Verb,
} from '../verb.js';
import { caseName } from './case-parties.js';
import { USE_VERBS } from './use-verbs.js';

const GRANTS = ['31-grant-a', '31-grant-b', '31-grant-c', '34-grant-d', '34-grant-e'];

interface Content {
  readonly shareClass: string;
  readonly providers: Record<string, string>;
  readonly fields: { readonly name: string }[];
  readonly servesItems?: string[];
}

function requestFault(model: Model, { input }: Call): string | undefined {
  if (instant(input, 'validTo') <= instant(input, 'validFrom')) return 'request.invalid';
  const version = model.version('data-sets', text(input, 'dataSet'), input.version as number);
  if (!version) return 'catalogue.not-found';
  if (input.caseId !== undefined && !model.cases.has(text(input, 'caseId'))) return 'case.not-found';
  if (version.status !== 'published') return 'catalogue.not-published';
  if (model.grants.has(text(input, 'grantId'))) return 'grant.exists';
  const { shareClass, providers, fields, servesItems } = version.content as unknown as Content;
  if (!providers[text(input, 'province')]) return 'grant.provider';
  if (shareClass === 'withheld') return 'grant.withheld';
  if (!(input.fields as string[]).every((name) => fields.some((field) => field.name === name))) return 'grant.fields';
  const { itemCode } = input.purpose as { itemCode: string };
  return servesItems && !servesItems.includes(itemCode) ? 'grant.item' : undefined;
}

const requestGrant: Verb = {
  fn: 'grant:RequestGrant',
  roles: ['data-user'],
  clientId: 'grantId',
  weight: 14,
  propose: (model, dice) => {
    const actor = actorOr(model, dice, undefined, 'data-user');
    const dataSet = dice.of(['conditional', 'conditional', 'conditional', 'conditional', 'unconditional', 'withheld']);
    return {
      actor,
      input: {
        grantId: freshName(dice, actor, GRANTS, model.grants),
        dataSet,
        version: dice.chance(85) ? (model.head('data-sets', dataSet)?.published ?? 1) : dice.of([1, 2, 3]),
        province: dice.chance(95) ? '320000' : '330000',
        purpose: { itemCode: dice.chance(95) ? 'plain' : 'routed', code: 'check' },
        fields: dice.of([['a', 'b'], ['a'], ['a', 'b', 'c'], ['b'], ['a', 'z']]),
        validFrom: around(model, dice, [-1, -1, -1, 2]),
        validTo: around(model, dice, [96, 48, 5, 96, -0.5]),
        ...(dice.chance(40) ? { subject: hash('subject') } : {}),
        ...(dice.chance(20) ? { caseId: caseName(model, dice) } : {}),
        ...(dice.chance(60) ? { maxUses: dice.of([2, 1, 5]) } : {}),
      },
    };
  },
  judge: (model, call) => {
    const fault = requestFault(model, call);
    if (fault) return refused(fault);
    const { input, actor, time } = call;
    const { content } = model.version('data-sets', text(input, 'dataSet'), input.version as number) as VersionState;
    const { shareClass, providers } = content as unknown as Content;
    const grantId = text(input, 'grantId');
    const status = shareClass === 'unconditional' ? 'active' : 'requested';
    model.grants.set(grantId, {
      grantId,
      dataSet: text(input, 'dataSet'),
      version: input.version as number,
      provider: providers[text(input, 'province')] as string,
      grantee: actor.agencyId,
      purpose: 'plain/check',
      caseId: input.caseId as string | undefined,
      fields: input.fields as string[],
      subject: input.subject as string | undefined,
      validFrom: instant(input, 'validFrom'),
      validTo: instant(input, 'validTo'),
      maxUses: input.maxUses as number | undefined,
      steps: [],
      status,
      used: 0,
      recordedAt: time,
    });
    return accepted({ grantId, status, grantee: actor.agencyId });
  },
};

function statusAt({ status, validTo }: GrantState, at: number): string {
  return (status === 'active' || status === 'suspended') && at > validTo ? 'expired' : status;
}

interface Step {
  readonly name: string;
  readonly by: 'provider' | 'grantee';
  readonly from: readonly string[];
  readonly to?: string;
  readonly once?: boolean;
  readonly body?: Input;
  readonly weight?: number;
}

const STEPS: readonly Step[] = [
  { name: 'ApproveGrant', by: 'provider', from: ['requested'], to: 'active', weight: 10 },
  {
    name: 'RefuseGrant',
    by: 'provider',
    from: ['requested', 'supplement'],
    to: 'refused',
    body: { reason: 'no-need', legalBasis: '政务数据共享条例' },
    weight: 2,
  },
  {
    name: 'RequestSupplement',
    by: 'provider',
    from: ['requested'],
    to: 'supplement',
    once: true,
    body: { reason: 'purpose-unclear' },
  },
  { name: 'SubmitSupplement', by: 'grantee', from: ['supplement'], to: 'requested', body: { digest: sha256('supplement') } },
  { name: 'SuspendGrant', by: 'provider', from: ['active'], to: 'suspended', body: { reason: 'incident' } },
  { name: 'ResumeGrant', by: 'provider', from: ['suspended'], to: 'active', body: { reason: 'incident-over' }, weight: 8 },
  { name: 'RevokeGrant', by: 'provider', from: ['active', 'suspended'], to: 'revoked', body: { reason: 'misuse' }, weight: 3 },
  { name: 'EndGrant', by: 'grantee', from: ['active', 'suspended'], to: 'ended', weight: 3 },
  {
    name: 'DisposeGrant',
    by: 'grantee',
    from: ['ended', 'revoked', 'expired'],
    once: true,
    body: { method: 'erased', digest: sha256('disposal') },
  },
];

function stepVerb({ name, by, from, to, once, body, weight }: Step): Verb {
  return {
    fn: `grant:${name}`,
    roles: by === 'provider' ? ['data-provider'] : ['data-user'],
    weight: weight ?? 6,
    ...(body?.reason ? { codeField: 'reason' } : {}),
    ground: (model) => [...model.grants.values()].some((grant) => from.includes(statusAt(grant, model.now))),
    propose: (model, dice) => {
      const ready = [...model.grants.values()].filter((grant) => from.includes(statusAt(grant, model.now)));
      const grantId = ready.length > 0 && dice.chance(80) ? dice.of(ready).grantId : known(dice, model.grants, GRANTS);
      return { actor: actorOr(model, dice, model.grants.get(grantId)?.[by]), input: { grantId, ...body } };
    },
    judge: (model, { input, actor, time }) => {
      const grant = model.grants.get(text(input, 'grantId'));
      if (!grant) return refused('grant.not-found');
      if (grant[by] !== actor.agencyId) return refused('auth.agency');
      const now = Math.max(time, grant.recordedAt);
      if (!from.includes(statusAt(grant, now)) || (once && grant.steps.includes(name))) return refused('grant.state');
      grant.steps.push(name);
      grant.status = to ?? grant.status;
      grant.recordedAt = now;
      return accepted({ grantId: grant.grantId, status: grant.status });
    },
  };
}

export const GRANT_VERBS: readonly Verb[] = [requestGrant, ...STEPS.map(stepVerb), ...USE_VERBS];
