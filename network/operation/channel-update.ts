/**
 * Changes the channel's configuration: fetched as it stands, changed as JSON by Fabric's own configtxlator,
 * signed by the administrators that the policies ask, sent to an orderer, and looked for on every peer.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { CHANNEL } from '../channel.js';
import type { Member } from '../definition/definition.js';
import { checkSigners, type Network, peerCommand, toOrderer } from './commands.js';
import {
  type ChannelConfig,
  CONFIG_UPDATE,
  type ConfigBlock,
  type ConfigUpdate,
  decodeJson,
  encodeJson,
  inFolder,
  translate,
} from './configtxlator.js';
import { metricsOf } from './metrics.js';
import { runProgram } from './run-program.js';
import { greets } from './serves.js';
import { NotSeen, startingWith, untilTaken } from './until-taken.js';

/** How long after an orderer took it the peers may be without it; another leader may have to be found first. */
const SEEN_MS = 30_000;

/** An orderer's address and authority; without, one's own peer is asked. */
type From = readonly string[];

/** The block that configures the channel now, as an orderer or a peer has it. */
async function fetchConfigBlock(network: Network, member: Member, file: string, from: From): Promise<void> {
  await runProgram(peerCommand(network, member, ['channel', 'fetch', 'config', file, '-c', CHANNEL, ...from]));
}

/** A configuration, and the update that it came of. */
export interface Configured {
  readonly config: ChannelConfig;
  readonly update: unknown;
}

/** @param folder where the block then is, as `block.pb` */
async function fetchConfig(network: Network, member: Member, folder: string, from: From): Promise<Configured> {
  const file = join(folder, 'block.pb');
  await fetchConfigBlock(network, member, file, from);
  const block = await decodeJson<ConfigBlock>(folder, 'common.Block', file);
  const { config, last_update } = block.data.data[0].payload.data;
  return { config, update: last_update?.payload?.data?.config_update };
}

/** The channel's configuration as an orderer tells it to a province's administrator. @throws NetworkFault */
export function readConfig(network: Network, member: Member): Promise<ChannelConfig> {
  return inFolder(async (folder) => (await fetchConfig(network, member, folder, await fromOrderer(network, member))).config);
}

async function encode(folder: string, name: string, config: ChannelConfig): Promise<string> {
  const file = join(folder, name);
  await encodeJson(folder, 'common.Config', config, file);
  return file;
}

/** What is looked for in a configuration. */
export type Sought = (configured: Configured) => boolean;

export type Change = (config: ChannelConfig) => void;

/** A configuration in which the change changes nothing, whichever block brought it. */
function changed(change: Change): Sought {
  return ({ config }) => {
    const after = structuredClone(config);
    change(after);
    return isDeepStrictEqual(after, config);
  };
}

/** Those whose peer runs and can be asked here; one that does not run has the change when it has caught up. */
async function withPeers({ operated }: Network): Promise<readonly Member[]> {
  const figures = await Promise.all(operated.map(({ ports }) => metricsOf(ports.peerOperations)));
  return operated.filter((_member, index) => figures[index]);
}

/** The orderers that can be reached, a province's own first; it alone where none can, to say what is wrong. */
async function reached({ definition }: Network, first: Member): Promise<readonly Member[]> {
  const orderers = startingWith(first, definition.members);
  const answers = await Promise.all(orderers.map(({ host, ports }) => greets({ host, port: ports.orderer })));
  const found = orderers.filter((_member, index) => answers[index]);
  return found.length > 0 ? found : [first];
}

async function fromOrderer(network: Network, member: Member): Promise<From> {
  const [orderer = member] = await reached(network, member);
  return toOrderer(network.root, orderer);
}

/** @returns the configuration block of a peer that has what is sought; undefined while one of them does not have it */
async function seen(network: Network, asked: Member, sought: Sought): Promise<Buffer | undefined> {
  const members = await withPeers(network);
  return inFolder(async (folder) => {
    const peers = members.map((member) => ({ member, from: [] as From }));
    const told = peers.length > 0 ? peers : [{ member: asked, from: await fromOrderer(network, asked) }];
    for (const { member, from } of told) if (!sought(await fetchConfig(network, member, folder, from))) return undefined;
    return readFileSync(join(folder, 'block.pb'));
  });
}

