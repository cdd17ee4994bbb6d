/**
 * Changes the channel's configuration: fetched as it stands, changed as JSON by Fabric's own configtxlator,
 * signed by the administrators that the policies ask, sent to an orderer, and waited for on every peer.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CHANNEL } from '../channel.js';
import type { Member } from '../definition/definition.js';
import { type Network, peerCommand, toOrderer } from './commands.js';
import { NetworkFault } from './fault.js';
import { metricsOf } from './metrics.js';
import { fabricEnvironment } from './nodes.js';
import { locate } from './programs.js';
import { runProgram } from './run-program.js';

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

const PATIENCE_MS = 60_000;

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

/** The block that configures the channel now. */
export async function fetchConfigBlock(network: Network, member: Member, file: string): Promise<void> {
  const flags = toOrderer(network.root, member);
  await runProgram(peerCommand(network, member, ['channel', 'fetch', 'config', file, '-c', CHANNEL, ...flags]));
}

async function fetchConfig(network: Network, member: Member, folder: string): Promise<ChannelConfig> {
  const block = join(folder, 'block.pb');
  await fetchConfigBlock(network, member, block);
  await translate(folder, 'proto_decode', '--type', 'common.Block', '--input', block, '--output', join(folder, 'block.json'));
  return JSON.parse(readFileSync(join(folder, 'block.json'), 'utf8')).data.data[0].payload.data.config;
}

/** The channel's configuration as one orderer tells it. @throws NetworkFault */
export function readConfig(network: Network, member: Member): Promise<ChannelConfig> {
  return inFolder((folder) => fetchConfig(network, member, folder));
}

async function encode(folder: string, name: string, config: ChannelConfig): Promise<string> {
  const file = join(folder, name);
  writeFileSync(`${file}.json`, JSON.stringify(config));
  await translate(folder, 'proto_encode', '--type', 'common.Config', '--input', `${file}.json`, '--output', file);
  return file;
}

async function envelopeOf(folder: string, before: string, after: string): Promise<string> {
  const update = join(folder, 'update');
  const between = ['compute_update', '--channel_id', CHANNEL, '--original', before, '--updated', after, '--output', update];
  await translate(folder, ...between);
  await translate(folder, 'proto_decode', '--type', 'common.ConfigUpdate', '--input', update, '--output', `${update}.json`);
  const config_update = JSON.parse(readFileSync(`${update}.json`, 'utf8'));
  const payload = { header: { channel_header: { channel_id: CHANNEL, type: 2 } }, data: { config_update } };
  const envelope = join(folder, 'envelope');
  writeFileSync(`${envelope}.json`, JSON.stringify({ payload }));
  await translate(folder, 'proto_encode', '--type', 'common.Envelope', '--input', `${envelope}.json`, '--output', envelope);
  return envelope;
}

/** Peers count their own configuration blocks as blocks: each has the update when it has this height. */
async function everyPeerHas(network: Network, height: number): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(50)) {
    const figures = await Promise.all(network.definition.members.map(({ ports }) => metricsOf(ports.peerOperations)));
    // A peer that does not run has it when it has caught up.
    if (figures.every((figure) => !figure || (figure.get('ledger_blockchain_height') ?? 0) >= height)) return;
  }
  throw new NetworkFault(
    'the peers have not taken the new configuration: npm run network -- status shows which one stays behind',
  );
}

async function heightAt({ ports }: Member): Promise<number> {
  return (await metricsOf(ports.peerOperations))?.get('ledger_blockchain_height') ?? 0;
}

/**
 * @param signers whose administrators sign, the sender first; on this machine all keys may be at hand, in
 *   the provinces each signs in turn (`peer channel signconfigtx`)
 * @param change changes the configuration in place
 * @throws NetworkFault when an orderer refuses it, as it does one with too few signatures
 */
export async function updateChannel(
  network: Network,
  signers: readonly [Member, ...Member[]],
  change: (config: ChannelConfig) => void,
): Promise<void> {
  const [sender, ...others] = signers;
  const before = await heightAt(sender);
  await inFolder(async (folder) => {
    const config = await fetchConfig(network, sender, folder);
    const original = await encode(folder, 'before', config);
    change(config);
    const envelope = await envelopeOf(folder, original, await encode(folder, 'after', config));
    for (const member of others) await runProgram(peerCommand(network, member, ['channel', 'signconfigtx', '-f', envelope]));
    // The sender's signature is added as it sends.
    const send = ['channel', 'update', '-f', envelope, '-c', CHANNEL, ...toOrderer(network.root, sender)];
    await runProgram(peerCommand(network, sender, send));
  });
  await everyPeerHas(network, before + 1);
}
