/** What happens to published entries: suspension, resumption, withdrawal, guides. */
import type { ProvinceCode } from '../../../chaincode/provinces.js';
import { sha256 } from '../../support/digests.js';
import type { VersionState } from '../state.js';
import { accepted, actorOr, iso, refused, text, type Verb } from '../verb.js';
import { anyEditor, EDITOR, responsible, responsibleAgency, versionVerb } from './catalogue-versions.js';

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

export const STANDING_VERBS: readonly Verb[] = [
  byResponsible('SuspendEntry', 1, 'published', 'suspended'),
  byResponsible('ResumeEntry', 3, 'suspended', 'published'),
  withdrawEntry,
  publishGuide,
];
