/**
 * A peer whose ledger is lost or not to be trusted: empty, and filled again from the orderers' blocks (zero),
 * or begun from another peer's snapshot. What the province had approved is not private to be asked for again:
 * the peer knows its package by the hashes on the channel.
 */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceSettings } from '../chaincode-service/settings.js';
import { CHANNEL } from '../channel.js';
import { type Member, peerAddress } from '../definition/definition.js';
import { networkPaths, provincePaths } from '../definition/network-folder.js';
import { decodeBlock } from '../format/block.js';
import { type Network, peerCommand, peerRoots } from './commands.js';
import { inFolder } from './configtxlator.js';
import { installChaincode } from './deploy-chaincode.js';
import { NetworkFault } from './fault.js';
import { SERVICE_SETTINGS } from './nodes.js';
import { startNode, stopNode } from './restart-nodes.js';
import { attempt, runProgram } from './run-program.js';

const PATIENCE_MS = 120_000;

async function within(what: string, done: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(100)) if (await done()) return;
  throw new NetworkFault(`${what} did not happen within ${PATIENCE_MS / 1000} s: read the peer's log`);
}

/** Asked through the channel: a peer that begins from a snapshot tells of the height before it has opened the channel. */
async function heightOf(network: Network, member: Member): Promise<number | undefined> {
  const { code, output } = await attempt(peerCommand(network, member, ['channel', 'getinfo', '-c', CHANNEL]));
  const info = code === 0 ? /\{.*\}/.exec(output)?.[0] : undefined;
  return info === undefined ? undefined : (JSON.parse(info) as { height: number }).height;
}

/** Another province's peer tells its height to its own administrator only, and its blocks to any member of the channel. */
function heightOfOther(network: Network, member: Member, other: Member): Promise<number | undefined> {
  return inFolder(async (folder) => {
    const newest = join(folder, 'newest.block');
    const fetch = ['channel', 'fetch', 'newest', newest, '-c', CHANNEL];
    const { code } = await attempt(peerCommand(network, member, fetch, other));
    return code === 0 ? decodeBlock(readFileSync(newest)).header.number + 1 : undefined;
  });
}

/** A snapshot of the channel as it stands on a peer: a folder that is signed by nobody; compare its hash with the others'. */
export async function takeSnapshot(network: Network, member: Member): Promise<string> {
  const { peer } = provincePaths(network.root, member.province.slug);
  const completed = join(peer, 'snapshots/completed', CHANNEL);
  const before = new Set(existsSync(completed) ? readdirSync(completed) : []);
  const at = ['--peerAddress', peerAddress(member), '--tlsRootCertFile', peerRoots(network.root, member)];
  await runProgram(peerCommand(network, member, ['snapshot', 'submitrequest', '-c', CHANNEL, '-b', '0', ...at]));
  let made: string | undefined;
  await within(`${member.peerName}'s snapshot`, async () => {
    made = existsSync(completed) ? readdirSync(completed).find((name) => !before.has(name)) : undefined;
    return made !== undefined;
  });
  return join(completed, made ?? '');
}

/** The package that the province's service says it is. */
function packageOf({ root }: Network, { province }: Member): string {
  const { chaincode } = provincePaths(root, province.slug);
  return (JSON.parse(readFileSync(join(chaincode, SERVICE_SETTINGS), 'utf8')) as ServiceSettings).packageId;
}

async function emptyPeer(network: Network, member: Member): Promise<void> {
  const { peer } = provincePaths(network.root, member.province.slug);
  await stopNode(network, member, 'peer');
  for (const part of ['ledger', 'snapshots']) rmSync(join(peer, part), { recursive: true, force: true });
  await startNode(network, member, 'peer');
}

/**
 * @param source whose peer's snapshot to begin from; from block 0 without
 * @throws NetworkFault
 */
export async function rebuildPeer(network: Network, member: Member, source?: Member): Promise<void> {
  const other = source ?? network.definition.members.find((one) => one !== member);
  if (!other) throw new NetworkFault('a network of one peer has none to compare with');
  const { peer } = provincePaths(network.root, member.province.slug);
  const snapshot = source && (await takeSnapshot(network, source));
  const wanted = await heightOfOther(network, member, other);
  if (wanted === undefined)
    throw new NetworkFault(`${other.peerName} does not answer: bring it up first, with npm run network -- up`);
  await emptyPeer(network, member);
  if (snapshot) {
    const own = join(peer, 'from-snapshot');
    cpSync(snapshot, own, { recursive: true });
    await runProgram(peerCommand(network, member, ['channel', 'joinbysnapshot', '--snapshotpath', own]));
  } else await runProgram(peerCommand(network, member, ['channel', 'join', '-b', networkPaths(network.root).genesis]));
  await within(`${member.peerName} catching up`, async () => ((await heightOf(network, member)) ?? 0) >= wanted);
  rmSync(join(peer, 'from-snapshot'), { recursive: true, force: true });
  await installChaincode(network, member, packageOf(network, member));
}
