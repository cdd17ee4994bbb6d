/** An orderer lost with its host: another in its place, with keys of its own and an empty ledger. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CHANNEL } from '../channel.js';
import type { Member } from '../definition/definition.js';
import { networkPaths, provincePaths } from '../definition/network-folder.js';
import { writeWhole } from '../identity/files.js';
import { updateChannel } from './channel-update.js';
import { type Network, osnadminCommand } from './commands.js';
import { NetworkFault } from './fault.js';
import { put, renew } from './renewal.js';
import { startNode, stopNode } from './restart-nodes.js';
import { allSigners, changeConsenter } from './rotate.js';
import { attempt } from './run-program.js';

async function joinFrom(network: Network, member: Member, block: string): Promise<void> {
  const command = ['channel', 'join', '--channelID', CHANNEL, '--config-block', block];
  const joined = await attempt(osnadminCommand(network, member, command));
  if (!joined.output.startsWith('Status: 201'))
    throw new NetworkFault(`${member.ordererName} does not join the channel: ${joined.output}${joined.complaint}`);
}

/**
 * The three others have to run: with one of them down as well the channel would stand still. The new
 * orderer joins from the block that names it, and fetches and checks all blocks before.
 * @throws NetworkFault
 */
export async function replaceOrderer(network: Network, member: Member): Promise<void> {
  const { orderer } = provincePaths(network.root, member.province.slug);
  const identity = await renew(network, member, 'orderer', 'identity', true);
  const tls = await renew(network, member, 'orderer', 'tls', true);
  await stopNode(network, member, 'orderer');
  const [sender] = network.definition.members.filter((other) => other !== member);
  if (!sender) throw new NetworkFault('a network of one orderer has none that could take the change');
  const named = await updateChannel(network, allSigners(network, sender), (config) =>
    changeConsenter(config, member, identity, tls),
  );
  put(identity);
  put(tls);
  for (const part of ['ledger', 'consensus']) rmSync(join(orderer, part), { recursive: true, force: true });
  const block = join(networkPaths(network.root).channel, 'latest-config.block');
  writeWhole(block, named, 0o644);
  await startNode(network, member, 'orderer');
  await joinFrom(network, member, block);
}
