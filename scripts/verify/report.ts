/** A judgement as a report for people: headed lists of named lines, which text and HTML show alike. */
import { createHash } from 'node:crypto';
import type { Answer, StatedRecord } from '../../network/proof/answer.js';
import { canonicalJson, type JsonObject } from '../../network/proof/canonical-json.js';
import type { EvidenceCheck } from '../../network/proof/evidence/verify-evidence.js';
import type { AnchorCheck, AnchorJudgement } from '../../network/proof/verify-anchor.js';
import type { ReceiptJudgement, SeenSigner } from '../../network/proof/verify-receipt.js';
import {
  ASSURANCE_TEXTS,
  CHECK_TEXTS,
  FAULT_TEXTS,
  type Language,
  RESULT_TEXTS,
  statusText,
  VERDICT_TEXTS,
  WORDS,
} from './texts.js';

export interface Section {
  readonly title: string;
  readonly lines: readonly { readonly name: string; readonly text: string }[];
}

export interface Report {
  readonly language: Language;
  readonly title: string;
  readonly verdict: ReceiptJudgement['verdict'];
  readonly headline: string;
  readonly sections: readonly Section[];
}

export type Say = (word: keyof typeof WORDS) => string;

function checkLine({ name, result, code, message }: AnchorCheck | EvidenceCheck, language: Language) {
  const fault = code ? ` ${code}: ${FAULT_TEXTS[code][language]} (${message})` : '';
  return { name: `[${RESULT_TEXTS[result][language]}] ${name}`, text: `${CHECK_TEXTS[name][language]}${fault}` };
}

/** SHA-256 over the certificate, hex. */
export function fingerprintOf({ certificate }: SeenSigner): string {
  return createHash('sha256').update(certificate.der).digest('hex');
}

function signerLine(signer: SeenSigner, language: Language, say: Say) {
  const { mspId, objection, certificate } = signer;
  const dates = [certificate.notBefore, certificate.notAfter].map((time) => new Date(time).toISOString().slice(0, 10));
  const verdict = objection ? `${say('refused')}: ${FAULT_TEXTS[objection][language]}` : say('accepted');
  return { name: mspId, text: `${verdict}; ${dates.join('–')}; ${say('fingerprint')} ${fingerprintOf(signer)}` };
}

/** The record that names the transaction: written once, by it. */
export function operationIn(
  answer: Answer,
): { readonly record: StatedRecord; readonly block: number; readonly position: number } | undefined {
  const record = answer.records.find(({ key }) => key.startsWith('operation~'));
  const version = record && answer.reads.get(record.key);
  return record && version && { record, ...version };
}

function transactionLines(answer: Answer, say: Say) {
  const operation = operationIn(answer);
  const value = operation?.record.value as JsonObject | null | undefined;
  if (!operation || !value) return [];
  const { block, position } = operation;
  return [
    { name: say('transaction'), text: String(value.transaction) },
    { name: say('function'), text: String(value.function) },
    ...(value.time === undefined ? [] : [{ name: say('declared'), text: String(value.time) }]),
    { name: say('place'), text: `${block}, ${position}` },
  ];
}

function recordLine({ key, value }: StatedRecord, answer: Answer, say: Say) {
  const version = answer.reads.get(key);
  const operation = operationIn(answer);
  if (!version) return { name: `${say('record')} ${key}`, text: say('absent') };
  const own = operation?.block === version.block && operation.position === version.position;
  const whose = operation ? ` (${say(own ? 'byThis' : 'byLater')})` : '';
  const shown = value === undefined ? say('hidden') : canonicalJson(value);
  return { name: `${say('record')} ${key}`, text: `${say('place')} ${version.block}, ${version.position}${whose}: ${shown}` };
}

/** What the digest that was asked about is of, and whether a copy had run out by then. */
function digestLine({ role, purpose, expiresAt, value }: JsonObject, asOf: string, say: Say) {
  if (role !== 'annotated-copy') return { name: say('digest'), text: `${value}, ${say('original')}` };
  const isOver = Date.parse(String(expiresAt)) <= Date.parse(asOf);
  return {
    name: say('digest'),
    text: `${value}, ${say('copy')} (${purpose}): ${say(isOver ? 'ranOut' : 'runsOut')} ${expiresAt}`,
  };
}

