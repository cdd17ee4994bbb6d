import { sha256 } from '../../support/digests.js';
import type { Dice } from '../dice.js';
import type { Model } from '../state.js';
import { accepted, actorOr, type Call, iso, refused, text, type Verb } from '../verb.js';

const REGISTRAR = ['registrar'] as const;

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
  ground: (model) => model.centres.size < 3,
  propose: (model, dice) => {
    const centres = [...model.agencies.values()].filter((agency) => agency.kind === 'centre').map((agency) => agency.actor);
    const [next = dice.of(centres)] = centres.filter(({ agencyId }) => !model.centres.has(agencyId));
    const centre = dice.chance(80) ? next : dice.of(model.actors());
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
export function speaksFor(model: Model, agencyId: string, centreId: string): boolean {
  const { actor, roles } = model.agency(agencyId);
  const registrar = roles.includes('registrar') && actor.roles.includes('registrar');
  return agencyId === centreId || (registrar && actor.province === model.centres.get(centreId));
}

export const someCentre = (model: Model, dice: Dice): string =>
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

export const CENTRE_VERBS: readonly Verb[] = [
  registerCentre,
  proposePartner,
  partnerStep('AcceptPartner', ['proposed'], 'accepted'),
  partnerStep('WithdrawPartner', ['proposed', 'accepted'], 'withdrawn'),
];
