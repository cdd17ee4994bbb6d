/** An orderer lost with its host: another in its place, with keys of its own and an empty ledger. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CHANNEL } from '../channel.js';
import type { Member } from '../definition/definition.js';
import { networkPaths, provincePaths } from '../definition/network-folder.js';
import { writeWhole } from '../identity/files.js';
import { findChange, updateChannel } from './channel-update.js';
import { checkSigners, type Network, osnadminCommand } from './commands.js';
import { NetworkFault } from './fault.js';
import { allSigners, prepareKeys } from './orderer-keys.js';
import { checkOthersStand } from './others-stand.js';
import { startNode, stopNode } from './restart-nodes.js';
import { attempt } from './run-program.js';
import { checkStartedHere } from './started-here.js';
import { type Written, writeUpdate } from './update-file.js';

async function joinFrom(network: Network, member: Member, block: string): Promise<void> {
  const command = ['channel', 'join', '--channelID', CHANNEL, '--config-block', block];
  const joined = await attempt(osnadminCommand(network, member, command));
  if (!joined.output.startsWith('Status: 201'))
    throw new NetworkFault(`${member.ordererName} does not join the channel: ${joined.output}${joined.complaint}`);
}

/**
 * The three others have to run, and nothing is stopped before they do: with one of them down as well the channel would stand still. The new
 * orderer joins from the block that names it, and fetches and checks all blocks before.
 * @param update the file for an update that four provinces sign on their own hosts
 * @returns what the update changes, where one was written
 * @throws NetworkFault
 */
export async function replaceOrderer(network: Network, member: Member, update?: string): Promise<Written | undefined> {
  const { orderer } = provincePaths(network.root, member.province.slug);
  const keys = await prepareKeys(network, member, ['identity', 'tls'], update);
  if (update !== undefined) return writeUpdate(network, member, keys.change, update);
  const [sender] = network.definition.members.filter((other) => other !== member);
  if (!sender) throw new NetworkFault('a network of one orderer has none that could take the change');
  const found = await findChange(network, member, keys.change);
  if (!found) checkSigners(network, allSigners(network, sender));
  await checkStartedHere(network.root, member, 'orderer');
  await checkOthersStand(network, member);
  await stopNode(network, member, 'orderer');
  const named = found ?? (await updateChannel(network, allSigners(network, sender), keys.change));
  keys.put();
  for (const part of ['ledger', 'consensus']) rmSync(join(orderer, part), { recursive: true, force: true });
  const block = join(networkPaths(network.root).channel, 'latest-config.block');
  writeWhole(block, named, 0o644);
  await startNode(network, member, 'orderer');
  await joinFrom(network, member, block);
  return undefined;
}
