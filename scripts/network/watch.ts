/** `npm run network -- watch`: starts an orderer again that runs and stands still. */
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { openNetwork } from '../../network/operation/open-network.js';
import { watchOrderers } from '../../network/operation/watch-orderers.js';

/** A leader that died is replaced within this in any case that was seen, twice over. */
const PATIENCE_SECONDS = 60;
/** Two orderers need half of it to find one again that was started again, and nothing is ordered till then. */
const LEAST_SECONDS = 20;

function seconds(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= LEAST_SECONDS) return value;
  throw new InvalidArgumentError(`give whole seconds, ${LEAST_SECONDS} at least.`);
}

interface Options {
  readonly folder: string;
  readonly after: number;
}

/** @param make makes a command that knows `--folder` */
export function watchCommand(make: (name: string, description: string) => Command): void {
  make('watch', 'stays, and starts an orderer of this folder again that runs and stands still')
    .option('--after <seconds>', 'how long it stands still before that', seconds, PATIENCE_SECONDS)
    .action(async ({ folder, after }: Options) => {
      const network = openNetwork(resolve(folder));
      const stop = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
      const tell = (line: string) => console.log(`${new Date().toISOString()} ${line}`);
      tell(`watches ${network.operated.map(({ province }) => `${province.slug}-orderer`).join(', ')}`);
      await watchOrderers(network, { patience: after * 1000, tell, signal: stop.signal });
    });
}
