/** Catalogue entries: drafts, consultations, votes, suspensions, withdrawals, guides. */
import type { ProvinceCode } from '../../../chaincode/provinces.js';
import { canonical } from '../../support/case-world.js';
import { hash, sha256 } from '../../support/digests.js';
import type { Dice } from '../dice.js';
import type { Model, VersionState } from '../state.js';
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

const EDITOR = ['catalogue-editor'] as const;
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

function draftVerb(name: string, kind: string, change: (dice: Dice) => Input): Verb {
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

function versionVerb({ name, weight, roles, from, actor, body, effect }: VersionVerb): Verb {
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

const anyEditor = (model: Model, dice: Dice) => dice.of(model.actors(...EDITOR)).agencyId;
const ownEditor = (model: Model, _dice: Dice, found: VersionState | undefined) =>
  model.actors(...EDITOR).find((actor) => actor.province === found?.province)?.agencyId;

function responsible(model: Model, found: VersionState, agencyId: string): boolean {
  const province = model.provinceOf(agencyId);
  if (found.kind === 'service-items')
    return ((found.content.departments as Record<string, string[]>)[province] ?? []).includes(agencyId);
  if (found.kind === 'data-sets') return (found.content.providers as Record<string, string>)[province] === agencyId;
  return found.proposer === agencyId;
}

const responsibleAgency = (model: Model, _dice: Dice, found: VersionState | undefined) =>
  found && model.actors().find((actor) => responsible(model, found, actor.agencyId))?.agencyId;

const openConsultation = versionVerb({
  name: 'OpenConsultation',
  weight: 5,
  roles: EDITOR,
  from: ['draft'],
  actor: ownEditor,
  body: (model, dice) => ({
    opensAt: around(model, dice, [-48, -1]),
    closesAt: around(model, dice, [-1, 6, 24]),
    noticeDigest: sha256('notice'),
  }),
  effect: (model, { input, actor }, found) => {
    if (found.province !== model.provinceOf(actor.agencyId)) return refused('auth.agency');
    if (found.status !== 'draft' || found.votes.size > 0) return refused('catalogue.state');
    found.status = 'consultation';
    found.consultation = { opensAt: instant(input, 'opensAt'), closesAt: instant(input, 'closesAt') };
    return accepted({ status: 'consultation' });
  },
});

const submitOpinion = versionVerb({
  name: 'SubmitOpinion',
  weight: 5,
  roles: 'any',
  from: ['consultation'],
  actor: (model, dice) => dice.of(model.actors('application', 'case-handler')).agencyId,
  body: (_model, dice) => ({ from: dice.of(['department', 'public']), opinionDigest: sha256('opinion') }),
  effect: (model, { input, actor, time }, found) => {
    if (input.from === 'department' && model.agency(actor.agencyId).kind !== 'department') return refused('auth.agency');
    const { status, consultation } = found;
    const open = status === 'consultation' && consultation && time >= consultation.opensAt && time < consultation.closesAt;
    return open ? accepted({ from: input.from, agency: actor.agencyId }) : refused('catalogue.state');
  },
});

/** Speaking for the public is a portal's part, whatever the entry. */
const submitOpinionForPublic: Verb = {
  ...submitOpinion,
  judge: (model, call) => {
    const { roles, actor } = model.agency(call.actor.agencyId);
    const portal = roles.includes('application') && actor.roles.includes('application');
    return call.input.from === 'public' && !portal ? refused('auth.role') : submitOpinion.judge(model, call);
  },
};

const recordResult = versionVerb({
  name: 'RecordConsultationResult',
  weight: 5,
  roles: EDITOR,
  from: ['consultation'],
  actor: ownEditor,
  body: () => ({ adopted: 1, notAdopted: 0, summaryDigest: sha256('summary') }),
  effect: (model, { actor, time }, found) => {
    if (found.province !== model.provinceOf(actor.agencyId)) return refused('auth.agency');
    if (found.status !== 'consultation' || !found.consultation) return refused('catalogue.state');
    if (time < found.consultation.closesAt) return refused('catalogue.state');
    found.status = 'consulted';
    return accepted({ status: 'consulted' });
  },
});

function publish(model: Model, found: VersionState): void {
  const head = model.head(found.kind, found.code);
  const earlier = head?.published === undefined ? undefined : model.version(found.kind, found.code, head.published);
  if (earlier) earlier.status = 'superseded';
  if (head) head.published = found.version;
  found.status = 'published';
}

const castVote = versionVerb({
  name: 'CastVote',
  weight: 16,
  roles: EDITOR,
  from: ['consulted'],
  actor: (model, dice, found) => {
    const missing = model.actors(...EDITOR).filter((editor) => !found?.votes.has(editor.province));
    return missing.length > 0 && dice.chance(90) ? dice.of(missing).agencyId : anyEditor(model, dice);
  },
  body: (_model, dice, found) => ({
    vote: dice.chance(93) ? 'approve' : 'reject',
    contentDigest: dice.chance(95) ? (found?.contentDigest ?? hash('other')) : hash('other'),
  }),
  effect: (model, { input, actor }, found) => {
    const head = model.head(found.kind, found.code);
    const overtaken = head?.published !== undefined && head.published > found.version;
    const ready = found.status === 'consulted' || (found.status === 'draft' && found.kind !== 'service-items');
    if (overtaken || !ready) return refused('catalogue.state');
    const province = model.provinceOf(actor.agencyId);
    if (found.votes.has(province)) return refused('catalogue.voted');
    if (input.contentDigest !== found.contentDigest) return refused('catalogue.content');
    if (input.vote === 'reject') {
      found.votes.clear();
      found.consultation = undefined;
      found.status = 'draft';
    } else found.votes.add(province);
    if (found.votes.size === 4) publish(model, found);
    return accepted({ status: found.status });
  },
});

const byResponsible = (name: string, weight: number, from: string, to: string): Verb =>
  versionVerb({
    name,
    weight,
    roles: 'any',
    from: [from],
    actor: responsibleAgency,
    body: () => ({}),
    effect: (model, { actor }, found) => {
      if (!responsible(model, found, actor.agencyId)) return refused('auth.agency');
      if (found.status !== from) return refused('catalogue.state');
      found.status = to;
      return accepted({ status: to });
    },
  });

const withdrawEntry = versionVerb({
  name: 'WithdrawEntry',
  weight: 2,
  roles: EDITOR,
  from: ['published', 'suspended'],
  actor: (model, dice, found) => {
    const missing = model.actors(...EDITOR).filter((editor) => !found?.withdrawal.has(editor.province));
    return missing.length > 0 ? dice.of(missing).agencyId : anyEditor(model, dice);
  },
  body: () => ({}),
  effect: (model, { actor }, found) => {
    if (!['published', 'suspended'].includes(found.status)) return refused('catalogue.state');
    const province: ProvinceCode = model.provinceOf(actor.agencyId);
    if (found.withdrawal.has(province)) return refused('catalogue.voted');
    found.withdrawal.add(province);
    if (found.withdrawal.size === 4) {
      found.status = 'withdrawn';
      const head = model.head(found.kind, found.code);
      if (head) head.published = undefined;
    }
    return accepted({ status: found.status });
  },
});

const publishGuide: Verb = {
  fn: 'catalogue:PublishGuide',
  roles: 'any',
  codeField: 'code',
  weight: 2,
  propose: (model, dice) => {
    const code = dice.of(['plain', 'routed', 'unheard-of']);
    const published = model.head('service-items', code)?.published ?? 1;
    const found = model.version('service-items', code, published);
    const input = { code, channels: [{ kind: 'online' }], guideDigest: sha256('guide'), effectiveFrom: iso(model.now) };
    return { actor: actorOr(model, dice, responsibleAgency(model, dice, found)), input };
  },
  judge: (model, { input, actor }) => {
    const head = model.head('service-items', text(input, 'code'));
    if (!head) return refused('catalogue.not-found');
    if (head.published === undefined) return refused('catalogue.not-published');
    const found = model.version('service-items', text(input, 'code'), head.published) as VersionState;
    if (!responsible(model, found, actor.agencyId)) return refused('auth.agency');
    return accepted({ code: input.code, version: head.published });
  },
};

export const CATALOGUE_VERBS: readonly Verb[] = [
  draftVerb('DraftServiceItem', 'service-items', (dice) => ({ timeLimit: { workingDays: dice.of([5, 7, 9]) } })),
  draftVerb('DraftDataSet', 'data-sets', (dice) => ({ shareClass: dice.of(['conditional', 'withheld']) })),
  draftVerb('DraftServiceStandard', 'service-standards', (dice) => ({ digest: sha256(dice.of(['second', 'third'])) })),
  openConsultation,
  submitOpinionForPublic,
  recordResult,
  castVote,
  byResponsible('SuspendEntry', 1, 'published', 'suspended'),
  byResponsible('ResumeEntry', 3, 'suspended', 'published'),
  withdrawEntry,
  publishGuide,
];
