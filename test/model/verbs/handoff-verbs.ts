/** Hand-offs: the only way that a case changes hands. */
import { sha256 } from '../../support/digests.js';
import type { CaseState, Handoff } from '../state.js';
import { accepted, actorOr, around, type Call, type Input, instant, refused, text, type Verb, type Verdict } from '../verb.js';
import { byHolder, CASE_ROLES, caseName, digestOf, enter, outsider } from './case-parties.js';

const offerHandoff = byHolder(
  'OfferHandoff',
  14,
  ['open'],
  (model, dice, found) => ({
    to:
      dice.chance(50) && found
        ? dice.of([...found.parties])
        : dice.of(model.actors(...(dice.chance(90) ? CASE_ROLES : []))).agencyId,
    reason: 'next-step',
    manifest: [{ code: 'form', digest: digestOf(dice) }],
    dueAt: around(model, dice, [2, 24, -1]),
  }),
  (model, call, found) => {
    const { input, actor } = call;
    const to = model.agency(text(input, 'to'));
    if (to.actor.agencyId === actor.agencyId) return refused('request.invalid');
    if (!to.active) return refused('agency.state');
    if (!to.roles.some((role) => CASE_ROLES.includes(role))) return refused('agency.roles');
    const { agencyId } = to.actor;
    const dueAt = instant(input, 'dueAt');
    const { heldUnder } = found;
    const offeredAt = enter(found, call);
    found.handoffs.push({ from: actor.agencyId, to: agencyId, dueAt, heldUnder, offeredAt, status: 'open' });
    found.parties.add(agencyId);
    found.status = 'offered';
    return accepted({ number: found.handoffs.length, status: 'open', from: actor.agencyId, to: agencyId });
  },
  { codeField: 'reason' },
);

interface Settlement {
  readonly name: string;
  readonly weight: number;
  /** who may; anybody with a role on cases when undefined */
  readonly by?: 'from' | 'to';
  readonly from: string;
  readonly extra?: Input;
  readonly effect: (found: CaseState, handoff: Handoff, number: number, call: Call) => Verdict | undefined;
}

const isOver = (found: CaseState) => {
  found.status = 'open';
  return undefined;
};

const SETTLEMENTS: readonly Settlement[] = [
  {
    name: 'AcceptHandoff',
    weight: 12,
    by: 'to',
    from: 'open',
    effect: (found, { to }, number) => {
      found.holder = to;
      found.heldUnder = number;
      return isOver(found);
    },
  },
  { name: 'RejectHandoff', weight: 4, by: 'to', from: 'open', extra: { reason: 'no-time' }, effect: isOver },
  { name: 'RecallHandoff', weight: 4, by: 'from', from: 'open', effect: isOver },
  {
    name: 'LapseHandoff',
    weight: 4,
    from: 'open',
    effect: (found, { dueAt }, _number, { time }) => (time > dueAt ? isOver(found) : refused('handoff.state')),
  },
  {
    name: 'ReturnHandoff',
    weight: 6,
    by: 'to',
    from: 'accepted',
    extra: { reason: 'not-competent', findingsDigest: sha256('findings') },
    effect: (found, { from, heldUnder }, number, { actor }) => {
      if (found.holder !== actor.agencyId) return outsider(found, actor.agencyId);
      if (found.heldUnder !== number) return refused('handoff.state');
      if (found.status !== 'open') return refused('case.state');
      found.holder = from;
      found.heldUnder = heldUnder;
      return undefined;
    },
  },
];

const ENDS: Record<string, string> = {
  AcceptHandoff: 'accepted',
  RejectHandoff: 'rejected',
  RecallHandoff: 'recalled',
  LapseHandoff: 'lapsed',
  ReturnHandoff: 'returned',
};

function settlementVerb({ name, weight, by, from, extra, effect }: Settlement): Verb {
  return {
    fn: `case:${name}`,
    roles: CASE_ROLES,
    weight,
    ...(extra ? { codeField: 'reason' } : {}),
    ground: (model) => [...model.cases.values()].some((found) => found.handoffs.at(-1)?.status === from),
    propose: (model, dice) => {
      const waiting = [...model.cases.values()].filter((found) => found.handoffs.at(-1)?.status === from);
      const caseId = waiting.length > 0 && dice.chance(85) ? dice.of(waiting).caseId : caseName(model, dice);
      const handoffs = model.cases.get(caseId)?.handoffs ?? [];
      const holder = model.cases.get(caseId)?.holder;
      const own = [...handoffs.keys()].filter((place) => handoffs[place]?.status === from && handoffs[place]?.to === holder);
      const last = Math.max(0, handoffs.length - 1);
      const place = dice.chance(60) ? last : dice.of(own.length > 0 ? own : [...handoffs.keys(), handoffs.length]);
      const number = place + 1;
      const handoff = handoffs[place];
      const agencyId = by ? handoff?.[by] : undefined;
      return { actor: actorOr(model, dice, agencyId, ...CASE_ROLES), input: { caseId, handoff: number, ...extra } };
    },
    judge: (model, call) => {
      const found = model.cases.get(text(call.input, 'caseId'));
      if (!found) return refused('case.not-found');
      const number = call.input.handoff as number;
      const handoff = found.handoffs[number - 1];
      if (!handoff) return refused('handoff.not-found');
      if (by && handoff[by] !== call.actor.agencyId) return refused('auth.agency');
      if (handoff.status !== from) return refused('handoff.state');
      const fault = effect(found, handoff, number, call);
      if (fault) return fault;
      handoff.status = ENDS[name] ?? '';
      const at = enter(found, call);
      if (name === 'ReturnHandoff') handoff.returnedAt = at;
      else handoff.settledAt = at;
      return accepted({ number, status: handoff.status });
    },
  };
}

export const HANDOFF_VERBS: readonly Verb[] = [offerHandoff, ...SETTLEMENTS.map(settlementVerb)];
