/** Agencies and instruments; and the erasure of subjects. */
import { creditCodeCheck } from '../../../chaincode/identifiers/credit-code.js';
import type { Role } from '../../../chaincode/roles.js';
import type { Actor } from '../../support/contract-world.js';
import { hash, sha256 } from '../../support/digests.js';
import type { Dice } from '../dice.js';
import type { Model } from '../state.js';
import { accepted, actorOr, type Call, type Input, refused, text, type Verb, type Verdict } from '../verb.js';
import { CENTRE_VERBS } from './centre-verbs.js';
import { OFFICER_VERBS } from './officer-verbs.js';

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
  body: (dice: Dice, target: Actor, model: Model) => Input,
  effect: (model: Model, call: Call, agencyId: string) => Verdict,
  before: (input: Input) => string | undefined = () => undefined,
): Verb {
  return {
    fn: `registry:${name}`,
    roles: REGISTRAR,
    weight,
    ground: (model) => name !== 'ReactivateAgency' || [...model.agencies.values()].some(({ active }) => !active),
    propose: (model, dice) => {
      const idle = [...model.agencies.values()].filter((agency) => !agency.active).map((agency) => agency.actor);
      const target = name === 'ReactivateAgency' && idle.length > 0 ? dice.of(idle) : dice.of(model.actors());
      const registrar = model.actors(...REGISTRAR).find((actor) => actor.province === target.province);
      return {
        actor: actorOr(model, dice, registrar?.agencyId, ...REGISTRAR),
        input: { agencyId: target.agencyId, ...body(dice, target, model) },
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

const replaceAgencyKey = overAgency(
  'ReplaceAgencyKey',
  1,
  (dice, target, model) => ({ reason: 'compromised', keyDigest: dice.of(model.agency(target.agencyId).spares).keyDigest }),
  (model, { input }, agencyId) => {
    const agency = model.agency(agencyId);
    const next = agency.spares.find((spare) => spare.keyDigest === input.keyDigest) as Actor;
    if (next.keyDigest === agency.actor.keyDigest) return refused('agency.key');
    agency.actor = next;
    return accepted({ keyDigest: input.keyDigest });
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

const approveFeature: Verb = {
  fn: 'registry:ApproveFeature',
  roles: REGISTRAR,
  codeField: 'feature',
  weight: 1,
  propose: (model, dice) => ({
    actor: actorOr(model, dice, undefined, ...REGISTRAR),
    input: { feature: dice.of(['feature-1', 'feature-2']) },
  }),
  judge: (model, { input, actor }) => {
    const approvals = model.features.get(text(input, 'feature')) ?? new Set();
    if (approvals.size === 3 || approvals.has(actor.province)) return refused('feature.state');
    model.features.set(text(input, 'feature'), approvals.add(actor.province));
    return accepted({ feature: input.feature, status: approvals.size === 3 ? 'active' : 'proposed' });
  },
};

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
  replaceAgencyKey,
  activity('DeactivateAgency', 1, false),
  activity('ReactivateAgency', 3, true),
  registerInstrument,
  approveFeature,
  eraseSubject,
  ...CENTRE_VERBS,
  ...OFFICER_VERBS,
];
