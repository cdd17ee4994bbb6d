/** What the verbs on cases share: who may, which case, in which state. */
import type { Role } from '../../../chaincode/roles.js';
import { sha256 } from '../../support/digests.js';
import type { Dice } from '../dice.js';
import type { CaseState, Model } from '../state.js';
import { actorOr, type Call, type Input, known, refused, text, type Verb, type Verdict } from '../verb.js';

export const CASE_ROLES: readonly Role[] = ['case-handler', 'application'];
export const ACTING_ROLES: readonly Role[] = [
  ...CASE_ROLES,
  'catalogue-editor',
  'certificate-issuer',
  'data-provider',
  'data-user',
];
export const CASE_IDS = ['31-case-a', '32-case-b', '33-case-c', '34-case-d', '31-part-a', '32-part-b'];
export const UNDER_WAY = ['open', 'offered'];

export const caseName = (model: Model, dice: Dice): string => known(dice, model.cases, CASE_IDS);
/** The name of a case that a verb fits, mostly. */
export function fittingCase(model: Model, dice: Dice, fits: (found: CaseState) => boolean): string {
  const fitting = [...model.cases.values()].filter(fits);
  return fitting.length > 0 && dice.chance(85) ? dice.of(fitting).caseId : caseName(model, dice);
}

export const anyCase = (model: Model): boolean => model.cases.size > 0;
export const digestOf = (dice: Dice) => sha256(dice.of(['first', 'second', 'third']));

/** Makes the next entry, with the materials that it brings. @returns the time that it is recorded at */
export function enter(found: CaseState, { time }: Pick<Call, 'time'>, materials: readonly string[] = []): number {
  found.entries.push(materials);
  found.recordedAt = Math.max(found.recordedAt, time);
  return found.recordedAt;
}

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
    ground: (model) => [...model.cases.values()].some((found) => states.includes(found.status)),
    propose: (model, dice) => {
      const caseId = fittingCase(model, dice, (found) => states.includes(found.status));
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

/** Whether the item of a case, in its version, names an agency as a responsible department of its province. */
export function isResponsible(model: Model, { itemCode, version }: CaseState, agencyId: string): boolean {
  const content = model.version('service-items', itemCode, version)?.content;
  const departments = content?.departments as Record<string, string[]> | undefined;
  return departments?.[model.provinceOf(agencyId)]?.includes(agencyId) ?? false;
}
