import { hash, sha256 } from '../../support/digests.js';
import type { Dice } from '../dice.js';
import type { CaseState, Model } from '../state.js';
import { accepted, actorOr, type Call, freshName, HOUR, iso, refused, text, type Verb } from '../verb.js';
import { CASE_IDS, CASE_ROLES, enter, fittingCase, UNDER_WAY } from './case-parties.js';

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
  if (input.parentCaseId !== undefined && !model.cases.has(text(input, 'parentCaseId'))) return 'case.not-found';
  if (version.status !== 'published') return 'catalogue.not-published';
  const fault = input.parentCaseId === undefined ? undefined : parentFault(model, call);
  if (fault) return fault;
  if (model.cases.has(text(input, 'caseId'))) return 'case.exists';
  return (version.content.modes as string[]).includes(text(input, 'mode')) ? undefined : 'case.mode';
}

const PROACTIVE = { rule: 'hardship', policyVersion: '2026', grantId: '31-grant-a', entitlement: 'fast' };

/** A case that could have parts, mostly. */
function wholeCase(model: Model, dice: Dice): CaseState | undefined {
  const name = fittingCase(model, dice, (found) => found.mode === 'integrated' && found.status === 'open');
  return model.cases.get(name);
}

const EVERYWHERE = ['integrated', 'standard', 'continued'];
const PLAIN_ONLY = ['assisted', 'counter', 'proactive'];

/** A mode that the item offers, mostly. */
function modeOf(dice: Dice, itemCode: string): string {
  return dice.of(itemCode === 'plain' || dice.chance(5) ? [...EVERYWHERE, ...PLAIN_ONLY] : EVERYWHERE);
}

export const openCase: Verb = {
  fn: 'case:OpenCase',
  roles: CASE_ROLES,
  clientId: 'caseId',
  codeField: 'itemCode',
  weight: 14,
  propose: (model, dice) => {
    const parent = dice.chance(70) ? undefined : wholeCase(model, dice);
    const actor = actorOr(model, dice, parent?.holder, ...CASE_ROLES);
    const itemCode = dice.of(parent ? ['plain', 'plain', 'routed'] : ['routed', 'plain']);
    const mode = parent ? 'standard' : modeOf(dice, itemCode);
    const latest = model.head('service-items', itemCode);
    return {
      actor,
      input: {
        caseId: freshName(dice, actor, CASE_IDS, model.cases),
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
      recordedAt: call.time,
    });
    const parent = model.cases.get(text(input, 'parentCaseId'));
    parent?.subcases.push(caseId);
    if (parent) enter(parent, call);
    return accepted({ caseId, status: 'open', entries: 1 });
  },
};
