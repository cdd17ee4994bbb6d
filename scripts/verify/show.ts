/** The report as text, as JSON and as a page to print: the same content each time. */
import type { EvidenceJudgement } from '../../network/proof/evidence/verify-evidence.js';
import { fingerprintOf, type Judged, leastHeight, type Report } from './report.js';

/** Control, bidirectional and zero-width characters could make a report read otherwise than it is. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function visible(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

export function showText({ title, headline, sections }: Report): string {
  const lines = sections.flatMap((section) => [
    '',
    `== ${section.title}`,
    ...section.lines.map(({ name, text }) => visible(`${name}: ${text}`)),
  ]);
  return [`${title}: ${headline}`, ...lines, ''].join('\n');
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return visible(text).replace(/[&<>"]/g, (character) => entities[character] as string);
}

const STYLE =
  'body{font:14px/1.6 serif;max-width:50em;margin:2em auto;padding:0 1em}h1{font-size:1.4em}h2{font-size:1.1em;margin-top:1.5em}' +
  'th{text-align:left;vertical-align:top;padding-right:1em;width:14em;font-weight:normal}td{word-break:break-all}' +
  '.verdict{border:2px solid;padding:.5em 1em;font-weight:bold}@media print{body{margin:0}tr{break-inside:avoid}}';

/** One file without scripts or anything from elsewhere. */
export function showHtml({ language, title, verdict, headline, sections }: Report): string {
  const tables = sections.map(
    (section) =>
      `<h2>${escaped(section.title)}</h2><table>${section.lines
        .map(({ name, text }) => `<tr><th>${escaped(name)}</th><td>${escaped(text)}</td></tr>`)
        .join('')}</table>`,
  );
  const head = `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escaped(title)}</title><style>${STYLE}</style>`;
  const lang = language === 'zh' ? 'zh-CN' : 'en';
  return `<!doctype html><html lang="${lang}"><head>${head}</head><body><h1>${escaped(title)}</h1><p class="verdict" data-verdict="${verdict}">${escaped(headline)}</p>${tables.join('')}</body></html>\n`;
}

function signersJson(signers: Judged['signers']) {
  return signers.map((signer) => ({
    mspId: signer.mspId,
    fingerprint: fingerprintOf(signer),
    accepted: signer.objection === undefined,
    ...(signer.objection && { objection: signer.objection }),
    notBefore: new Date(signer.certificate.notBefore).toISOString(),
    notAfter: new Date(signer.certificate.notAfter).toISOString(),
  }));
}

function answerJson(answer: NonNullable<Judged['answer']>) {
  return { answer: { ...answer, reads: Object.fromEntries(answer.reads) }, leastHeight: leastHeight(answer) };
}

/** What is said of a receipt or an anchor's proof, or of a bundle. */
function ownJson(judgement: Judged | EvidenceJudgement) {
  if (!('answers' in judgement)) return judgement.answer && answerJson(judgement.answer);
  const { answers, bundle, story, receipts } = judgement;
  return {
    thing: bundle?.thing,
    answers,
    story,
    receipts: receipts.map(({ verdict, answer }) => ({ verdict, time: answer?.time })),
  };
}

export function showJson(judgement: Judged | EvidenceJudgement, report: Report): string {
  const { verdict, assurance, required, checks, signers } = judgement;
  return `${JSON.stringify(
    {
      format: 'yrd-verification/1',
      verdict,
      assurance,
      required,
      checks,
      signers: signersJson(signers),
      ...ownJson(judgement),
      report: { title: report.title, sections: report.sections },
    },
    null,
    2,
  )}\n`;
}
