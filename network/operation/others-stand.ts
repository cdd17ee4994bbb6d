/** Whether an orderer may be missed: with it and another one away, two of four agree on nothing. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Member } from '../definition/definition.js';
import type { Network } from './commands.js';
import { NetworkFault } from './fault.js';
import { nodeName } from './nodes.js';
import { levelOrderers } from './orderer-height.js';
import { ordererHeightOf } from './other-heights.js';

/** one that is level may be asked a moment before it has the block that another told of */
const PATIENCE_MS = 10_000;

export interface Told {
  /** `<province>-orderer` */
  readonly name: string;
  /** undefined: it does not answer */
  readonly height: number | undefined;
}

/** What keeps them from agreeing on blocks by themselves; undefined when nothing does. One block is no lag: `levelOrderers`. */
export function whatIsMissing(told: readonly Told[]): string | undefined {
  const away = told.filter(({ height }) => height === undefined).map(({ name }) => name);
  if (away.length > 0) return `${away.join(', ')} ${away.length > 1 ? 'do' : 'does'} not answer`;
  if (levelOrderers(told.map(({ height }) => height))) return undefined;
  return `the others are not at one height (${told.map(({ name, height }) => `${name} ${height}`).join(', ')})`;
}

/** @throws NetworkFault when the three others do not all answer, or do not come to one height */
export async function checkOthersStand(network: Network, member: Member): Promise<void> {
  const others = network.definition.members.filter((other) => other !== member);
  for (const deadline = Date.now() + PATIENCE_MS; ; await pause(500)) {
    const told = others.map(async (other) => ({
      name: nodeName(other, 'orderer'),
      height: await ordererHeightOf(network, member, other),
    }));
    const missing = whatIsMissing(await Promise.all(told));
    if (missing === undefined) return;
    if (Date.now() >= deadline)
      throw new NetworkFault(
        `${nodeName(member, 'orderer')} was not stopped: ${missing}, and with two orderers away the channel stands still. Bring the others up first (npm run network -- status on their hosts, then up, or systemctl restart delta-orderer), and give this command again when they are at one height`,
      );
  }
}
