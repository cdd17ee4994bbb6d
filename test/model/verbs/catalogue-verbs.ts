import { hash, sha256 } from '../../support/digests.js';
import type { Model, VersionState } from '../state.js';
import { accepted, around, instant, refused, type Verb } from '../verb.js';
import { STANDING_VERBS } from './catalogue-standing-verbs.js';
import { anyEditor, draftVerb, EDITOR, ownEditor, versionVerb } from './catalogue-versions.js';

const openConsultation = versionVerb({
  name: 'OpenConsultation',
  weight: 5,
  roles: EDITOR,
  from: ['draft'],
  actor: ownEditor,
  body: (model, dice) => ({
    opensAt: around(model, dice, [-48, -1]),
    closesAt: around(model, dice, [-1, 24, 6]),
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

const isOpen = (model: Model, { consultation, status }: VersionState) =>
  status === 'consultation' && (consultation?.closesAt ?? 0) > model.now;

const submitOpinion = versionVerb({
  name: 'SubmitOpinion',
  weight: 16,
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
  ground: (model) => [...model.versions.values()].some((version) => isOpen(model, version)),
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

export const CATALOGUE_VERBS: readonly Verb[] = [
  draftVerb('DraftServiceItem', 'service-items', (dice) => ({ timeLimit: { workingDays: dice.of([5, 7, 9]) } })),
  draftVerb('DraftDataSet', 'data-sets', (dice) => ({ shareClass: dice.of(['conditional', 'withheld']) })),
  draftVerb('DraftServiceStandard', 'service-standards', (dice) => ({ digest: sha256(dice.of(['second', 'third'])) })),
  openConsultation,
  submitOpinionForPublic,
  recordResult,
  castVote,
  ...STANDING_VERBS,
];
