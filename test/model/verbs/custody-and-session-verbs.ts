import type { Dice } from '../dice.js';
import type { CaseState, Model } from '../state.js';
import { accepted, actorOr, type Call, HOUR, instant, iso, refused, text, type Verb } from '../verb.js';
import { ACTING_ROLES, anyCase, CASE_ROLES, caseName, digestOf, enter, isResponsible, outsider } from './case-parties.js';

const FOLLOWS: Record<string, readonly string[]> = {
  none: ['received'],
  received: ['sealed', 'returned'],
  sealed: ['dispatched', 'returned'],
  dispatched: ['delivered', 'mismatch', 'returned'],
  delivered: ['mismatch', 'sealed', 'returned', 'received'],
  mismatch: ['sealed', 'returned'],
  returned: ['received', 'sealed'],
};
const EVENTS = ['received', 'sealed', 'dispatched', 'delivered', 'mismatch', 'returned'];

/** Holder, receiver of the open offer, or receiver of a hand-off that it accepted and did not return. */
function keepsPapers(found: CaseState, agencyId: string): boolean {
  return (
    found.holder === agencyId ||
    found.handoffs.some((handoff) => handoff.to === agencyId && ['open', 'accepted'].includes(handoff.status))
  );
}

const recordCustody: Verb = {
  fn: 'case:RecordCustody',
  roles: CASE_ROLES,
  weight: 8,
  ground: anyCase,
  propose: (model, dice) => {
    const caseId = caseName(model, dice);
    const found = model.cases.get(caseId);
    const event = dice.chance(80) ? dice.of(FOLLOWS[found?.custody ?? 'none'] ?? EVENTS) : dice.of(EVENTS);
    const agencyId = dice.chance(60) ? found?.holder : found?.handoffs.at(-1)?.to;
    const input = { caseId, event, parcelDigest: digestOf(dice), pieces: 2 };
    return { actor: actorOr(model, dice, agencyId, ...CASE_ROLES), input };
  },
  judge: (model, call) => {
    const { input, actor } = call;
    const found = model.cases.get(text(input, 'caseId'));
    if (!found) return refused('case.not-found');
    if (!keepsPapers(found, actor.agencyId)) return outsider(found, actor.agencyId);
    const event = text(input, 'event');
    if (found.status === 'closed' || !FOLLOWS[found.custody]?.includes(event)) return refused('case.state');
    found.custody = event;
    enter(found, call);
    return accepted({ type: 'custody', number: found.entries.length });
  },
};

function isConcerned(model: Model, found: CaseState, agencyId: string): boolean {
  return found.parties.has(agencyId) || isResponsible(model, found, agencyId);
}

function sessionFault(model: Model, { input, actor, time }: Call): string | undefined {
  const [startedAt, endedAt] = [instant(input, 'startedAt'), instant(input, 'endedAt')];
  if (endedAt < startedAt || input.counterpart === actor.agencyId) return 'request.invalid';
  const found = model.cases.get(text(input, 'caseId'));
  if (!found) return 'case.not-found';
  const officer = model.officers.get(text(input, 'officerId'));
  if (!officer) return 'case.officer';
  const counterpart = model.agency(text(input, 'counterpart'));
  if (officer.centre !== actor.agencyId) return 'auth.agency';
  if (found.sessions.has(text(input, 'sessionId'))) return 'session.exists';
  if (!counterpart.active) return 'agency.state';
  if (![actor.agencyId, counterpart.actor.agencyId].some((agencyId) => isConcerned(model, found, agencyId))) return 'auth.agency';
  if (!['open', 'offered'].includes(found.status)) return 'case.state';
  const inTime = [startedAt, endedAt, time].every((at) => at >= officer.validFrom && at < officer.validTo);
  const able = ['assist', 'verify-identity'].every((duty) => officer.duties.includes(duty));
  const joined = [found.opener, found.holder, counterpart.actor.agencyId].map((agencyId) => model.provinceOf(agencyId));
  const serves = joined.some((province) => officer.serves.includes(province));
  return officer.status === 'active' && inTime && able && serves ? undefined : 'case.officer';
}

const SESSIONS = ['session-a', 'session-b', 'session-c'];

const recordSession: Verb = {
  fn: 'case:RecordSession',
  roles: ACTING_ROLES,
  codeField: 'outcome',
  weight: 6,
  ground: anyCase,
  propose: (model, dice) => {
    const caseId = caseName(model, dice);
    const able = [...model.officers.values()].filter(({ status, duties }) => status === 'active' && duties.length > 1);
    const officer = dice.of(able.length > 0 && dice.chance(85) ? able : [...model.officers.values()]);
    const actor = actorOr(model, dice, officer.centre);
    const holder = model.cases.get(caseId)?.holder;
    return {
      actor,
      input: {
        caseId,
        sessionId: dice.of(SESSIONS),
        officerId: officer.officerId,
        counterpart: holder !== undefined && dice.chance(60) ? holder : dice.of(model.actors(...ACTING_ROLES)).agencyId,
        identityCheck: { method: 'face', resultDigest: digestOf(dice) },
        media: ['video'],
        startedAt: iso(model.now - dice.of([1, 1, 2, 1, 1, -1]) * HOUR),
        endedAt: iso(model.now),
        outcome: 'complete',
      },
    };
  },
  judge: (model, call) => {
    const fault = sessionFault(model, call);
    if (fault) return refused(fault);
    const { input, actor } = call;
    const found = model.cases.get(text(input, 'caseId')) as CaseState;
    const counterpart = text(input, 'counterpart');
    found.sessions.set(text(input, 'sessionId'), { centre: actor.agencyId, counterpart });
    found.parties.add(counterpart);
    enter(found, call);
    return accepted({ centre: actor.agencyId, counterpart, status: 'recorded' });
  },
};

const withSession = (model: Model) => [...model.cases.values()].filter((found) => found.sessions.size > 0);

const acknowledgeSession: Verb = {
  fn: 'case:AcknowledgeSession',
  roles: ACTING_ROLES,
  weight: 4,
  ground: (model) => withSession(model).length > 0,
  propose: (model, dice: Dice) => {
    const some = withSession(model);
    const caseId = some.length > 0 && dice.chance(85) ? dice.of(some).caseId : caseName(model, dice);
    const sessions = model.cases.get(caseId)?.sessions ?? new Map();
    const sessionId = sessions.size > 0 && dice.chance(90) ? dice.of([...sessions.keys()]) : dice.of(SESSIONS);
    return { actor: actorOr(model, dice, sessions.get(sessionId)?.counterpart), input: { caseId, sessionId } };
  },
  judge: (model, call) => {
    const { input, actor } = call;
    const found = model.cases.get(text(input, 'caseId'));
    if (!found) return refused('case.not-found');
    const session = found.sessions.get(text(input, 'sessionId'));
    if (!session) return refused('session.not-found');
    if (session.counterpart !== actor.agencyId) return refused('auth.agency');
    if (session.acknowledgedAt !== undefined) return refused('session.state');
    if (found.status === 'closed') return refused('case.state');
    found.parties.add(session.centre);
    session.acknowledgedAt = enter(found, call);
    return accepted({ status: 'acknowledged' });
  },
};

export const CUSTODY_AND_SESSION_VERBS: readonly Verb[] = [recordCustody, recordSession, acknowledgeSession];
