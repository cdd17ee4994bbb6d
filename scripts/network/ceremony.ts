/** The commands by which four hosts found a network, none of which ever has another's keys: identities, assemble, take. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { DEFAULT_BASE_PORT } from '../../network/definition/definition.js';
import { assemble } from '../../network/operation/assemble.js';
import { makeProvinceIdentities } from '../../network/operation/province-identities.js';
import { take } from '../../network/operation/take.js';

interface Folder {
  readonly folder: string;
}

/** As `sha256sum` would. */
function tellDigests(files: readonly string[]): void {
  for (const file of files) console.log(`${createHash('sha256').update(readFileSync(file)).digest('hex')}  ${basename(file)}`);
}

/** @param make makes a command that knows `--folder` @param port reads a number */
export function ceremonyCommands(
  program: Command,
  make: (name: string, description: string) => Command,
  port: (text: string) => number,
): void {
  make('identities', 'on each province’s host: makes its keys in its folder, and a public part that holds none')
    .argument('<province>')
    .requiredOption('--host <name>', 'where the other provinces reach this host')
    .option('--ports <base>', 'first port, the same for all four', port, DEFAULT_BASE_PORT)
    .action(async (slug: string, { folder, host, ports }: Folder & { host: string; ports: number }) => {
      const file = await makeProvinceIdentities({ root: resolve(folder), slug, host, basePort: ports });
      tellDigests([file]);
      console.log(`send ${file} to whoever assembles the network, and read its digest to the other three by another way;`);
      console.log(`everything else in ${resolve(folder)} stays on this host`);
    });
  program
    .command('assemble')
    .description('anywhere: makes block 0 of four public parts, without any key')
    .argument('<file...>', 'the four public parts')
    .requiredOption('--out <path>', 'an empty folder, in which block 0 and the public parts are written')
    .action(async (files: string[], { out }: { out: string }) => {
      tellDigests(
        await assemble(
          files.map((file) => resolve(file)),
          resolve(out),
        ),
      );
      console.log(`send all of ${resolve(out)} to each of the four, who give: npm run network -- take --from <it>`);
    });
  make('take', 'on each host: checks what was assembled, and puts it beside the province’s keys')
    .requiredOption('--from <path>', 'the folder that assemble wrote')
    .action(async ({ folder, from }: Folder & { from: string }) => {
      const root = resolve(folder);
      tellDigests(await take(root, resolve(from)));
      console.log('start nothing until all four have read the same five digests to one another by another way;');
      console.log(`then ${root}/README.md says how to join`);
    });
}