function certificateLines({ result, time }: Answer, language: Language, say: Say) {
  const status = result?.status as JsonObject | undefined;
  if (!result || !status) return [];
  const change = status.change ? ` ${canonicalJson(status.change)}` : '';
  const [asOf, knownAt] = [String(status.asOf), String(status.knownAt)];
  // Asked what it knew earlier, the ledger tells nothing of what it has learnt since.
  const earlier = Date.parse(knownAt) < Date.parse(time) ? `; ${say('knownAt')} ${knownAt}: ${say('notSince')}` : '';
  return [
    { name: say('status'), text: `${statusText(String(status.verdict))[language]}, ${say('asOf')} ${asOf}${earlier}${change}` },
    ...(result.digest ? [digestLine(result.digest as JsonObject, asOf, say)] : []),
    { name: say('certificate'), text: canonicalJson(result.certificate ?? null) },
  ];
}

/** Versions tell how high the ledger was at the least. */
export function leastHeight({ reads }: Answer): number {
  return 1 + Math.max(0, ...[...reads.values()].map((version) => version?.block ?? 0));
}

function answerSection(answer: Answer, language: Language, say: Say): Section {
  const { channel, chaincode, codeDigest, time } = answer;
  return {
    title: say('said'),
    lines: [
      { name: say('time'), text: time },
      { name: say('height'), text: String(leastHeight(answer)) },
      { name: say('ledger'), text: `${channel}, ${chaincode.name} ${chaincode.version}, ${codeDigest}` },
      ...transactionLines(answer, say),
      ...certificateLines(answer, language, say),
      ...answer.records.map((record) => recordLine(record, answer, say)),
    ],
  };
}

function recordSection({ record, leaf, index, size, root }: NonNullable<AnchorJudgement['proof']>, say: Say): Section {
  return {
    title: say('anchored'),
    lines: [
      { name: say('record'), text: canonicalJson(record) },
      { name: say('leaf'), text: `${leaf}, ${index + 1} / ${size}` },
      { name: say('root'), text: root },
    ],
  };
}

/** What every report begins with. */
export function verdictSection(
  file: string,
  headline: string,
  assurance: ReceiptJudgement['assurance'],
  language: Language,
  say: Say,
): Section {
  return {
    title: say('verdict'),
    lines: [
      { name: say('file'), text: file },
      { name: say('verdict'), text: headline },
      { name: say('assurance'), text: `${assurance}: ${ASSURANCE_TEXTS[assurance][language]}` },
    ],
  };
}

export function checksSection(checks: readonly (AnchorCheck | EvidenceCheck)[], language: Language, say: Say): Section {
  const isUnlisted = checks.some(({ name, result }) => name === 'revocation' && result === 'skipped');
  const lines = checks.map((check) => checkLine(check, language));
  return { title: say('checks'), lines: [...lines, ...(isUnlisted ? [{ name: 'revocation', text: say('noList') }] : [])] };
}

export function signersSection(
  { required, signers }: Pick<ReceiptJudgement, 'required' | 'signers'>,
  language: Language,
  say: Say,
): Section {
  const lines = signers.map((signer) => signerLine(signer, language, say));
  return { title: say('signers'), lines: [{ name: say('required'), text: String(required) }, ...lines] };
}

/** Of a receipt, or of an anchor's proof with the receipt in it. */
export type Judged = ReceiptJudgement | AnchorJudgement;

export function reportOf(file: string, judgement: Judged, language: Language): Report {
  const say: Say = (word) => WORDS[word][language];
  const { verdict, assurance, answer, checks } = judgement;
  const headline = VERDICT_TEXTS[verdict][language];
  return {
    language,
    title: say('title'),
    verdict,
    headline,
    sections: [
      verdictSection(file, headline, assurance, language, say),
      checksSection(checks, language, say),
      signersSection(judgement, language, say),
      ...('proof' in judgement && judgement.proof ? [recordSection(judgement.proof, say)] : []),
      ...(answer ? [answerSection(answer, language, say)] : []),
    ],
  };
}
