/** What happened, line by line: what a story tells of each kind of thing, in the words of the reader's language. */
import { type Json, type JsonObject, objectOf } from '../../network/proof/canonical-json.js';
import { partOf } from '../../network/proof/evidence/bundle.js';
import { agenciesIn } from '../../network/proof/evidence/judge-parts.js';
import { EVIDENCE_WORDS, typeText } from './evidence-texts.js';
import { factsText, type Reader } from './facts.js';
import type { Section } from './report.js';
import { type Language, statusText, type Text } from './texts.js';

export type Line = Section['lines'][number];

/** A story, and how it is told. */
export interface Telling extends Reader {
  readonly story: JsonObject;
  readonly tell: (word: keyof typeof EVIDENCE_WORDS) => string;
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

/** What happened, who did it, and its facts where there are any. */
function happened(what: string, who: string, facts: JsonObject, telling: Telling): string {
  const said = factsText(facts, telling);
  return said === '' ? `${what}, ${who}` : `${what}, ${who}: ${said}`;
}

function entryLine(entry: JsonObject, telling: Telling): Line {
  const { number, time, type, agency, data = {} } = entry;
  const text = happened(telling.kindOf(type), telling.nameOf(agency), objectOf(data), telling);
  return { name: `${String(number)}. ${String(time)}`, text };
}

function anchoredLine(leaf: JsonObject, telling: Telling): Line {
  const { kind, recordId, occurredAt, agency, digest = null } = objectOf(leaf.record);
  const what = `${telling.tell('anchoredRecord')} ${String(kind)} ${String(recordId)}`;
  return { name: String(occurredAt), text: happened(what, telling.nameOf(agency), { digest }, telling) };
}

function changeLine({ change, effectiveAt, recordedAt, ...facts }: JsonObject, telling: Telling): Line {
  const recorded = `${telling.tell('recordedAt')} ${String(recordedAt)}`;
  return { name: String(effectiveAt), text: happened(telling.kindOf(change), recorded, facts, telling) };
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

function copyLine({ digest = null, purpose = null, expiresAt = null, recordedAt }: JsonObject, telling: Telling): Line {
  return { name: String(recordedAt), text: `${telling.tell('copy')}: ${factsText({ purpose, expiresAt, digest }, telling)}` };
}

function stepLine({ step, agency, recordedAt, ...facts }: JsonObject, telling: Telling): Line {
  return { name: String(recordedAt), text: happened(telling.kindOf(step), telling.nameOf(agency), facts, telling) };
}

function grantLines(grant: JsonObject, telling: Telling): Line[] {
  const { tell, nameOf } = telling;
  const { grantee, provider, purpose = null, fields = null, validFrom, validTo } = grant;
  return [
    { name: tell('grantee'), text: nameOf(grantee) },
    { name: tell('provider'), text: nameOf(provider) },
    { name: tell('terms'), text: factsText({ purpose, fields }, telling) },
    { name: tell('validity'), text: `${String(validFrom)} – ${String(validTo)}` },
    ...partOf(grant, 'steps').map((step) => stepLine(step, telling)),
  ];
}

function useLines({ use = {}, release }: JsonObject, telling: Telling): Line[] {
  const { tell, kindOf, nameOf } = telling;
  const { useId, decision, reason, agency, recordedAt, caseId, purpose = null, fields = null } = objectOf(use);
  const why = reason === undefined ? '' : ` (${String(reason)})`;
  const what = `${tell('use')} ${String(useId)}: ${kindOf(decision)}${why}`;
  const line = {
    name: String(recordedAt),
    text: happened(what, nameOf(agency), { ...(caseId !== undefined && { caseId }), purpose, fields }, telling),
  };
  if (release === undefined) return [line];
  const { recordCount = null, releasedAt = null, responseDigest = null, recordedAt: at, provider } = objectOf(release);
  const facts = { recordCount, releasedAt, responseDigest };
  return [line, { name: String(at), text: happened(`${tell('release')} ${String(useId)}`, nameOf(provider), facts, telling) }];
}

/** Data used in a case, grant by grant. */
function dataLines({ grant: told, uses = [] }: JsonObject, telling: Telling): Line[] {
  const grant = objectOf(told);
  const { grantId, dataSet, version } = grant;
  return [
    { name: `${telling.tell('grant')} ${String(grantId)}`, text: `${String(dataSet)}, ${String(version)}` },
    ...grantLines(grant, telling),
    ...partOf({ uses }, 'uses').flatMap((use) => useLines(use, telling)),
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
    ...partOf(story, 'data').flatMap((data) => dataLines(data, telling)),
    ...partOf(story, 'uses').flatMap((use) => useLines(use, telling)),
  ];
}
