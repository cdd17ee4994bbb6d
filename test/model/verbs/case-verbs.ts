/** Opening, working on, pausing and deciding cases, as design and contract documents say it. */
import type { Role } from '../../../chaincode/roles.js';
import { hash, sha256 } from '../../support/digests.js';
import type { Dice } from '../dice.js';
import type { CaseState, Model } from '../state.js';
import {
  accepted,
  actorOr,
  around,
  type Call,
  HOUR,
  type Input,
  iso,
  known,
  refused,
  text,
  type Verb,
  type Verdict,
} from '../verb.js';

export const CASE_ROLES: readonly Role[] = ['case-handler', 'application'];
export const ACTING_ROLES: readonly Role[] = [
  ...CASE_ROLES,
  'catalogue-editor',
  'certificate-issuer',
  'data-provider',
  'data-user',
];
const CASE_IDS = ['31-case-a', '32-case-b', '33-case-c', '34-case-d', '31-part-a', '32-part-b'];
const UNDER_WAY = ['open', 'offered'];

export const caseName = (model: Model, dice: Dice): string => known(dice, model.cases, CASE_IDS);
export const anyCase = (model: Model): boolean => model.cases.size > 0;
const someCase = (model: Model, dice: Dice): CaseState | undefined => model.cases.get(caseName(model, dice));
export const digestOf = (dice: Dice) => sha256(dice.of(['first', 'second', 'third']));

/** The refusal for one that does not hold the case. */
export function outsider(found: CaseState, agencyId: string): Verdict {
  return refused(found.parties.has(agencyId) ? 'case.not-holder' : 'auth.agency');
}

/** Existence, holder and state, in this order; the case when all are as they should be. */
export function held(model: Model, { input, actor }: Call, states: readonly string[]): CaseState | Verdict {
  const found = model.cases.get(text(input, 'caseId'));
  if (!found) return refused('case.not-found');
  if (found.holder !== actor.agencyId) return outsider(found, actor.agencyId);
  if (!states.includes(found.status)) return refused('case.state');
  return found;
}

const isVerdict = (value: CaseState | Verdict): value is Verdict => 'refused' in value || 'answer' in value;

/** A verb of the holder: `effect` gets the case in one of the states. */
export function byHolder(
  name: string,
  weight: number,
  states: readonly string[],
  body: (model: Model, dice: Dice, found: CaseState | undefined) => Input,
  effect: (model: Model, call: Call, found: CaseState) => Verdict,
  extra: Partial<Verb> = {},
): Verb {
  return {
    fn: `case:${name}`,
    roles: CASE_ROLES,
    weight,
    ground: anyCase,
    propose: (model, dice) => {
      const caseId = caseName(model, dice);
      const found = model.cases.get(caseId);
      return { actor: actorOr(model, dice, found?.holder, ...CASE_ROLES), input: { caseId, ...body(model, dice, found) } };
    },
    judge: (model, call) => {
      const found = held(model, call, states);
      return isVerdict(found) ? found : effect(model, call, found);
    },
    ...extra,
  };
}

function parentFault(model: Model, { input, actor }: Call): string | undefined {
  const parent = model.cases.get(text(input, 'parentCaseId'));
  if (!parent) return 'case.not-found';
  if (parent.holder !== actor.agencyId) return parent.parties.has(actor.agencyId) ? 'case.not-holder' : 'auth.agency';
  if (!UNDER_WAY.includes(parent.status)) return 'case.state';
  if (parent.mode !== 'integrated') return 'case.mode';
  const components = model.version('service-items', parent.itemCode, parent.version)?.content.components as string[] | undefined;
  return components && !components.includes(text(input, 'itemCode')) ? 'case.component' : undefined;
}

function openingFault(model: Model, call: Call): string | undefined {
  const { input } = call;
  if ((input.mode === 'proactive') !== (input.proactive !== undefined)) return 'request.invalid';
  const version = model.version('service-items', text(input, 'itemCode'), input.itemVersion as number);
  if (!version) return 'catalogue.not-found';
  if (version.status !== 'published') return 'catalogue.not-published';
  const fault = input.parentCaseId === undefined ? undefined : parentFault(model, call);
  if (fault) return fault;
  if (model.cases.has(text(input, 'caseId'))) return 'case.exists';
  return (version.content.modes as string[]).includes(text(input, 'mode')) ? undefined : 'case.mode';
}

const PROACTIVE = { rule: 'hardship', policyVersion: '2026', grantId: '31-grant-a', entitlement: 'fast' };

const openCase: Verb = {
  fn: 'case:OpenCase',
  roles: CASE_ROLES,
  clientId: 'caseId',
  codeField: 'itemCode',
  weight: 14,
  propose: (model, dice) => {
    const integrated = [...model.cases.values()].filter((found) => found.mode === 'integrated' && found.status === 'open');
    const whole = integrated.length > 0 && dice.chance(80) ? dice.of(integrated) : someCase(model, dice);
    const parent = dice.chance(70) ? undefined : whole;
    const actor = actorOr(model, dice, parent?.holder, ...CASE_ROLES);
    const own = CASE_IDS.filter((id) => id.startsWith(actor.province.slice(0, 2)));
    const mode = parent ? 'standard' : dice.of(['integrated', 'standard', 'continued', 'assisted', 'counter', 'proactive']);
    const itemCode = dice.of(parent ? ['plain', 'routed'] : ['routed', 'plain']);
    const latest = model.head('service-items', itemCode);
    return {
      actor,
      input: {
        caseId: dice.of(dice.chance(95) ? own : CASE_IDS),
        itemCode,
        itemVersion: dice.chance(85) ? (latest?.published ?? 1) : dice.of([1, 2, 3]),
        mode,
        channel: 'online',
        subject: hash('subject'),
        materials: [{ code: 'form', digest: sha256('form') }],
        ...(parent ? { parentCaseId: parent.caseId } : {}),
        ...((mode === 'proactive') === dice.chance(95) ? { proactive: PROACTIVE } : {}),
        ...(dice.chance(50) ? { dueAt: iso(model.now + 72 * HOUR) } : {}),
      },
    };
  },
  judge: (model, call) => {
    const fault = openingFault(model, call);
    if (fault) return refused(fault);
    const { input, actor } = call;
    const caseId = text(input, 'caseId');
    model.cases.set(caseId, {
      caseId,
      itemCode: text(input, 'itemCode'),
      version: input.itemVersion as number,
      mode: text(input, 'mode'),
      opener: actor.agencyId,
      parties: new Set([actor.agencyId]),
      handoffs: [],
      subcases: [],
      sessions: new Map(),
      entries: [['form']],
      holder: actor.agencyId,
      heldUnder: 0,
      status: 'open',
      routeDone: 0,
      custody: 'none',
      paused: false,
    });
    const parent = model.cases.get(text(input, 'parentCaseId'));
    parent?.subcases.push(caseId);
    parent?.entries.push([]);
    return accepted({ caseId, status: 'open', entries: 1 });
  },
};

