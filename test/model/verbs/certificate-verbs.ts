import { sha256 } from '../../support/digests.js';
import type { Dice } from '../dice.js';
import type { CertificateState, Leaf, Model } from '../state.js';
import {
  accepted,
  actorOr,
  around,
  type Call,
  type Input,
  instant,
  known,
  refused,
  text,
  type Verb,
  type Verdict,
} from '../verb.js';
import { ISSUE_VERBS, ISSUER, WORDS } from './issue-verbs.js';

/** By its key, or by the proof that the call carries. */
function find(model: Model, id: string, proof: unknown): CertificateState | string {
  const keyed = model.certificates.get(id);
  if (keyed) return keyed;
  if (proof === undefined) return 'certificate.not-found';
  const leaf = [...model.leaves.values()].find((candidate) => candidate.proof === proof);
  return leaf && leaf.certificate.certificateId === id ? leaf.certificate : 'certificate.proof';
}

/** The issuer's own: of two issues of one id the one that the proof shows. */
function findOwn(model: Model, id: string, proof: unknown): CertificateState | string {
  const leaf = proof === undefined ? undefined : [...model.leaves.values()].find((candidate) => candidate.proof === proof);
  return leaf?.certificate.certificateId === id ? leaf.certificate : find(model, id, proof);
}

/** Whether it has a key: that of its id, or of its id and batch when another issue has the former. */
function isKeyed(model: Model, found: CertificateState): boolean {
  return model.certificates.get(found.certificateId) === found || model.contested.has(found);
}

function giveKey(model: Model, found: CertificateState): void {
  if (!isKeyed(model, found) && model.certificates.has(found.certificateId)) model.contested.add(found);
  else if (!isKeyed(model, found)) model.certificates.set(found.certificateId, found);
  for (const digest of found.digests) model.digests.add(digest);
}

/** What a stranger is told: a proof that it brings is looked at first, as it could be of a leaf of its own. */
function strangersFault(model: Model, { certificateId, proof }: Input): string {
  const leaf = proof === undefined ? undefined : [...model.leaves.values()].find((candidate) => candidate.proof === proof);
  return proof === undefined || leaf?.certificate.certificateId === certificateId ? 'auth.agency' : 'certificate.proof';
}

function standing({ changes }: CertificateState): string {
  const last = changes.at(-1)?.kind;
  return last === undefined || last === 'reinstated' ? 'valid' : last;
}

const ids = (model: Model): Map<string, unknown> => new Map<string, unknown>([...model.leaves, ...model.certificates]);

const standings = (model: Model) => [...model.certificates.values()].map(standing);

/** The proof that goes with a call on a leaf without a key; now and then none, or another leaf's. */
function attached(model: Model, dice: Dice, id: string): Input {
  if (model.certificates.has(id) && dice.chance(90)) return {};
  const leaf: Leaf | undefined = dice.chance(90) ? model.leaves.get(id) : [...model.leaves.values()][0];
  return leaf && dice.chance(90) ? { proof: leaf.proof } : {};
}

/** A verb of the issuer on one of its certificates; `effect` gets it once it has a key. */
function byIssuer(
  name: string,
  weight: number,
  body: (model: Model, dice: Dice, id: string) => Input,
  effect: (model: Model, call: Call, found: CertificateState) => Verdict,
  codeField?: string,
  kind?: string,
): Verb {
  return {
    fn: `certificate:${name}`,
    roles: ISSUER,
    weight,
    ...(codeField ? { codeField } : {}),
    ground: (model) => (kind ? standings(model).includes(kind) : ids(model).size > 0),
    propose: (model, dice) => {
      const fitting = [...model.certificates.values()].filter((found) => standing(found) === kind);
      const certificateId =
        fitting.length > 0 && dice.chance(80)
          ? dice.of(fitting).certificateId
          : known(dice, ids(model), [`${dice.of(model.actors(...ISSUER)).agencyId}-a`]);
      const issuer = (model.certificates.get(certificateId) ?? model.leaves.get(certificateId)?.certificate)?.issuer;
      const actor = actorOr(model, dice, issuer, ...ISSUER);
      return { actor, input: { certificateId, ...attached(model, dice, certificateId), ...body(model, dice, certificateId) } };
    },
    judge: (model, call) => {
      const found = findOwn(model, text(call.input, 'certificateId'), call.input.proof);
      if (typeof found === 'string') return refused(found);
      if (found.issuer !== call.actor.agencyId) return refused(strangersFault(model, call.input));
      const verdict = effect(model, call, found);
      if ('answer' in verdict) giveKey(model, found);
      return verdict;
    },
  };
}

