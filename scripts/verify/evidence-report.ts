/** The judgement of an evidence bundle as a report that a court clerk can read. */
import { canonicalJson, type JsonObject, objectOf } from '../../network/proof/canonical-json.js';
import { type Bundle, partOf } from '../../network/proof/evidence/bundle.js';
import type { EvidenceJudgement } from '../../network/proof/evidence/verify-evidence.js';
import { EVIDENCE_VERDICT_TEXTS, type EVIDENCE_WORDS, PLAIN_TEXTS, THING_TEXTS } from './evidence-texts.js';
import { durationText, factsText, placeText } from './facts.js';
import { checksSection, leastHeight, type Report, type Say, type Section, signersSection, verdictSection } from './report.js';
import { type Line, storyLines, type Telling, tellingOf } from './story-lines.js';
import { type Language, WORDS } from './texts.js';

const NOTHING: JsonObject = {};

/** The verdict says what kind of change it was. */
function withoutKind({ change: _kind, ...facts }: JsonObject): JsonObject {
  return facts;
}

function statusLine(status: JsonObject, telling: Telling): Line {
  const { tell, kindOf, nameOf, language } = telling;
  const { type, id, verdict, asOf, holder, change, reason } = status;
  const thing = THING_TEXTS[String(type) as keyof typeof THING_TEXTS][language];
  const more = [
    ...(holder === undefined ? [] : [`${tell('holder')} ${nameOf(holder)}`]),
    ...(reason === undefined ? [] : [String(reason)]),
    ...(change === undefined ? [] : [factsText(withoutKind(objectOf(change)), telling)]),
  ];
  return { name: `${thing} ${String(id)}`, text: [`${kindOf(verdict)}, ${tell('asOf')} ${String(asOf)}`, ...more].join('; ') };
}

/** The earliest of the answers: nothing that came to the ledger after it can be in the story for certain. */
function knownAt({ receipts }: EvidenceJudgement): string {
  const times = receipts.flatMap(({ answer }) => (answer ? [answer.time] : []));
  return times.sort()[0] ?? '';
}

function questionsSection(judgement: EvidenceJudgement, telling: Telling): Section {
  const { intact, anchored, entitled, status } = judgement.answers;
  const { tell, language } = telling;
  const statuses = status.map((one) => statusLine(one, telling));
  return {
    title: tell('questions'),
    lines: [
      { name: tell('intact'), text: PLAIN_TEXTS[intact][language] },
      { name: tell('anchored'), text: PLAIN_TEXTS[anchored][language] },
      { name: tell('entitled'), text: PLAIN_TEXTS[entitled][language] },
      { name: tell('status'), text: status.length > 0 ? `${tell('known')} ${knownAt(judgement)}` : tell('unproven') },
      ...statuses,
    ],
  };
}

function catalogueSection(catalogue: JsonObject, { tell, nameOf, language }: Telling): Section {
  const { kind, code, version, contentDigest, publishedAt, content = {} } = catalogue;
  const name = objectOf(objectOf(content).name ?? {});
  const votes = partOf(catalogue, 'votes').map(({ province, agency, time }) => ({
    name: `${tell('vote')} ${String(province)}`,
    text: `${nameOf(agency)}, ${String(time)}`,
  }));
  return {
    title: tell(kind === 'data-sets' ? 'dataSet' : 'catalogue'),
    lines: [
      { name: tell('version'), text: `${String(name[language] ?? name.zh ?? '')} ${String(code)}, ${String(version)}` },
      { name: tell('contentDigest'), text: String(contentDigest) },
      ...votes,
      { name: tell('published'), text: String(publishedAt) },
    ],
  };
}

/** Each version that something was done under, once. */
function cataloguesOf(story: JsonObject): JsonObject[] {
  const all = [story.catalogue, ...partOf(story, 'data').map(({ catalogue }) => catalogue)];
  return [...new Map(all.flatMap((one) => (one === undefined ? [] : [[canonicalJson(one), objectOf(one)]]))).values()];
}

function captureLine(line: JsonObject, { tell, language }: Telling): Line {
  const { alg, value } = objectOf(line.digest);
  const { recordedAt, statedAt, delayMilliseconds: delay } = line;
  const capture = line.capture === undefined ? undefined : objectOf(line.capture);
  const by = capture
    ? `${tell('capturedBy')} ${[capture.system, capture.version, capture.method].map(String).join(', ')}`
    : tell('notStated');
  const took = durationText(Number(delay), language);
  const stated = statedAt === undefined ? '' : `; ${tell('statedAt')} ${String(statedAt)}, ${tell('delay')} ${took}`;
  const text = `${String(alg)} ${String(value)}; ${by}; ${tell('recordedAt')} ${String(recordedAt)}${stated}`;
  return { name: placeText(String(line.in), language), text };
}

/** What a reader might take the bundle to show, and it does not. */
function limitsOf({ story, tell }: Telling): Line[] {
  const limit = (word: keyof typeof EVIDENCE_WORDS) => ({ name: '–', text: tell(word) });
  const uses = story.count === undefined ? limit('usesLimit') : limit('deniedLimit');
  return [
    ...(story.timeline === undefined
      ? []
      : [limit('anchoredLimit'), limit(story.data === undefined ? 'grantsLimit' : 'dataLimit')]),
    ...(story.grant === undefined || story.timeline !== undefined ? [] : [uses]),
    ...(story.withheld === undefined ? [] : [{ name: tell('withheld'), text: canonicalJson(story.withheld) }]),
  ];
}

function receiptsSection({ receipts }: EvidenceJudgement, { tell }: Telling, say: Say): Section {
  const lines = receipts.flatMap(({ answer }, index) => {
    if (!answer) return [];
    const { time, channel, chaincode, codeDigest, records } = answer;
    const text = [
      `${say('time')} ${time}`,
      `${records.length} ${tell('records')}`,
      `${say('height')} ${leastHeight(answer)}`,
      `${channel}, ${chaincode.name} ${chaincode.version}, ${codeDigest}`,
    ].join('; ');
    return [{ name: `${tell('receipt')} ${index + 1}`, text }];
  });
  return { title: tell('receipts'), lines };
}

/** Only of a story that could be made of what was signed, and so can be read. */
function storySections({ thing }: Bundle, telling: Telling): Section[] {
  const { story, tell, language } = telling;
  const about = { name: tell('subject'), text: `${THING_TEXTS[thing.type][language]} ${thing.id}` };
  const limits = limitsOf(telling);
  return [
    { title: tell('said'), lines: [about, ...storyLines(telling)] },
    ...cataloguesOf(story).map((catalogue) => catalogueSection(catalogue, telling)),
    { title: tell('captures'), lines: partOf(story, 'captures').map((line) => captureLine(line, telling)) },
    ...(limits.length > 0 ? [{ title: tell('limits'), lines: limits }] : []),
  ];
}

export function evidenceReportOf(file: string, judgement: EvidenceJudgement, language: Language): Report {
  const say: Say = (word) => WORDS[word][language];
  const { verdict, assurance, checks, bundle, story } = judgement;
  const telling = tellingOf(story ?? NOTHING, language);
  const headline = EVIDENCE_VERDICT_TEXTS[verdict][language];
  return {
    language,
    title: telling.tell('title'),
    verdict,
    headline,
    sections: [
      verdictSection(file, headline, assurance, language, say),
      questionsSection(judgement, telling),
      ...(bundle && story ? storySections(bundle, telling) : []),
      checksSection(checks, language, say),
      signersSection(judgement, language, say),
      receiptsSection(judgement, telling, say),
    ],
  };
}
