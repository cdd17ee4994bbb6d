import type { Model, OfficerState } from '../state.js';
import { accepted, actorOr, around, type Call, instant, refused, text, type Verb } from '../verb.js';
import { someCentre, speaksFor } from './centre-verbs.js';

const OFFICERS = ['officer-3', 'officer-4', 'officer-5'];

const registerOfficer: Verb = {
  fn: 'registry:RegisterOfficer',
  roles: 'any',
  weight: 2,
  propose: (model, dice) => {
    const centreId = someCentre(model, dice);
    const free = OFFICERS.filter((officerId) => !model.officers.has(officerId));
    const others = [...model.centres.keys()].filter((other) => other !== centreId);
    const host = dice.chance(50) ? (others[0] ?? someCentre(model, dice)) : undefined;
    return {
      actor: actorOr(model, dice, centreId),
      input: {
        officerId: dice.of(free.length > 0 && dice.chance(80) ? free : [...OFFICERS, 'officer-1']),
        centreId,
        ...(host ? { hostCentreId: host } : {}),
        servesProvinces: dice.of([['320000'], ['330000', '340000']]),
        duties: dice.of([['assist', 'verify-identity'], ['consult']]),
        validFrom: around(model, dice, [-48, -1]),
        validTo: around(model, dice, [240, 1]),
      },
    };
  },
  judge: (model, { input, actor }) => {
    const [officerId, centreId] = [text(input, 'officerId'), text(input, 'centreId')];
    const host = input.hostCentreId as string | undefined;
    if (host === centreId) return refused('request.invalid');
    if (!model.centres.has(centreId) || (host && !model.centres.has(host))) return refused('centre.not-found');
    if (!speaksFor(model, actor.agencyId, centreId)) return refused('auth.agency');
    if (model.officers.has(officerId)) return refused('officer.exists');
    const officer: OfficerState = {
      officerId,
      centre: centreId,
      host,
      serves: input.servesProvinces as string[],
      duties: input.duties as string[],
      validFrom: instant(input, 'validFrom'),
      validTo: instant(input, 'validTo'),
      status: host ? 'proposed' : 'active',
    };
    model.officers.set(officerId, officer);
    return accepted({ officerId, status: officer.status });
  },
};

function officerStep(
  name: string,
  weight: number,
  effect: (model: Model, call: Call, officer: OfficerState) => string | undefined,
): Verb {
  return {
    fn: `registry:${name}`,
    roles: 'any',
    weight,
    ground: (model) => name !== 'AcceptOfficer' || [...model.officers.values()].some(({ status }) => status === 'proposed'),
    propose: (model, dice) => {
      const proposed = [...model.officers.values()].filter((officer) => officer.status === 'proposed');
      const known = proposed.length > 0 && dice.chance(80) ? proposed : [...model.officers.values()];
      const { officerId, centre, host } = dice.of(known);
      const actor = actorOr(model, dice, name === 'AcceptOfficer' ? (host ?? centre) : centre);
      return { actor, input: { officerId: dice.chance(95) ? officerId : 'officer-9' } };
    },
    judge: (model, call) => {
      const officer = model.officers.get(text(call.input, 'officerId'));
      if (!officer) return refused('officer.not-found');
      const fault = effect(model, call, officer);
      return fault ? refused(fault) : accepted({ officerId: officer.officerId, status: officer.status });
    },
  };
}

const acceptOfficer = officerStep('AcceptOfficer', 2, (_model, { actor }, officer) => {
  if (officer.host !== actor.agencyId) return 'auth.agency';
  if (officer.status !== 'proposed') return 'officer.state';
  officer.status = 'active';
  return undefined;
});

const deactivateOfficer = officerStep('DeactivateOfficer', 1, (model, { actor }, officer) => {
  if (officer.host !== actor.agencyId && !speaksFor(model, actor.agencyId, officer.centre)) return 'auth.agency';
  if (officer.status === 'inactive') return 'officer.state';
  officer.status = 'inactive';
  return undefined;
});

export const OFFICER_VERBS: readonly Verb[] = [registerOfficer, acceptOfficer, deactivateOfficer];
