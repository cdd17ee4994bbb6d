/** `npm run network -- …`: the real network of four provinces on this machine: up, down, status, clean. */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { DEFAULT_BASE_PORT, DefinitionRefused } from '../network/definition/definition.js';
import { DataFolderRefused } from '../network/errors.js';
import { clean, down } from '../network/operation/down.js';
import { NetworkFault } from '../network/operation/fault.js';
import { writeProvinceFolders } from '../network/operation/province-folders.js';
import { status } from '../network/operation/status.js';
import { join, up } from '../network/operation/up.js';
import { careCommands } from './network/care.js';
import { ceremonyCommands } from './network/ceremony.js';
import { namespacesMissing } from './network/namespaces.js';
import { proveInNamespaces } from './network/prove-in-namespaces.js';
import { settingsCommand, tellOtherSettings } from './network/settings.js';
import { statusText } from './network/status-text.js';
import { watchCommand } from './network/watch.js';

const began = process.hrtime.bigint();

function progress(step: string): void {
  const seconds = Number((process.hrtime.bigint() - began) / 100_000_000n) / 10;
  console.log(`[${seconds.toFixed(1).padStart(5)} s] ${step}`);
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('a number is wanted.');
  return value;
}

const OUTCOME = {
  made: 'made and ready',
  started: 'ready again',
  completed: 'ready: what an earlier command left undone is done',
  running: 'runs already: nothing was to be done',
} as const;

interface Folder {
  readonly folder: string;
}

const program = new Command('network').description('The network of four provinces, as processes of this machine.');
const command = (name: string, description: string) =>
  program.command(name).description(description).option('--folder <path>', 'where the network is kept', './network-data');

command('up', 'makes the network in an empty folder, or starts what does not run of it')
  .option('--ports <base>', `first port of a new network (${DEFAULT_BASE_PORT}); four times seven ports are used, 20 apart`, port)
  .action(async ({ folder, ports }: Folder & { ports?: number }) => {
    const root = resolve(folder);
    const outcome = await up({
      root,
      ...(ports === undefined ? {} : { basePort: ports }),
      defaultBasePort: DEFAULT_BASE_PORT,
      progress,
    });
    progress(`the network in ${root} is ${OUTCOME[outcome]}`.replace('is runs', 'runs'));
  });

command('join', 'what up does but starting processes: for a host whose processes systemd starts').action(
  async ({ folder }: Folder) => {
    const root = resolve(folder);
    await join({ root, defaultBasePort: DEFAULT_BASE_PORT, progress });
    progress(`${root} has joined`);
  },
);

command('down', 'stops its processes; everything else stays').action(async ({ folder }: Folder) => {
  const stopped = await down(resolve(folder));
  console.log(stopped.length > 0 ? `stopped ${stopped.join(', ')}` : 'nothing runs there');
});

command('status', 'heights, leader, chaincode and certificates; exit code 1 unless all is well')
  .option('--json', 'as one JSON object')
  .action(async ({ folder, json }: Folder & { json?: boolean }) => {
    const found = await status(resolve(folder));
    console.log(json ? JSON.stringify(found) : statusText(found));
    if (!found.healthy) process.exitCode = 1;
  });

command('clean', 'stops its processes and removes the folder, ledger and keys').action(async ({ folder }: Folder) => {
  const root = resolve(folder);
  console.log((await clean(root)) ? `removed ${root}` : `there is no ${root}`);
});

careCommands(command);
ceremonyCommands(program, command, port);
settingsCommand(command);
watchCommand(command);
tellOtherSettings(program);

interface FoldersOptions {
  readonly hosts: string;
  readonly out: string;
  readonly ports: number;
}

program
  .command('folders')
  .description(
    'for trials: writes a folder for each province that runs on a host of its own, all four provinces’ keys on this one',
  )
  .requiredOption('--hosts <a,b,c,d>', 'host names or addresses of Shanghai, Jiangsu, Zhejiang, Anhui')
  .requiredOption('--out <path>', 'an empty folder, in which they are written')
  .option('--ports <base>', 'first port', port, DEFAULT_BASE_PORT)
  .action(async ({ hosts, out, ports }: FoldersOptions) => {
    const input = { out: resolve(out), basePort: ports, hosts: hosts.split(',') };
    for (const folder of await writeProvinceFolders(input, progress)) progress(`wrote ${folder}: its README.md says how to join`);
  });

program
  .command('test')
  .description('proves province folders in four network namespaces, one a province')
  .action(async () => {
    const why = namespacesMissing();
    if (why) console.log(`skipped: ${why}`);
    else await proveInNamespaces(progress);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof NetworkFault || error instanceof DefinitionRefused || error instanceof DataFolderRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
