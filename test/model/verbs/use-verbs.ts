/** Uses under grants, permitted or denied, and releases. */
import { hash, sha256 } from '../../support/digests.js';
import type { Dice } from '../dice.js';
import type { GrantState, Model } from '../state.js';
import { accepted, actorOr, type Call, freshName, HOUR, iso, known, refused, text, type Verb } from '../verb.js';
import { caseName } from './case-parties.js';

const GRANTS = ['31-grant-a', '31-grant-b', '31-grant-c', '34-grant-d', '34-grant-e'];
const USES = ['31-use-a', '31-use-b', '31-use-c', '31-use-d', '34-use-e', '34-use-f', '34-use-g'];
const SUBJECTS = [hash('subject'), hash('somebody')];

/** Not shared any more, or withheld in the version that took its place: the grant rests. */
function shareable(model: Model, { dataSet, version }: GrantState): boolean {
  const status = model.version('data-sets', dataSet, version)?.status;
  if (status !== 'superseded') return status === 'published';
  const published = model.head('data-sets', dataSet)?.published;
  const current = published === undefined ? undefined : model.version('data-sets', dataSet, published);
  return current?.status === 'published' && current.content.shareClass !== 'withheld';
}

interface Asked {
  readonly purpose: { readonly itemCode: string; readonly code: string };
  readonly caseId?: string;
  readonly fields: string[];
  readonly subject?: string;
  readonly count?: number;
}

/** The first reason against a use, in the order of the HTTP contract. */
function denial(model: Model, grant: GrantState, { actor, input, time }: Call): string | undefined {
  const { purpose, caseId, fields, subject, count = 1 } = input as unknown as Asked;
  const at = Math.max(time, grant.recordedAt);
  const elsewhere = grant.caseId !== undefined && caseId !== undefined && caseId !== grant.caseId;
  const against: readonly [string, boolean][] = [
    ['grant.not-grantee', actor.agencyId !== grant.grantee],
    ['grant.revoked', grant.status === 'revoked'],
    ['grant.suspended', grant.status === 'suspended' || !shareable(model, grant)],
    ['grant.not-active', grant.status !== 'active'],
    ['grant.not-started', at < grant.validFrom],
    ['grant.expired', at > grant.validTo],
    ['grant.purpose', `${purpose.itemCode}/${purpose.code}` !== grant.purpose || elsewhere],
    ['grant.fields', !fields.every((field) => grant.fields.includes(field))],
    ['grant.subject', grant.subject !== undefined && subject !== grant.subject],
    ['grant.exhausted', grant.maxUses !== undefined && grant.used + count > grant.maxUses],
  ];
  return against.find(([, holds]) => holds)?.[0];
}

const useGrant: Verb = {
  fn: 'grant:UseGrant',
  roles: ['data-user'],
  clientId: 'useId',
  weight: 14,
  ground: (model) => model.grants.size > 0,
  propose: (model, dice) => {
    const grantId = known(dice, model.grants, GRANTS);
    const grant = model.grants.get(grantId);
    const actor = actorOr(model, dice, grant?.grantee, 'data-user');
    const subject = dice.chance(80) ? grant?.subject : dice.of(SUBJECTS);
    return {
      actor,
      input: {
        grantId,
        useId: freshName(dice, actor, USES, model.uses),
        purpose: { itemCode: 'plain', code: dice.chance(95) ? 'check' : 'marketing' },
        fields: dice.chance(80) ? (grant?.fields ?? ['a']) : dice.of([['a'], ['b'], ['z']]),
        queryDigest: sha256('query'),
        ...(subject ? { subject } : {}),
        ...(dice.chance(80) ? {} : { caseId: caseName(model, dice) }),
        ...(dice.chance(70) ? {} : { count: dice.of([2, 1, 7]) }),
      },
    };
  },
  judge: (model, call) => {
    const { input } = call;
    const grant = model.grants.get(text(input, 'grantId'));
    if (!grant) return refused('grant.not-found');
    if (model.uses.has(text(input, 'useId'))) return refused('use.exists');
    const reason = denial(model, grant, call);
    model.uses.set(text(input, 'useId'), { provider: grant.provider, permitted: !reason, released: false });
    if (reason) return accepted({ decision: 'denied', reason });
    grant.used += (input.count as number | undefined) ?? 1;
    return accepted({ decision: 'permitted' });
  },
};

const releaseUse: Verb = {
  fn: 'grant:ReleaseUse',
  roles: ['data-provider'],
  weight: 4,
  ground: (model) => [...model.uses.values()].some((use) => use.permitted && !use.released),
  propose: (model, dice: Dice) => {
    const waiting = [...model.uses].filter(([, use]) => use.permitted && !use.released).map(([id]) => id);
    const useId = waiting.length > 0 && dice.chance(80) ? dice.of(waiting) : known(dice, model.uses, USES);
    const input = { useId, responseDigest: sha256('response'), recordCount: 3, releasedAt: iso(model.now + HOUR) };
    return { actor: actorOr(model, dice, model.uses.get(useId)?.provider), input };
  },
  judge: (model, { input, actor }) => {
    const use = model.uses.get(text(input, 'useId'));
    if (!use) return refused('use.not-found');
    if (use.provider !== actor.agencyId) return refused('auth.agency');
    if (!use.permitted || use.released) return refused('use.state');
    use.released = true;
    return accepted({ useId: input.useId, recordCount: 3 });
  },
};

export const USE_VERBS: readonly Verb[] = [useGrant, releaseUse];
