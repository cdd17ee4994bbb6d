/** `npm run network -- settings`, and the line by which every other command tells that it is due. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { otherSettings } from '../../network/operation/network-record.js';
import { writeSettings } from '../../network/operation/write-settings.js';

/** These say nothing of settings: they end a network, write its settings, work on one of their own, or on a folder that is to become one. */
const SILENT = new Set(['down', 'clean', 'settings', 'rehearse', 'identities', 'take']);

/** Told beside a command's own answer, which may be read by a program. */
export function tellOtherSettings(program: Command): void {
  program.hook('preAction', (_, command) => {
    const { folder } = command.opts<{ folder?: string }>();
    const line = folder === undefined || SILENT.has(command.name()) ? undefined : otherSettings(resolve(folder));
    if (line !== undefined) process.stderr.write(`${line}\n`);
  });
}

/** @param make makes a command that knows `--folder` */
export function settingsCommand(make: (name: string, description: string) => Command): void {
  make('settings', 'writes this build’s settings for the nodes of a network that another build made').action(
    async ({ folder }: { folder: string }) => {
      const { restarts, before } = await writeSettings(resolve(folder), (file) => console.log(`writes ${file}`));
      if (restarts.length === 0) console.log('the nodes have this build’s settings: none has to be restarted');
      for (const step of before) console.log(`before the restarts: ${step}`);
      if (restarts.length > 0)
        console.log('restart one after the other, each when npm run network -- status says that all is well again:');
      for (const restart of restarts) console.log(`  ${restart}`);
      console.log(
        'what is in the channel (members, policies, block size, consensus times) stays: only an update of the channel changes it',
      );
    },
  );
}