const recordMilestone = byHolder(
  'RecordMilestone',
  8,
  UNDER_WAY,
  (model, dice, found) => {
    const route = ['accepted', 'reviewed', 'licensed'];
    const name = dice.chance(75) ? (route[found?.routeDone ?? 0] ?? 'licensed') : dice.of(route);
    return { name, occurredAt: iso(model.now), digest: digestOf(dice) };
  },
  (model, { input }, found) => {
    const route = model.version('service-items', found.itemCode, found.version)?.content.route as string[] | undefined;
    if (route && route[found.routeDone] !== input.name) return refused('case.route');
    if (route) found.routeDone += 1;
    found.entries.push([]);
    return accepted({ type: 'milestone', number: found.entries.length });
  },
  { codeField: 'name' },
);

const submitMaterial = byHolder(
  'SubmitMaterial',
  5,
  UNDER_WAY,
  (_model, dice) => ({
    code: dice.of(['form', 'plan']),
    digest: digestOf(dice),
    ...(dice.chance(50) ? { replaces: dice.of([1, 2, 3, 4]) } : {}),
  }),
  (_model, { input }, found) => {
    const replaced = found.entries[(input.replaces as number) - 1];
    if (input.replaces !== undefined && !replaced?.includes(text(input, 'code'))) return refused('case.material');
    found.entries.push([text(input, 'code')]);
    return accepted({ type: 'material', number: found.entries.length });
  },
  { codeField: 'code' },
);

const recordPreReview: Verb = {
  fn: 'case:RecordPreReview',
  roles: ACTING_ROLES,
  weight: 4,
  ground: anyCase,
  propose: (model, dice) => {
    const caseId = caseName(model, dice);
    const departments = model.version('service-items', 'plain', 1)?.content.departments as Record<string, string[]> | undefined;
    const department = departments?.['320000']?.[0];
    const actor = actorOr(model, dice, dice.chance(50) ? department : model.cases.get(caseId)?.holder);
    return { actor, input: { caseId, result: dice.of(['pass', 'correct', 'refuse']), findingsDigest: digestOf(dice) } };
  },
  judge: (model, { input, actor }) => {
    const found = model.cases.get(text(input, 'caseId'));
    if (!found) return refused('case.not-found');
    const version = model.version('service-items', found.itemCode, found.version);
    const departments = (version?.content.departments as Record<string, string[]> | undefined)?.[actor.province] ?? [];
    if (found.holder !== actor.agencyId && !departments.includes(actor.agencyId)) return outsider(found, actor.agencyId);
    if (!UNDER_WAY.includes(found.status)) return refused('case.state');
    found.entries.push([]);
    return accepted({ type: 'pre-review', number: found.entries.length });
  },
};

const pauseCase = byHolder(
  'PauseCase',
  3,
  UNDER_WAY,
  (model, dice) => ({ reason: 'awaited', ...(dice.chance(50) ? { until: around(model, dice, [24, 1, -1]) } : {}) }),
  (_model, _call, found) => {
    if (found.paused) return refused('case.state');
    found.paused = true;
    found.entries.push([]);
    return accepted({ status: found.status });
  },
  { codeField: 'reason' },
);

const resumeCase = byHolder(
  'ResumeCase',
  3,
  UNDER_WAY,
  () => ({}),
  (_model, _call, found) => {
    if (!found.paused) return refused('case.state');
    found.paused = false;
    found.entries.push([]);
    return accepted({ status: found.status });
  },
);

const decideCase = byHolder(
  'DecideCase',
  5,
  ['open'],
  (_model, dice) => ({ outcome: dice.of(['granted', 'refused', 'withdrawn']), certificates: [] }),
  (model, { input }, found) => {
    if (found.subcases.some((id) => UNDER_WAY.includes(model.cases.get(id)?.status ?? 'open')))
      return refused('case.subcases-open');
    found.status = input.outcome === 'withdrawn' ? 'withdrawn' : 'decided';
    found.paused = false;
    found.entries.push([]);
    return accepted({ status: found.status, decision: { outcome: input.outcome, certificates: [] } });
  },
);

const closeCase = byHolder(
  'CloseCase',
  3,
  ['decided'],
  () => ({}),
  (_model, _call, found) => {
    found.status = 'closed';
    found.entries.push([]);
    return accepted({ status: 'closed' });
  },
);

export const CASE_VERBS: readonly Verb[] = [
  openCase,
  recordMilestone,
  submitMaterial,
  recordPreReview,
  pauseCase,
  resumeCase,
  decideCase,
  closeCase,
];