const reason = (model: Model, dice: Dice): Input => ({
  reasonCode: 'inspection',
  legalBasis: '食品安全法第三十五条',
  ...(dice.chance(50) ? { effectiveAt: around(model, dice, [0, -1, 1, -30]) } : {}),
});

const issueTime = ({ validFrom, issuedAt }: CertificateState) => Math.min(validFrom, issuedAt);

function change(found: CertificateState, kind: string, effectiveAt: number, now: number): Verdict {
  found.changes.push({ kind, effectiveAt });
  found.recordedAt = now;
  return accepted({ certificateId: found.certificateId });
}

function interruption(kind: 'suspended' | 'reinstated') {
  return (_model: Model, { input, time }: Call, found: CertificateState): Verdict => {
    if (standing(found) !== (kind === 'suspended' ? 'valid' : 'suspended')) return refused('certificate.state');
    const now = Math.max(time, found.recordedAt);
    const from = found.changes.at(-1)?.effectiveAt ?? issueTime(found);
    const effectiveAt = input.effectiveAt === undefined ? Math.max(now, from) : instant(input, 'effectiveAt');
    return effectiveAt < from ? refused('request.invalid') : change(found, kind, effectiveAt, now);
  };
}

const revoke = byIssuer('RevokeCertificate', 4, reason, (_model, { input, time }, found) => {
  if (standing(found) === 'revoked') return refused('certificate.state');
  const now = Math.max(time, found.recordedAt);
  const effectiveAt = input.effectiveAt === undefined ? now : instant(input, 'effectiveAt');
  const outside = effectiveAt < issueTime(found) || effectiveAt > now;
  return outside ? refused('request.invalid') : change(found, 'revoked', effectiveAt, now);
});

const going = (found: CertificateState) => ['valid', 'suspended'].includes(standing(found));

const supersede: Verb = byIssuer(
  'SupersedeCertificate',
  4,
  (model, dice, id) => {
    const others = new Map([...ids(model)].filter(([other]) => other !== id));
    const by = dice.chance(95) ? known(dice, others, [`${id}-x`]) : id;
    const leaf = model.certificates.has(by) ? undefined : model.leaves.get(by);
    return { by, ...(leaf ? { byProof: leaf.proof } : {}) };
  },
  (model, { input, time }, found) => {
    const successor = find(model, text(input, 'by'), input.byProof);
    if (typeof successor === 'string') return refused(successor);
    if (!going(found) || !going(successor)) return refused('certificate.state');
    const now = Math.max(time, found.recordedAt);
    return change(found, 'superseded', now, now);
  },
);

/** Naming itself is a fault of the input, found before anything is looked up; whether both are there before whose they are. */
const supersedeOther: Verb = {
  ...supersede,
  judge: (model, call) => {
    if (call.input.by === call.input.certificateId) return refused('request.invalid');
    const successor = find(model, text(call.input, 'by'), call.input.byProof);
    return typeof successor === 'string' ? refused(successor) : supersede.judge(model, call);
  },
};

const recordCopy = byIssuer(
  'RecordCopy',
  4,
  (model, dice) => ({ digest: sha256(dice.of(WORDS)), purpose: 'opening', expiresAt: around(model, dice, [24, -1]) }),
  (model, { input }, found) => {
    if (!going(found)) return refused('certificate.state');
    const { value } = input.digest as { value: string };
    const own = !isKeyed(model, found) && found.digests.includes(value);
    if (own || model.digests.has(value)) return refused('certificate.digest');
    model.digests.add(value);
    return accepted({ certificateId: found.certificateId, role: 'annotated-copy' });
  },
  'purpose',
);

export const CERTIFICATE_VERBS: readonly Verb[] = [
  ...ISSUE_VERBS,
  byIssuer('SuspendCertificate', 4, reason, interruption('suspended'), 'reasonCode'),
  byIssuer('ReinstateCertificate', 8, reason, interruption('reinstated'), 'reasonCode', 'suspended'),
  revoke,
  supersedeOther,
  recordCopy,
];
