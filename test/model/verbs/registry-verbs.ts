/** Agencies, instruments, centres, partners, officers; and the erasure of subjects. */
import { creditCodeCheck } from '../../../chaincode/identifiers/credit-code.js';
import type { Role } from '../../../chaincode/roles.js';
import type { Actor } from '../../support/contract-world.js';
import { hash, sha256 } from '../../support/digests.js';
import type { Dice } from '../dice.js';
import type { Model, OfficerState } from '../state.js';
import {
  accepted,
  actorOr,
  around,
  type Call,
  type Input,
  instant,
  iso,
  refused,
  text,
  type Verb,
  type Verdict,
} from '../verb.js';

const REGISTRAR = ['registrar'] as const;

function newAgencyId(province: string, serial: number): string {
  const body = `12${province}M0000000${serial}`;
  return body + creditCodeCheck(body);
}

/** New agencies are of no consequence to the histories, but their registration is checked like the rest. */
const registerAgency: Verb = {
  fn: 'registry:RegisterAgency',
  roles: REGISTRAR,
  weight: 1,
  propose: (model, dice) => {
    const actor = actorOr(model, dice, undefined, ...REGISTRAR);
    const province = dice.chance(90) ? actor.province : '340000';
    const roles = dice.of([['data-user'], ['auditor'], ['auditor', 'data-user'], ['registrar', 'case-handler']]);
    const agencyId = newAgencyId(province, dice.of([1, 2]));
    const name = { zh: '新机构' };
    return { actor, input: { agencyId, name, divisionCode: province, kind: 'department', roles, keyDigest: hash(agencyId) } };
  },
  judge: (model, { input, actor }) => {
    const agencyId = text(input, 'agencyId');
    const roles = input.roles as Role[];
    if (input.divisionCode !== actor.province) return refused('auth.province');
    if (roles.length > 1 && roles.some((role) => role === 'auditor' || role === 'registrar')) return refused('agency.roles');
    if (model.newcomers.has(agencyId)) return refused('agency.exists');
    model.newcomers.add(agencyId);
    return accepted({ agencyId, status: 'active' });
  },
};

function overAgency(
  name: string,
  weight: number,
  body: (dice: Dice, target: Actor) => Input,
  effect: (model: Model, call: Call, agencyId: string) => Verdict,
  before: (input: Input) => string | undefined = () => undefined,
): Verb {
  return {
    fn: `registry:${name}`,
    roles: REGISTRAR,
    weight,
    propose: (model, dice) => {
      const idle = [...model.agencies.values()].filter((agency) => !agency.active).map((agency) => agency.actor);
      const target = name === 'ReactivateAgency' && idle.length > 0 ? dice.of(idle) : dice.of(model.actors());
      const registrar = model.actors(...REGISTRAR).find((actor) => actor.province === target.province);
      return {
        actor: actorOr(model, dice, registrar?.agencyId, ...REGISTRAR),
        input: { agencyId: target.agencyId, ...body(dice, target) },
      };
    },
    judge: (model, call) => {
      const agencyId = text(call.input, 'agencyId');
      const fault = before(call.input);
      if (fault) return refused(fault);
      if (model.provinceOf(agencyId) !== call.actor.province) return refused('auth.province');
      if (agencyId === call.actor.agencyId) return refused('auth.agency');
      return effect(model, call, agencyId);
    },
  };
}

const activity = (name: string, weight: number, active: boolean): Verb =>
  overAgency(
    name,
    weight,
    () => ({ reason: 'reorganised' }),
    (model, _call, agencyId) => {
      const agency = model.agency(agencyId);
      if (agency.active === active) return refused('agency.state');
      agency.active = active;
      return accepted({ status: active ? 'active' : 'inactive' });
    },
  );

const ROLE_SETS: readonly (readonly Role[])[] = [
  ['case-handler', 'certificate-issuer'],
  ['case-handler'],
  ['data-user'],
  ['data-provider', 'case-handler'],
  ['catalogue-editor'],
  ['auditor', 'data-user'],
];

const setAgencyRoles = overAgency(
  'SetAgencyRoles',
  1,
  (dice, target) => ({ roles: dice.chance(80) ? target.roles : dice.of(ROLE_SETS) }),
  (model, { input }, agencyId) => {
    model.agency(agencyId).roles = input.roles as Role[];
    return accepted({ roles: input.roles });
  },
  (input) => {
    const roles = input.roles as Role[];
    return roles.length > 1 && roles.includes('auditor') ? 'agency.roles' : undefined;
  },
);

const registerInstrument: Verb = {
  fn: 'registry:RegisterInstrument',
  roles: REGISTRAR,
  codeField: 'code',
  weight: 1,
  propose: (model, dice) => {
    const code = dice.of(['act-1', 'act-2']);
    const input = { code, title: { zh: '条例' }, issuer: '国务院', effectiveFrom: '2025-08-01T00:00:00Z', digest: sha256(code) };
    return { actor: actorOr(model, dice, undefined, ...REGISTRAR), input };
  },
  judge: (model, { input }) => {
    if (model.instruments.has(text(input, 'code'))) return refused('instrument.exists');
    model.instruments.add(text(input, 'code'));
    return accepted({ code: input.code });
  },
};

function centreFault(model: Model, { input, actor }: Call): string | undefined {
  const centreId = text(input, 'centreId');
  const agency = model.agency(centreId);
  if (agency.actor.province !== actor.province || input.divisionCode !== actor.province) return 'auth.province';
  if (agency.kind !== 'centre') return 'centre.kind';
  if (model.centres.has(centreId)) return 'centre.exists';
  if (!agency.active) return 'agency.state';
  const { code, version } = input.standard as { code: string; version: number };
  const standard = model.version('service-standards', code, version);
  if (!standard) return 'catalogue.not-found';
  return standard.status === 'published' ? undefined : 'catalogue.not-published';
}

