/**
 * Checks an evidence bundle offline. Each receipt is judged as any receipt; out of the records that peers signed the story
 * is made again, and what the bundle tells has to be that story. Nothing in the bundle is believed for being there.
 */
import { canonicalJson, type JsonObject, stringOf } from '../canonical-json.js';
import { CHECKS, type Check, type CheckName, Checks, type NamedCheck, OPTIONAL, type Verdict, verdictOf } from '../checks.js';
import { digestsIn } from '../document.js';
import { require } from '../faults.js';
import { type Given, type ReceiptJudgement, type SeenSigner, verifyReceipt } from '../verify-receipt.js';
import { type Answers, answersOf } from './answers.js';
import { type Bundle, leafOf, parseBundle, partOf } from './bundle.js';
import { sameJson } from './captures.js';
import { type Parted, reading, requireCatalogue, requireEntitled, requireLeaves, requireWhole } from './judge-parts.js';
import { SignedRecords } from './records.js';
import { type Parts, storyOf } from './story.js';

/** In the order in which a report shows them; those of the receipts come after. */
export const EVIDENCE_CHECKS = [
  'bundle',
  'told',
  'timeline',
  'leaves',
  'catalogue',
  'entitlement',
  'status',
  'captures',
] as const;
export type EvidenceCheckName = (typeof EVIDENCE_CHECKS)[number];
export type EvidenceCheck = NamedCheck<EvidenceCheckName | CheckName>;

/** A certificate need not have been issued in a case, and so under a catalogue version. */
const MAY_BE_SKIPPED: readonly string[] = [...OPTIONAL, 'catalogue'];
/** Sections that have a check of their own. */
const OWN_CHECK: readonly string[] = ['status', 'captures'];

export interface EvidenceJudgement {
  readonly verdict: Verdict;
  readonly checks: readonly EvidenceCheck[];
  readonly answers: Answers;
  /** what the trust file says, never more */
  readonly assurance: ReceiptJudgement['assurance'];
  readonly required: number;
  /** of all receipts, each once */
  readonly signers: readonly SeenSigner[];
  readonly receipts: readonly ReceiptJudgement[];
  readonly bundle: Bundle | undefined;
  /** as the signed records tell it, where they can be read; worth nothing unless the verdict is `holds` */
  readonly story: JsonObject | undefined;
}

/** A check of every receipt: as bad as in the worst of them. */
function inAll(name: CheckName, judgements: readonly ReceiptJudgement[]): Check {
  const each = judgements.map(({ checks }, index) => ({ index, check: checks.find((check) => check.name === name) as Check }));
  for (const result of ['fail', 'unknown', 'skipped'] as const) {
    const found = each.find(({ check }) => check.result === result);
    if (!found) continue;
    const { message } = found.check;
    return { ...found.check, ...(message !== undefined && { message: `receipt ${found.index + 1}: ${message}` }) };
  }
  return { name, result: 'pass' };
}

function distinct(signers: readonly SeenSigner[]): SeenSigner[] {
  const seen = new Map<string, SeenSigner>();
  for (const signer of signers) {
    const key = `${signer.mspId} ${signer.certificate.serial} ${signer.objection ?? ''}`;
    if (!seen.has(key)) seen.set(key, signer);
  }
  return [...seen.values()];
}

/** Which parts there are: the bundle tells, and each of them is then checked. @throws Malformed */
export function partsTold({ story }: Bundle, records: SignedRecords): Parts {
  const idOf = (key: string) => key.slice(key.indexOf('~') + 1);
  return {
    timeline: partOf(story, 'timeline'),
    anchored: partOf(story, 'anchored').map(leafOf),
    issued: partOf(story, 'certificates').flatMap(({ leaf }) => (leaf === undefined ? [] : [leafOf(leaf)])),
    uses: records.keysOf('use').map(idOf),
    copies: records.keysOf('certificate-digest'),
    grants: records.keysOf('grant').map(idOf),
  };
}

