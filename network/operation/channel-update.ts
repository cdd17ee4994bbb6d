/**
 * Changes the channel's configuration: fetched as it stands, changed as JSON by Fabric's own configtxlator,
 * signed by the administrators that the policies ask, sent to an orderer, and looked for on every peer.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { CHANNEL } from '../channel.js';
import type { Member } from '../definition/definition.js';
import { type Network, peerCommand, toOrderer } from './commands.js';
import { NetworkFault } from './fault.js';
import { metricsOf } from './metrics.js';
import { fabricEnvironment } from './nodes.js';
import { locate } from './programs.js';
import { runProgram } from './run-program.js';
import { NotSeen, startingWith, untilTaken } from './until-taken.js';

/** `common.Config` as configtxlator writes it: only what is changed here is named. */
export interface ChannelConfig {
  sequence: string;
  channel_group: ConfigGroup;
}

export interface ConfigGroup {
  groups: Record<string, ConfigGroup>;
  values: Record<string, { value: Record<string, unknown> }>;
  policies: Record<string, { policy: { value: Record<string, unknown> } }>;
}

/** How long after an orderer took it the peers may be without it; another leader may have to be found first. */
const SEEN_MS = 30_000;

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'channel-update-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function translate(folder: string, ...words: readonly string[]): Promise<string> {
  const command = locate('configtxlator');
  if (!command) throw new NetworkFault("Fabric's configtxlator not found: put it where the other programs are");
  return runProgram({ command, arguments: words, folder, environment: fabricEnvironment(folder) });
}

/** An orderer's address and authority; without, one's own peer is asked. */
type From = readonly string[];

/** The block that configures the channel now, as an orderer or a peer has it. */
async function fetchConfigBlock(network: Network, member: Member, file: string, from: From): Promise<void> {
  await runProgram(peerCommand(network, member, ['channel', 'fetch', 'config', file, '-c', CHANNEL, ...from]));
}

/** A configuration, and the update that it came of. */
interface Configured {
  readonly config: ChannelConfig;
  readonly update: unknown;
}

async function fetchConfig(network: Network, member: Member, folder: string, from: From): Promise<Configured> {
  const block = join(folder, 'block.pb');
  await fetchConfigBlock(network, member, block, from);
  await translate(folder, 'proto_decode', '--type', 'common.Block', '--input', block, '--output', join(folder, 'block.json'));
  const { config, last_update } = JSON.parse(readFileSync(join(folder, 'block.json'), 'utf8')).data.data[0].payload.data;
  return { config, update: last_update?.payload?.data?.config_update };
}

/** The channel's configuration as one orderer tells it. @throws NetworkFault */
export function readConfig(network: Network, member: Member): Promise<ChannelConfig> {
  return inFolder(async (folder) => (await fetchConfig(network, member, folder, toOrderer(network.root, member))).config);
}

async function encode(folder: string, name: string, config: ChannelConfig): Promise<string> {
  const file = join(folder, name);
  writeFileSync(`${file}.json`, JSON.stringify(config));
  await translate(folder, 'proto_encode', '--type', 'common.Config', '--input', `${file}.json`, '--output', file);
  return file;
}

/** @returns the file with the envelope that is to be signed and sent, and the update in it */
async function envelopeOf(folder: string, before: string, after: string): Promise<{ envelope: string; update: unknown }> {
  const update = join(folder, 'update');
  const between = ['compute_update', '--channel_id', CHANNEL, '--original', before, '--updated', after, '--output', update];
  await translate(folder, ...between);
  await translate(folder, 'proto_decode', '--type', 'common.ConfigUpdate', '--input', update, '--output', `${update}.json`);
  const config_update = JSON.parse(readFileSync(`${update}.json`, 'utf8'));
  const payload = { header: { channel_header: { channel_id: CHANNEL, type: 2 } }, data: { config_update } };
  const envelope = join(folder, 'envelope');
  writeFileSync(`${envelope}.json`, JSON.stringify({ payload }));
  await translate(folder, 'proto_encode', '--type', 'common.Envelope', '--input', `${envelope}.json`, '--output', envelope);
  return { envelope, update: config_update };
}

type Change = (config: ChannelConfig) => void;

/** What is looked for: the update, or a configuration in which the change changes nothing, whichever block brought it. */
interface Sought {
  readonly update: unknown;
  readonly change: Change;
}

function isThere({ config, update }: Configured, sought: Sought): boolean {
  if (isDeepStrictEqual(update, sought.update)) return true;
  const changed = structuredClone(config);
  sought.change(changed);
  return isDeepStrictEqual(changed, config);
}

/** Those whose peer runs and can be asked here; one that does not run has the change when it has caught up. */
async function withPeers({ operated }: Network): Promise<readonly Member[]> {
  const figures = await Promise.all(operated.map(({ ports }) => metricsOf(ports.peerOperations)));
  return operated.filter((_member, index) => figures[index]);
}

/** @returns the configuration block of a peer that has the change; undefined while one of them does not have it */
async function seen(network: Network, asked: Member, sought: Sought): Promise<Buffer | undefined> {
  const members = await withPeers(network);
  return inFolder(async (folder) => {
    const told = members.length > 0 ? members.map((member) => ({ member, from: [] })) : [ownOrderer(network, asked)];
    for (const { member, from } of told) if (!isThere(await fetchConfig(network, member, folder, from), sought)) return undefined;
    return readFileSync(join(folder, 'block.pb'));
  });
}

function ownOrderer({ root }: Network, member: Member): { member: Member; from: From } {
  return { member, from: toOrderer(root, member) };
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
 * An acknowledgement is no configuration: an orderer may lose what it took, and of two updates made from one
 * configuration one is lost. So it is looked for on the peers, and sent by another orderer where it does not come.
 * @param signers whose administrators sign, the sender first; on this machine all keys may be at hand, in
 *   the provinces each signs in turn (`peer channel signconfigtx`)
 * @param change changes the configuration in place
 * @returns the configuration block that holds it, as a peer gave it
 * @throws NetworkFault when an orderer refuses it, as it does one with too few signatures, or the peers do not take it
 */
export async function updateChannel(network: Network, signers: readonly [Member, ...Member[]], change: Change): Promise<Buffer> {
  const [sender, ...others] = signers;
  return inFolder(async (folder) => {
    const { config } = await fetchConfig(network, sender, folder, toOrderer(network.root, sender));
    const original = await encode(folder, 'before', config);
    change(config);
    const { envelope, update } = await envelopeOf(folder, original, await encode(folder, 'after', config));
    const sought = { update, change };
    for (const member of others) await runProgram(peerCommand(network, member, ['channel', 'signconfigtx', '-f', envelope]));
    const send = async (orderer: Member) => {
      // The sender's signature is added as it sends.
      const command = ['channel', 'update', '-f', envelope, '-c', CHANNEL, ...toOrderer(network.root, orderer)];
      await runProgram(peerCommand(network, sender, command));
      await untilSeen(network, sender, sought);
    };
    const isTaken = async () => (await seen(network, sender, sought)) !== undefined;
    await untilTaken(startingWith(sender, network.definition.members), send, isTaken);
    return untilSeen(network, sender, sought);
  });
}
