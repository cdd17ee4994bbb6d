import { accepted, actorOr, around, iso, refused, text, type Verb } from '../verb.js';
import {
  ACTING_ROLES,
  anyCase,
  byHolder,
  caseName,
  digestOf,
  enter,
  isResponsible,
  outsider,
  UNDER_WAY,
} from './case-parties.js';
import { openCase } from './open-case.js';

const recordMilestone = byHolder(
  'RecordMilestone',
  8,
  UNDER_WAY,
  (model, dice, found) => {
    const route = ['accepted', 'reviewed', 'licensed'];
    const name = dice.chance(75) ? (route[found?.routeDone ?? 0] ?? 'licensed') : dice.of(route);
    return { name, occurredAt: iso(model.now), digest: digestOf(dice) };
  },
  (model, call, found) => {
    const route = model.version('service-items', found.itemCode, found.version)?.content.route as string[] | undefined;
    if (route && route[found.routeDone] !== call.input.name) return refused('case.route');
    if (route) found.routeDone += 1;
    enter(found, call);
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
  (_model, call, found) => {
    const { input } = call;
    const replaced = found.entries[(input.replaces as number) - 1];
    if (input.replaces !== undefined && !replaced?.includes(text(input, 'code'))) return refused('case.material');
    enter(found, call, [text(input, 'code')]);
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
  judge: (model, call) => {
    const { input, actor } = call;
    const found = model.cases.get(text(input, 'caseId'));
    if (!found) return refused('case.not-found');
    if (found.holder !== actor.agencyId && !isResponsible(model, found, actor.agencyId)) return outsider(found, actor.agencyId);
    if (!UNDER_WAY.includes(found.status)) return refused('case.state');
    enter(found, call);
    return accepted({ type: 'pre-review', number: found.entries.length });
  },
};

const pauseCase = byHolder(
  'PauseCase',
  3,
  UNDER_WAY,
  (model, dice) => ({ reason: 'awaited', ...(dice.chance(50) ? { until: around(model, dice, [24, 1, -1]) } : {}) }),
  (_model, call, found) => {
    if (found.paused) return refused('case.state');
    found.paused = true;
    enter(found, call);
    return accepted({ status: found.status });
  },
  { codeField: 'reason' },
);

const resumeCase = byHolder(
  'ResumeCase',
  3,
  UNDER_WAY,
  () => ({}),
  (_model, call, found) => {
    if (!found.paused) return refused('case.state');
    found.paused = false;
    enter(found, call);
    return accepted({ status: found.status });
  },
  { ground: (model) => [...model.cases.values()].some((found) => found.paused) },
);

const decideCase = byHolder(
  'DecideCase',
  5,
  ['open'],
  (_model, dice) => ({ outcome: dice.of(['granted', 'refused', 'withdrawn']), certificates: [] }),
  (model, call, found) => {
    if (found.subcases.some((id) => UNDER_WAY.includes(model.cases.get(id)?.status ?? 'open')))
      return refused('case.subcases-open');
    const { outcome } = call.input;
    found.status = outcome === 'withdrawn' ? 'withdrawn' : 'decided';
    found.paused = false;
    enter(found, call);
    return accepted({ status: found.status, decision: { outcome, certificates: [] } });
  },
);

const closeCase = byHolder(
  'CloseCase',
  3,
  ['decided'],
  () => ({}),
  (_model, call, found) => {
    found.status = 'closed';
    enter(found, call);
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