/** The configuration block in which a change is already, as the peers at hand have it; undefined while it is not there. */
export function findChange(network: Network, asked: Member, change: Change): Promise<Buffer | undefined> {
  return seen(network, asked, changed(change));
}

/** @throws NetworkFault when it stays unseen */
async function untilSeen(network: Network, asked: Member, sought: Sought): Promise<Buffer> {
  for (const deadline = Date.now() + SEEN_MS; ; await pause(200)) {
    const block = await seen(network, asked, sought);
    if (block) return block;
    if (Date.now() >= deadline)
      throw new NotSeen(
        'an orderer took the new configuration, and the peers do not have it: npm run network -- status shows who stays behind; then give the command again',
      );
  }
}

/**
 * The update between a configuration and what the change makes of it, unsigned.
 * @throws NetworkFault also when they are the same
 */
export async function computeUpdate(folder: string, config: ChannelConfig, change: Change): Promise<ConfigUpdate> {
  const changed = structuredClone(config);
  change(changed);
  const before = await encode(folder, 'before', config);
  const after = await encode(folder, 'after', changed);
  const update = join(folder, 'update');
  const between = ['compute_update', '--channel_id', CHANNEL, '--original', before, '--updated', after, '--output', update];
  await translate(folder, ...between);
  return decodeJson<ConfigUpdate>(folder, 'common.ConfigUpdate', update);
}

/** Writes the envelope that is to be signed and sent. */
export function writeEnvelope(folder: string, config_update: ConfigUpdate, file: string): Promise<void> {
  const payload = { header: { channel_header: { channel_id: CHANNEL, type: CONFIG_UPDATE } }, data: { config_update } };
  return encodeJson(folder, 'common.Envelope', { payload }, file);
}

/**
 * An acknowledgement is no configuration: an orderer may lose what it took, and of two updates made from one
 * configuration one is lost. So it is looked for on the peers, and sent by another orderer where it does not come.
 * @param sender whose administrator's signature is added as it sends
 * @returns the configuration block that holds it, as a peer gave it
 * @throws NetworkFault when an orderer refuses it, as it does one with too few signatures, or the peers do not take it
 */
export async function sendEnvelope(network: Network, sender: Member, envelope: string, sought: Sought): Promise<Buffer> {
  const send = async (orderer: Member) => {
    const command = ['channel', 'update', '-f', envelope, '-c', CHANNEL, ...toOrderer(network.root, orderer)];
    await runProgram(peerCommand(network, sender, command));
    await untilSeen(network, sender, sought);
  };
  const isTaken = async () => (await seen(network, sender, sought)) !== undefined;
  await untilTaken(await reached(network, sender), send, isTaken);
  return untilSeen(network, sender, sought);
}

/**
 * @param signers whose administrators sign, the sender first; all their keys have to be in this folder, in
 *   the provinces each signs in turn (`peer channel signconfigtx`)
 * @param change changes the configuration in place
 * @returns and throws as `sendEnvelope`; @throws NetworkFault, before anything is done, where a key is on another host
 */
export async function updateChannel(network: Network, signers: readonly [Member, ...Member[]], change: Change): Promise<Buffer> {
  checkSigners(network, signers);
  const [sender, ...others] = signers;
  return inFolder(async (folder) => {
    const update = await computeUpdate(folder, await readConfig(network, sender), change);
    const envelope = join(folder, 'envelope');
    await writeEnvelope(folder, update, envelope);
    for (const member of others) await runProgram(peerCommand(network, member, ['channel', 'signconfigtx', '-f', envelope]));
    const isChanged = changed(change);
    return sendEnvelope(network, sender, envelope, (found) => isDeepStrictEqual(found.update, update) || isChanged(found));
  });
}