/** What is told, section by section, is what was made of the signed records; and of those none is left out. */
function requireTold(told: JsonObject, made: JsonObject, leftOut: string | undefined): void {
  const strange = Object.keys(told).find((name) => !Object.hasOwn(made, name));
  require(strange === undefined, 'proof.told', `${strange} is told of, and nothing signed says it`);
  for (const [name, section] of Object.entries(made)) {
    const isAlike = OWN_CHECK.includes(name) || (told[name] !== undefined && sameJson(told[name], section));
    require(isAlike, 'proof.told', `${name} is told otherwise than it was signed`);
  }
  require(leftOut === undefined, 'proof.told', `${leftOut} was signed and is not told of`);
}

function requireSection(told: JsonObject, made: JsonObject, name: 'status' | 'captures', code: 'proof.status' | 'proof.capture') {
  const isAlike = told[name] !== undefined && sameJson(told[name], made[name] ?? null);
  require(isAlike, code, `${name}: told otherwise than follows from the signed records`);
}

/** Makes the story again, and compares. @returns it, and the records it was made of; undefined when it could not be made */
async function retell(
  checks: Checks<EvidenceCheck['name']>,
  bundle: Bundle,
  given: Given,
  receipts: readonly ReceiptJudgement[],
) {
  const records = new SignedRecords();
  let parted: Parted | undefined;
  await checks.run('told', () =>
    reading('proof.told', async () => {
      for (const { answer } of receipts) if (answer) records.add(answer);
      const { look, unasked } = records.read();
      const { format, thing } = bundle;
      const [asOf, parts] = [stringOf(bundle.story.asOf), partsTold(bundle, records)];
      const story = await storyOf(thing.type, { format, id: thing.id, asOf, parts, look });
      const provinces = given.trust.provinces.map(({ code }) => code);
      parted = { thing, story, records, sha256: given.primitives.sha256, provinces };
      requireTold(bundle.story, story, unasked());
    }),
  );
  return parted;
}

async function checkParts(checks: Checks<EvidenceCheck['name']>, { story: told }: Bundle, parted: Parted): Promise<void> {
  await checks.run('timeline', () => reading('proof.chain', () => requireWhole(parted)));
  await checks.run('leaves', () => reading('proof.leaf', () => requireLeaves(parted)));
  if (parted.story.catalogue !== undefined)
    await checks.run('catalogue', () => reading('proof.catalogue', () => requireCatalogue(parted)));
  await checks.run('entitlement', () => reading('proof.entitlement', () => requireEntitled(parted)));
  await checks.run('status', () => requireSection(told, parted.story, 'status', 'proof.status'));
  await checks.run('captures', () => requireSection(told, parted.story, 'captures', 'proof.capture'));
}

function requireDocument({ captures = [] }: JsonObject, document: NonNullable<Given['document']>): void {
  const found = digestsIn(captures).some(({ alg, value }) => document.some((one) => one.alg === alg && one.value === value));
  require(found, 'proof.document', 'the document is none that the story tells of: other bytes, or another document');
}

/** @param text the bundle's file as it is: canonical JSON, as `GET …/evidence` answers it */
export async function verifyEvidence(text: string, given: Given): Promise<EvidenceJudgement> {
  const { document, ...ofReceipt } = given;
  const checks = new Checks<EvidenceCheck['name']>();
  const bundle = await checks.run('bundle', () => parseBundle(text));
  const receipts: ReceiptJudgement[] = [];
  for (const receipt of bundle?.receipts ?? []) receipts.push(await verifyReceipt(canonicalJson(receipt), ofReceipt));
  // A receipt that cannot be read leaves a story that cannot be made.
  const isReadable = receipts.length > 0 && receipts.every(({ answer }) => answer !== undefined);
  const parted = bundle && isReadable ? await retell(checks, bundle, given, receipts) : undefined;
  if (bundle && parted) {
    await checkParts(checks, bundle, parted);
    if (document) await checks.run('document', () => requireDocument(parted.story, document));
  }
  const ofReceipts = receipts.length > 0 ? CHECKS.map((name) => inAll(name, receipts)) : [];
  const all = checks.list([...EVIDENCE_CHECKS, ...CHECKS], ofReceipts);
  const { assurance, k: required } = given.trust;
  const signers = distinct(receipts.flatMap((receipt) => receipt.signers));
  const verdict = verdictOf(all, MAY_BE_SKIPPED);
  const story = parted?.story;
  return { verdict, checks: all, answers: answersOf(all, story), assurance, required, signers, receipts, bundle, story };
}
