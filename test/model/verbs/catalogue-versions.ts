import { canonical } from '../../support/case-world.js';
import { hash } from '../../support/digests.js';
import type { Dice } from '../dice.js';
import type { Model, VersionState } from '../state.js';
import { accepted, actorOr, type Call, type Input, refused, text, type Verb, type Verdict } from '../verb.js';

export const EDITOR = ['catalogue-editor'] as const;
const ENTRIES: readonly (readonly [kind: string, code: string])[] = [
  ['service-items', 'plain'],
  ['data-sets', 'conditional'],
  ['service-items', 'routed'],
  ['service-standards', 'standard'],
  ['service-items', 'unheard-of'],
];

/** Enters content as the next version, in the model. */
export function enterDraft(model: Model, kind: string, content: Input, proposer: string): VersionState {
  const code = text(content, 'code');
  const head = model.head(kind, code);
  const version: VersionState = {
    kind,
    code,
    version: (head?.latest ?? 0) + 1,
    province: model.provinceOf(proposer),
    content,
    contentDigest: hash(canonical(content)),
    proposer,
    votes: new Set(),
    withdrawal: new Set(),
    consultation: undefined,
    status: 'draft',
  };
  model.versions.set(`${kind}/${code}/${version.version}`, version);
  model.heads.set(`${kind}/${code}`, { latest: version.version, published: head?.published });
  return version;
}

export function draftVerb(name: string, kind: string, change: (dice: Dice) => Input): Verb {
  return {
    fn: `catalogue:${name}`,
    roles: EDITOR,
    codeField: 'code',
    weight: 2,
    propose: (model, dice) => {
      const codes = ENTRIES.filter((entry) => entry[0] === kind && entry[1] !== 'unheard-of').map((entry) => entry[1]);
      const first = model.version(kind, dice.of(codes), 1);
      return { actor: actorOr(model, dice, undefined, ...EDITOR), input: { ...first?.content, ...change(dice) } };
    },
    judge: (model, { input, actor }) => {
      const { version, contentDigest } = enterDraft(model, kind, input, actor.agencyId);
      return accepted({ version, contentDigest, status: 'draft' });
    },
  };
}

/** The versions that a verb could be about, those under way before the others. */
function path(model: Model, dice: Dice, statuses: readonly string[]): Input {
  const fitting = [...model.versions.values()].filter((version) => statuses.includes(version.status));
  if (fitting.length > 0 && dice.chance(85)) {
    const { kind, code, version } = dice.of(fitting.reverse());
    return { kind, code, version };
  }
  const [kind, code] = dice.of(ENTRIES);
  return { kind, code, version: dice.of([1, 2, 3]) };
}

const at = (model: Model, { kind, code, version }: Input): VersionState | undefined =>
  model.version(kind as string, code as string, version as number);

interface VersionVerb {
  readonly name: string;
  readonly weight: number;
  readonly roles: Verb['roles'];
  /** the statuses that it starts from */
  readonly from: readonly string[];
  readonly actor: (model: Model, dice: Dice, found: VersionState | undefined) => string | undefined;
  readonly body: (model: Model, dice: Dice, found: VersionState | undefined) => Input;
  readonly effect: (model: Model, call: Call, found: VersionState) => Verdict;
}

export function versionVerb({ name, weight, roles, from, actor, body, effect }: VersionVerb): Verb {
  return {
    fn: `catalogue:${name}`,
    roles,
    weight,
    ground: (model) => [...model.versions.values()].some((version) => from.includes(version.status)),
    propose: (model, dice) => {
      const target = path(model, dice, from);
      const found = at(model, target);
      const chosen = actorOr(model, dice, actor(model, dice, found), ...(roles === 'any' ? [] : roles));
      return { actor: chosen, input: { ...target, ...body(model, dice, found) } };
    },
    judge: (model, call) => {
      const found = at(model, call.input);
      return found ? effect(model, call, found) : refused('catalogue.not-found');
    },
  };
}

export const anyEditor = (model: Model, dice: Dice) => dice.of(model.actors(...EDITOR)).agencyId;
export const ownEditor = (model: Model, _dice: Dice, found: VersionState | undefined) =>
  model.actors(...EDITOR).find((actor) => actor.province === found?.province)?.agencyId;

export function responsible(model: Model, found: VersionState, agencyId: string): boolean {
  const province = model.provinceOf(agencyId);
  if (found.kind === 'service-items')
    return ((found.content.departments as Record<string, string[]>)[province] ?? []).includes(agencyId);
  if (found.kind === 'data-sets') return (found.content.providers as Record<string, string>)[province] === agencyId;
  return found.proposer === agencyId;
}

export const responsibleAgency = (model: Model, _dice: Dice, found: VersionState | undefined) =>
  found && model.actors().find((actor) => responsible(model, found, actor.agencyId))?.agencyId;
