/**
 * A peer whose ledger is lost or not to be trusted: empty, and filled again from the orderers' blocks (zero),
 * or begun from a snapshot. What the province had approved is not private to be asked for again:
 * the peer knows its package by the hashes on the channel.
 */
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceSettings } from '../chaincode-service/settings.js';
import { CHANNEL } from '../channel.js';
import type { Member } from '../definition/definition.js';
import { networkPaths, provincePaths } from '../definition/network-folder.js';
import { type Network, peerCommand } from './commands.js';
import { installChaincode } from './deploy-chaincode.js';
import { NetworkFault } from './fault.js';
import { SERVICE_SETTINGS } from './nodes.js';
import { peerHeightOf } from './other-heights.js';
import { checkSnapshot, readSnapshot, takeSnapshot } from './peer-snapshot.js';
import { startNode, stopNode } from './restart-nodes.js';
import { attempt, runProgram } from './run-program.js';
import { checkStartedHere } from './started-here.js';

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

/** What a peer begins from: another's snapshot, taken now, or one that was brought here, with the hash that others say it has. */
export type Beginning = { readonly snapshotOf: Member } | { readonly snapshot: string; readonly hash: string };

/**
 * The snapshot beside the peer's own data, where emptying it leaves it: the folder that is named may be one of those that go.
 * @throws NetworkFault when it is another than the hash says, or not whole
 */
async function bringSnapshot(network: Network, own: string, beginning: Beginning): Promise<void> {
  const brought =
    'snapshotOf' in beginning
      ? await takeSnapshot(network, beginning.snapshotOf)
      : { ...readSnapshot(resolve(beginning.snapshot)), hash: beginning.hash };
  await checkSnapshot(brought.folder, brought.hash);
  if (brought.folder === own) return;
  rmSync(own, { recursive: true, force: true });
  cpSync(brought.folder, own, { recursive: true });
}

/**
 * @param beginning from block 0 without
 * @throws NetworkFault; before anything is removed when the peer is not this folder's to stop, the snapshot is not
 *   the one of the hash, or no other peer answers
 */
export async function rebuildPeer(network: Network, member: Member, beginning?: Beginning): Promise<void> {
  await checkStartedHere(network.root, member, 'peer');
  const other =
    beginning && 'snapshotOf' in beginning ? beginning.snapshotOf : network.definition.members.find((one) => one !== member);
  if (!other) throw new NetworkFault('a network of one peer has none to compare with');
  const own = join(provincePaths(network.root, member.province.slug).peer, 'from-snapshot');
  if (beginning) await bringSnapshot(network, own, beginning);
  const wanted = await peerHeightOf(network, member, other);
  if (wanted === undefined)
    throw new NetworkFault(`${other.peerName} does not answer: bring it up first, with npm run network -- up`);
  await emptyPeer(network, member);
  const begin = beginning ? ['joinbysnapshot', '--snapshotpath', own] : ['join', '-b', networkPaths(network.root).genesis];
  await runProgram(peerCommand(network, member, ['channel', ...begin]));
  await within(`${member.peerName} catching up`, async () => ((await heightOf(network, member)) ?? 0) >= wanted);
  rmSync(own, { recursive: true, force: true });
  await installChaincode(network, member, packageOf(network, member));
}
