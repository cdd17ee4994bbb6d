/** `npm run audit`: a ledger checked from block 0 by somebody who believes nobody; exit 0 holds, 1 differs, 2 cannot tell. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { auditDataFolder } from './audit/data-folder.js';
import { type AuditReport, EXIT_CODES, reportOf, textOf } from './audit/report.js';

interface Options {
  readonly data?: string;
  readonly checkpoint?: string;
  readonly progress?: string;
  readonly json?: true;
}

const path = (text: string) => resolve(text);

const program = new Command('audit')
  .description(
    'Audit replay: checks every block, signature and code, executes every transaction again, and compares state and tables.',
  )
  .option('--data <dir>', 'a data folder (DATA_DIR) that no process has open', path)
  .option('--checkpoint <file>', 'what GET /v1/checkpoints/latest answered some day: the chain must pass through it', path)
  .option('--progress <file>', 'remember how far it came, and go on from there next time; outside the folder', path)
  .option('--json', 'the report as one JSON object')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_CODES['cannot-tell']));

async function run({ data, checkpoint, progress }: Options): Promise<AuditReport> {
  if (data === undefined) return program.error('say what to audit: --data <dir>');
  const given = { data, ...(checkpoint === undefined ? {} : { checkpoint }), ...(progress === undefined ? {} : { progress }) };
  return auditDataFolder(given).catch((error: unknown) => reportOf(data, error));
}

const options = program.parse().opts<Options>();
const report = await run(options);
process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : textOf(report));
process.exitCode = EXIT_CODES[report.verdict];
