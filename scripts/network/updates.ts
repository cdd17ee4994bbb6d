/** The commands by which four provinces sign one update of the channel's configuration, each on its own host. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { withLock } from '../../network/operation/lock-network.js';
import { openNetwork } from '../../network/operation/open-network.js';
import { sendUpdate, signUpdate, type Written } from '../../network/operation/update-file.js';

interface Folder {
  readonly folder: string;
}

export const UPDATE = ['--update <file>', 'writes the update to a file for four hosts to sign, and changes nothing yet'] as const;
export interface Update {
  readonly update?: string;
}

export function fileOf(update: string | undefined): string | undefined {
  return update === undefined ? undefined : resolve(update);
}

function tell(words: readonly string[]): void {
  for (const line of words) console.log(`changes ${line}`);
}

/** What there is to do with an update that was written. */
export function tellWritten(update: string | undefined, written: Written | undefined): void {
  if (update === undefined || !written) return;
  tell(written.words);
  console.log(`wrote ${update}: each province gives sign-update on its own host, one with all signatures send-update;`);
  console.log('then give this command again without --update');
}

/** @param make makes a command that knows `--folder` */
export function updateCommands(make: (name: string, description: string) => Command): void {
  make('sign-update', 'says what an update of the channel changes, and signs it in this folder’s province’s name')
    .argument('<file>', 'as --update wrote it; the signature is added to it')
    .action(async (file: string, { folder }: Folder) => {
      const network = openNetwork(resolve(folder));
      const { signed } = await withLock(network.root, () => signUpdate(network, resolve(file), tell));
      console.log(`signed by ${signed.join(', ')}`);
    });
  make('send-update', 'sends an update that has its signatures, and waits until the peers have it')
    .argument('<file>')
    .action(async (file: string, { folder }: Folder) => {
      const network = openNetwork(resolve(folder));
      await withLock(network.root, () => sendUpdate(network, resolve(file)));
      console.log('the channel has it: give the command that wrote it again, on its host');
    });
}
