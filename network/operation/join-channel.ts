/** Orderers and peers join the channel from block 0; those that are in it already stay as they are. */
import { CHANNEL } from '../channel.js';
import type { Member } from '../definition/definition.js';
import { networkPaths } from '../definition/network-folder.js';
import { type Network, osnadminCommand, peerCommand } from './commands.js';
import { NetworkFault } from './fault.js';
import { metricsOf } from './metrics.js';
import { attempt } from './run-program.js';

const ALREADY = /already exists/;

async function ordererJoins(network: Network, member: Member): Promise<boolean> {
  if ((await metricsOf(member.ports.ordererOperations))?.has('participation_status')) return false;
  const join = ['channel', 'join', '--channelID', CHANNEL, '--config-block', networkPaths(network.root).genesis];
  const joined = await attempt(osnadminCommand(network, member, join));
  // osnadmin ends with 0 for refusals too; one is that the orderer, still starting, has not told of its channel yet.
  if (joined.output.startsWith('Status: 201')) return true;
  if (ALREADY.test(joined.output)) return false;
  const said = `${joined.output}${joined.complaint}`.trim();
  throw new NetworkFault(`${member.ordererName} does not join the channel: ${said}; read its log, then run up again`);
}

async function peerJoins(network: Network, member: Member): Promise<boolean> {
  if ((await metricsOf(member.ports.peerOperations))?.has('ledger_blockchain_height')) return false;
  const join = peerCommand(network, member, ['channel', 'join', '-b', networkPaths(network.root).genesis]);
  const { code, complaint } = await attempt(join);
  if (code === 0) return true;
  if (ALREADY.test(complaint)) return false;
  throw new NetworkFault(`${member.peerName} does not join the channel: ${complaint.trim()}`);
}

/** Whether one of them was not in it. @throws NetworkFault */
export async function joinChannel(network: Network): Promise<boolean> {
  const orderers = await Promise.all(network.operated.map((member) => ordererJoins(network, member)));
  const peers = await Promise.all(network.operated.map((member) => peerJoins(network, member)));
  return [...orderers, ...peers].includes(true);
}
