/** What happened, line by line: what a story tells of each kind of thing, in the words of the reader's language. */
import { canonicalJson, type Json, type JsonObject, objectOf } from '../../network/proof/canonical-json.js';
import { partOf } from '../../network/proof/evidence/bundle.js';
import { agenciesIn } from '../../network/proof/evidence/judge-parts.js';
import { EVIDENCE_WORDS, typeText } from './evidence-texts.js';
import type { Section } from './report.js';
import { type Language, statusText, type Text } from './texts.js';

export type Line = Section['lines'][number];

/** A story, and how it is told. */
export interface Telling {
  readonly story: JsonObject;
  readonly language: Language;
  readonly tell: (word: keyof typeof EVIDENCE_WORDS) => string;
  /** an agency's name and credit code */
  readonly nameOf: (agencyId: Json | undefined) => string;
  readonly kindOf: (type: Json | undefined) => string;
}

export function tellingOf(story: JsonObject, language: Language): Telling {
  const agencies = agenciesIn(story);
  const named = (text: Text) => text[language];
  return {
    story,
    language,
    tell: (word) => named(EVIDENCE_WORDS[word]),
    nameOf: (agencyId) => {
      const name = agencies.get(String(agencyId))?.name;
      const texts = name === undefined ? {} : objectOf(name);
      return `${String(texts[language] ?? texts.zh ?? '')} ${String(agencyId)}`.trim();
    },
    kindOf: (type) => named(typeText(String(type)) ?? statusText(String(type))),
  };
}

function entryLine(entry: JsonObject, { kindOf, nameOf }: Telling): Line {
  const { number, time, type, agency, data = {} } = entry;
  return { name: `${String(number)}. ${String(time)}`, text: `${kindOf(type)}, ${nameOf(agency)}: ${canonicalJson(data)}` };
}

function anchoredLine(leaf: JsonObject, { tell, nameOf }: Telling): Line {
  const { kind, recordId, occurredAt, agency, digest = null } = objectOf(leaf.record);
  const text = `${tell('anchoredRecord')}: ${String(kind)} ${String(recordId)}, ${nameOf(agency)}, ${canonicalJson(digest)}`;
  return { name: String(occurredAt), text };
}

function changeLine({ change, effectiveAt, recordedAt, ...facts }: JsonObject, { kindOf, tell }: Telling): Line {
  const text = `${kindOf(change)}, ${tell('recordedAt')} ${String(recordedAt)}: ${canonicalJson(facts)}`;
  return { name: String(effectiveAt), text };
}

/** Of a certificate with a key of its own, or of a batch's leaf. */
function certificateLines(told: JsonObject, telling: Telling): Line[] {
  const { tell, nameOf } = telling;
  const name = String(told.certificateId);
  const stated = told.leaf === undefined ? told.record : objectOf(told.leaf).record;
  if (stated === undefined) return [{ name, text: tell('neverIssued') }];
  const { typeCode, validFrom, validTo } = objectOf(stated);
  const added = objectOf(told.batch ?? told.record);
  const changes = told.record === undefined ? [] : partOf(objectOf(told.record), 'changes');
  return [
    { name, text: `${String(typeCode)}, ${tell('issuer')} ${nameOf(added.issuer)}` },
    { name: tell('validity'), text: `${String(validFrom)} – ${validTo === undefined ? '' : String(validTo)}` },
    { name: tell('issued'), text: String(added.issuedAt ?? added.recordedAt) },
    ...changes.map((change) => changeLine(change, telling)),
  ];
}

function copyLine(copy: JsonObject, { tell }: Telling): Line {
  return { name: `${tell('copy')} ${String(copy.recordedAt)}`, text: canonicalJson(copy) };
}

function stepLine({ step, agency, recordedAt, ...facts }: JsonObject, { kindOf, nameOf }: Telling): Line {
  return { name: String(recordedAt), text: `${kindOf(step)}, ${nameOf(agency)}: ${canonicalJson(facts)}` };
}

function grantLines(grant: JsonObject, telling: Telling): Line[] {
  const { tell, nameOf } = telling;
  const { grantee, provider, purpose = null, fields = null, validFrom, validTo } = grant;
  return [
    { name: tell('grantee'), text: nameOf(grantee) },
    { name: tell('provider'), text: nameOf(provider) },
    { name: tell('purpose'), text: `${canonicalJson(purpose)} ${canonicalJson(fields)}` },
    { name: tell('validity'), text: `${String(validFrom)} – ${String(validTo)}` },
    ...partOf(grant, 'steps').map((step) => stepLine(step, telling)),
  ];
}

function useLines({ use = {}, release }: JsonObject, { tell, kindOf, nameOf }: Telling): Line[] {
  const { useId, decision, reason, agency, recordedAt, purpose = null, fields = null } = objectOf(use);
  const asked = `${canonicalJson(purpose)} ${canonicalJson(fields)}`;
  const why = reason === undefined ? '' : ` (${String(reason)})`;
  const given = release === undefined ? undefined : objectOf(release);
  return [
    { name: String(recordedAt), text: `${tell('use')} ${String(useId)}: ${kindOf(decision)}${why}, ${nameOf(agency)}, ${asked}` },
    ...(given ? [{ name: String(given.recordedAt), text: `${tell('release')} ${String(useId)}: ${canonicalJson(given)}` }] : []),
  ];
}

export function storyLines(telling: Telling): Line[] {
  const { story } = telling;
  return [
    ...partOf(story, 'timeline').map((entry) => entryLine(entry, telling)),
    ...partOf(story, 'anchored').map((leaf) => anchoredLine(leaf, telling)),
    ...partOf(story, 'certificates').flatMap((certificate) => certificateLines(certificate, telling)),
    ...partOf(story, 'copies').map((copy) => copyLine(copy, telling)),
    ...(story.grant === undefined ? [] : grantLines(objectOf(story.grant), telling)),
    ...partOf(story, 'uses').flatMap((use) => useLines(use, telling)),
  ];
}