const registerCentre: Verb = {
  fn: 'registry:RegisterCentre',
  roles: REGISTRAR,
  weight: 3,
  propose: (model, dice) => {
    const centres = [...model.agencies.values()].filter((agency) => agency.kind === 'centre').map((agency) => agency.actor);
    const centre = dice.chance(90) ? dice.of([...centres].reverse()) : dice.of(model.actors());
    const registrar = model.actors(...REGISTRAR).find((actor) => actor.province === centre.province);
    const version = dice.chance(80) ? (model.head('service-standards', 'standard')?.published ?? 1) : dice.of([1, 2]);
    return {
      actor: actorOr(model, dice, registrar?.agencyId, ...REGISTRAR),
      input: {
        centreId: centre.agencyId,
        name: { zh: '服务中心' },
        divisionCode: centre.province,
        standard: { code: 'standard', version },
        validFrom: iso(model.now),
        contractDigest: sha256('contract'),
      },
    };
  },
  judge: (model, call) => {
    const fault = centreFault(model, call);
    if (fault) return refused(fault);
    model.centres.set(text(call.input, 'centreId'), call.actor.province);
    return accepted({ centreId: call.input.centreId });
  },
};

/** The centre itself, or a registrar of its province who still is one. */
function speaksFor(model: Model, agencyId: string, centreId: string): boolean {
  const { actor, roles } = model.agency(agencyId);
  const registrar = roles.includes('registrar') && actor.roles.includes('registrar');
  return agencyId === centreId || (registrar && actor.province === model.centres.get(centreId));
}

const someCentre = (model: Model, dice: Dice): string =>
  dice.chance(95) ? dice.of([...model.centres.keys()]) : dice.of(model.actors()).agencyId;

const proposePartner: Verb = {
  fn: 'registry:ProposePartner',
  roles: 'any',
  weight: 2,
  propose: (model, dice) => {
    const centreId = someCentre(model, dice);
    return {
      actor: actorOr(model, dice, centreId),
      input: { centreId, partner: dice.of(model.actors('case-handler')).agencyId },
    };
  },
  judge: (model, { input, actor }) => {
    const [centreId, partner] = [text(input, 'centreId'), text(input, 'partner')];
    if (partner === centreId) return refused('request.invalid');
    if (!model.centres.has(centreId)) return refused('centre.not-found');
    if (!speaksFor(model, actor.agencyId, centreId)) return refused('auth.agency');
    const standing = model.partners.get(`${centreId}/${partner}`);
    if (standing !== undefined && standing !== 'withdrawn') return refused('partner.exists');
    if (!model.agency(partner).active) return refused('agency.state');
    model.partners.set(`${centreId}/${partner}`, 'proposed');
    return accepted({ centreId, partner, status: 'proposed' });
  },
};

function partnerStep(name: string, from: readonly string[], to: string): Verb {
  return {
    fn: `registry:${name}`,
    roles: 'any',
    weight: 2,
    ground: (model) => [...model.partners.values()].some((standing) => from.includes(standing)),
    propose: (model, dice) => {
      const pairs = [...model.partners.keys()];
      const pair = pairs.length > 0 ? dice.of(pairs) : `${someCentre(model, dice)}/${dice.of(model.actors()).agencyId}`;
      const [centreId = '', partner = ''] = pair.split('/');
      return { actor: actorOr(model, dice, partner), input: { centreId, partner } };
    },
    judge: (model, { input, actor }) => {
      const pair = `${text(input, 'centreId')}/${text(input, 'partner')}`;
      const standing = model.partners.get(pair);
      if (standing === undefined) return refused('partner.not-found');
      if (input.partner !== actor.agencyId) return refused('auth.agency');
      if (!from.includes(standing)) return refused('partner.state');
      model.partners.set(pair, to);
      return accepted({ status: to });
    },
  };
}

const OFFICERS = ['officer-3', 'officer-4'];

const registerOfficer: Verb = {
  fn: 'registry:RegisterOfficer',
  roles: 'any',
  weight: 2,
  propose: (model, dice) => {
    const centreId = someCentre(model, dice);
    const others = [...model.centres.keys()].filter((other) => other !== centreId);
    const host = dice.chance(50) ? (others[0] ?? someCentre(model, dice)) : undefined;
    return {
      actor: actorOr(model, dice, centreId),
      input: {
        officerId: dice.of([...OFFICERS, 'officer-1']),
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

const eraseSubject: Verb = {
  fn: 'subject:EraseSubject',
  roles: ['case-handler', 'certificate-issuer', 'data-user'],
  weight: 1,
  propose: (model, dice) => {
    const input = { subject: hash(dice.of(['subject', 'somebody'])) };
    return { actor: actorOr(model, dice, undefined, 'case-handler', 'data-user'), input };
  },
  judge: (model, { input, actor }) => {
    const erasure = `${text(input, 'subject')}/${actor.agencyId}`;
    if (model.erased.has(erasure)) return refused('subject.state');
    model.erased.add(erasure);
    return accepted({ subject: input.subject, erased: true });
  },
};

export const REGISTRY_VERBS: readonly Verb[] = [
  registerAgency,
  setAgencyRoles,
  activity('DeactivateAgency', 1, false),
  activity('ReactivateAgency', 3, true),
  registerInstrument,
  registerCentre,
  proposePartner,
  partnerStep('AcceptPartner', ['proposed'], 'accepted'),
  partnerStep('WithdrawPartner', ['proposed', 'accepted'], 'withdrawn'),
  registerOfficer,
  acceptOfficer,
  deactivateOfficer,
  eraseSubject,
];
