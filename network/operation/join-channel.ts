/** Orderers and peers join the channel from block 0; those that are in it already stay as they are. */
import { CHANNEL } from '../channel.js';
import type { Member } from '../definition/definition.js';
import { networkPaths } from '../definition/network-folder.js';
import { type Network, osnadminCommand, peerCommand } from './commands.js';
import { NetworkFault } from './fault.js';
import { attempt, runProgram } from './run-program.js';

async function ordererJoins(network: Network, member: Member): Promise<void> {
  const listed = await attempt(osnadminCommand(network, member, ['channel', 'list', '--channelID', CHANNEL]));
  if (listed.output.startsWith('Status: 200')) return;
  const join = ['channel', 'join', '--channelID', CHANNEL, '--config-block', networkPaths(network.root).genesis];
  const joined = await attempt(osnadminCommand(network, member, join));
  // osnadmin ends with 0 for refusals too.
  if (!joined.output.startsWith('Status: 201'))
    throw new NetworkFault(`${member.ordererName} does not join the channel: ${joined.output}${joined.complaint}`);
}

async function peerJoins(network: Network, member: Member): Promise<void> {
  const listed = await runProgram(peerCommand(network, member, ['channel', 'list']));
  if (listed.split('\n').includes(CHANNEL)) return;
  await runProgram(peerCommand(network, member, ['channel', 'join', '-b', networkPaths(network.root).genesis]));
}

/** @throws NetworkFault */
export async function joinChannel(network: Network): Promise<void> {
  await Promise.all(network.operated.map((member) => ordererJoins(network, member)));
  await Promise.all(network.operated.map((member) => peerJoins(network, member)));
}
