/**
 * `npm run verify -- <receipt or bundle> --trust FILE [--file DOCUMENT] [--crl FILE] [--json or --html] [--lang zh or en]`:
 * checks a receipt, an anchor's proof or an evidence bundle offline. Ends with 0 when it holds, 1 when it does not, 2 when that cannot be told.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { isEvidence } from '../network/proof/evidence/bundle.js';
import { verifyEvidence } from '../network/proof/evidence/verify-evidence.js';
import { nodePrimitives } from '../network/proof/node-primitives.js';
import { openRevocationList } from '../network/proof/revocation.js';
import { parseTrust, TrustRefused } from '../network/proof/trust.js';
import { isAnchorProof, verifyAnchor } from '../network/proof/verify-anchor.js';
import { type Given, verifyReceipt } from '../network/proof/verify-receipt.js';
import { evidenceReportOf } from './verify/evidence-report.js';
import { reportOf } from './verify/report.js';
import { showHtml, showJson, showText } from './verify/show.js';
import type { Language } from './verify/texts.js';

interface Options {
  readonly trust: string;
  readonly file?: string;
  readonly crl?: readonly string[];
  readonly json?: true;
  readonly html?: true;
  readonly lang: Language;
}

const EXIT = { holds: 0, fails: 1, unknown: 2 } as const;

/** A file that could not be read: nothing is judged. */
class Unreadable extends Error {}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Unreadable(`${file} cannot be read: ${(error as Error).message}: check the path`);
  }
}

function digestsOf(document: Buffer) {
  const digest = (alg: string, name: string) => ({ alg, value: createHash(name).update(document).digest('hex') });
  return [digest('sha-256', 'sha256'), digest('sm3', 'sm3')];
}

/** The file's text; one newline at its end is the editor's, not the receipt's. A byte that is no UTF-8 shows as such and fails. */
function textOf(file: string): string {
  return read(file).toString('utf8').replace(/\n$/, '');
}

/** What kind of file it is, the file says. */
async function judged(file: string, text: string, given: Given, lang: Language) {
  if (isEvidence(text)) {
    const judgement = await verifyEvidence(text, given);
    return { judgement, report: evidenceReportOf(file, judgement, lang) };
  }
  const judgement = isAnchorProof(text) ? await verifyAnchor(text, given) : await verifyReceipt(text, given);
  return { judgement, report: reportOf(file, judgement, lang) };
}

async function verify(receipt: string, { trust: trustFile, file, crl = [], json, html, lang }: Options): Promise<void> {
  const trust = parseTrust(read(trustFile).toString('utf8'));
  const lists = await Promise.all(
    crl.map((name) => openRevocationList(read(name).toString('utf8'), trust, nodePrimitives.checkSignature)),
  );
  const document = file === undefined ? undefined : digestsOf(read(file));
  const text = textOf(receipt);
  const given = { trust, primitives: nodePrimitives, lists, ...(document && { document }) };
  const { judgement, report } = await judged(receipt, text, given, lang);
  const shown = json ? showJson(judgement, report) : html ? showHtml(report) : showText(report);
  process.stdout.write(shown);
  process.exitCode = EXIT[judgement.verdict];
}

const program = new Command('verify')
  .description('Checks receipts and evidence offline against pinned roots. 离线核验回执和证据包。')
  .argument(
    '<receipt>',
    'the file of a receipt, an anchor’s proof or an evidence bundle, as GET /v1/receipts/{id}, /v1/anchors/{id} or …/evidence gave it',
  )
  .requiredOption(
    '--trust <file>',
    'the trust file (GET /v1/trust-anchors), got from somebody you trust; nothing is judged without it',
  )
  .option('--file <document>', 'the document that the receipt or evidence is to be about')
  .option('--crl <file...>', 'revocation lists of the provinces, PEM')
  .addOption(new Option('--json', 'the report as JSON').conflicts('html'))
  .option('--html', 'the report as a page to print')
  .addOption(new Option('--lang <language>', 'language of the report').choices(['zh', 'en']).default('zh'))
  .exitOverride()
  .action(verify);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT.unknown;
  else if (error instanceof TrustRefused || error instanceof Unreadable) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = EXIT.unknown;
  } else throw error;
}
