/** `npm run audit`: a ledger checked from block 0 by somebody who believes nobody; exit 0 holds, 1 differs, 2 cannot tell. */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { auditDataFolder } from './audit/data-folder.js';
import { followLedger } from './audit/follow.js';
import { auditFabric } from './audit/network.js';
import { type AuditReport, EXIT_CODES, reportOf, textOf } from './audit/report.js';
import { webhookUrl } from './audit/webhook.js';

interface Options {
  readonly data?: string;
  readonly fabric?: string;
  readonly checkpoint?: string;
  readonly progress?: string;
  readonly follow?: true;
  readonly interval: number;
  readonly stale: number;
  readonly expiry: number;
  readonly webhook?: string;
  readonly json?: true;
}

const path = (text: string) => resolve(text);

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('give a whole number above 0.');
}

function https(text: string): string {
  try {
    return webhookUrl(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

const program = new Command('audit')
  .description(
    'Audit replay: checks every block, signature and code, executes every transaction again, and compares state and tables.',
  )
  .option('--data <dir>', 'a data folder (DATA_DIR); no process has it open, unless --follow', path)
  .option('--fabric <profile>', 'a network of four provinces; with --data also the tables of an API on it', path)
  .option('--checkpoint <file>', 'a checkpoint that somebody outside kept: the chain must pass through it', path)
  .option(
    '--progress <file>',
    'remember how far it came: next time it goes on from there, and the chain must have that place; outside the folder',
    path,
  )
  .option('--follow', 'beside a running ledger: the blocks alone, and on, until something differs')
  .option('--interval <seconds>', 'with --follow: between two looks', count, 10)
  .option('--stale <minutes>', 'with --follow: alarm after so long without a block', count, 60)
  .option(
    '--expiry <days>',
    'with --follow: alarm for a certificate with fewer days left, a caller’s with fewer than half',
    count,
    30,
  )
  .option('--webhook <url>', 'with --follow: alarms are posted there as JSON', https)
  .option('--json', 'the report, and alarms, as one JSON object a line')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_CODES['cannot-tell']));

async function run({ data, fabric, follow, progress, ...rest }: Options): Promise<AuditReport> {
  const source = fabric ?? data;
  if (source === undefined) return program.error('say what to audit: --data <dir> or --fabric <profile>');
  if (follow && fabric !== undefined && data !== undefined)
    return program.error('tables change while they are followed: leave --data out, or --follow');
  const kept = progress === undefined ? {} : { progress };
  const audit = () => {
    if (follow) return followLedger({ ...rest, ...kept, source: fabric === undefined ? { data: source } : { fabric } });
    if (fabric === undefined) return auditDataFolder({ data: source, ...rest, ...kept });
    return auditFabric({ fabric, ...(data === undefined ? {} : { data }), ...rest, ...kept });
  };
  return audit().catch((error: unknown) => reportOf(source, error));
}

const options = program.parse().opts<Options>();
const report = await run(options);
process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : textOf(report));
process.exitCode = EXIT_CODES[report.verdict];
