/**
 * A snapshot of the channel as a peer writes it: a folder that nobody signed. Its hash, which peers at the same block
 * have in common, is SHA-256 over the metadata, and those name the SHA-256 of every other file.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { CHANNEL } from '../channel.js';
import { type Member, peerAddress } from '../definition/definition.js';
import { provincePaths } from '../definition/network-folder.js';
import { type Network, peerCommand, peerRoots } from './commands.js';
import { NetworkFault } from './fault.js';
import { peerHeightOf } from './other-heights.js';
import { runProgram } from './run-program.js';

const SIGNABLE = '_snapshot_signable_metadata.json';
/** Fabric's number for whatever block is the newest */
const NEWEST = 0;
const PATIENCE_MS = 120_000;
/** what a peer says of a block that it has been asked to stop at already */
const ASKED_BEFORE = /duplicate snapshot request/;

interface SignableMetadata {
  readonly channel_name: string;
  readonly last_block_number: number;
  readonly snapshot_files_raw_hashes: Readonly<Record<string, string>>;
}

export interface Snapshot {
  readonly folder: string;
  readonly lastBlock: number;
  /** SHA-256 of its signable metadata, hexadecimal */
  readonly hash: string;
}

function metadataOf(folder: string): { readonly text: Buffer; readonly metadata: SignableMetadata } {
  const file = join(folder, SIGNABLE);
  if (!existsSync(file))
    throw new NetworkFault(
      `${folder} is no snapshot of a peer: name the folder that npm run network -- snapshot told, or a whole copy of it`,
    );
  const text = readFileSync(file);
  try {
    return { text, metadata: JSON.parse(text.toString('utf8')) as SignableMetadata };
  } catch {
    throw new NetworkFault(`${file} is damaged: copy the snapshot again`);
  }
}

/** @throws NetworkFault when the folder is no snapshot */
export function readSnapshot(folder: string): Snapshot {
  const { text, metadata } = metadataOf(folder);
  return { folder, lastBlock: metadata.last_block_number, hash: createHash('sha256').update(text).digest('hex') };
}

async function sha256Of(file: string): Promise<string | undefined> {
  if (!existsSync(file)) return undefined;
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/**
 * Reads every file of it.
 * @param hash what others say it is, hexadecimal
 * @throws NetworkFault when it is another, of another channel, or a file is not what the metadata say
 */
export async function checkSnapshot(folder: string, hash: string): Promise<void> {
  const found = readSnapshot(folder);
  if (found.hash !== hash.trim().toLowerCase())
    throw new NetworkFault(
      `the snapshot in ${folder}, of block ${found.lastBlock}, has the hash ${found.hash}, not ${hash}: nothing was removed; ask two other provinces for theirs of that block (npm run network -- snapshot), and take another snapshot if they differ from this one`,
    );
  const { metadata } = metadataOf(folder);
  if (metadata.channel_name !== CHANNEL)
    throw new NetworkFault(
      `the snapshot in ${folder} is of channel ${metadata.channel_name}, not ${CHANNEL}: take one of this network`,
    );
  for (const [name, wanted] of Object.entries(metadata.snapshot_files_raw_hashes))
    if ((await sha256Of(join(folder, basename(name)))) !== wanted)
      throw new NetworkFault(
        `${name} in ${folder} is missing or not what the snapshot's metadata say: nothing was removed; copy it again`,
      );
}

async function request(network: Network, member: Member, block: number): Promise<void> {
  const at = ['--peerAddress', peerAddress(member), '--tlsRootCertFile', peerRoots(network.root, member)];
  const run = peerCommand(network, member, ['snapshot', 'submitrequest', '-c', CHANNEL, '-b', String(block), ...at]);
  try {
    await runProgram(run);
  } catch (error) {
    if (!(error instanceof NetworkFault) || !ASKED_BEFORE.test(error.message)) throw error;
  }
}

/**
 * What a peer has written of a block already is not written again.
 * @param block the last block that is to be in it, the newest or one that is still to come; the newest without
 * @throws NetworkFault also when that block is passed, or does not come in time: the peer keeps the request
 */
export async function takeSnapshot(network: Network, member: Member, block?: number): Promise<Snapshot> {
  const completed = join(provincePaths(network.root, member.province.slug).peer, 'snapshots/completed', CHANNEL);
  const present = () => (existsSync(completed) ? readdirSync(completed) : []);
  const height = block === undefined ? await peerHeightOf(network, member, member) : undefined;
  const last = block ?? (height ?? 0) - 1;
  const before = new Set(present());
  if (before.has(String(last))) return readSnapshot(join(completed, String(last)));
  await request(network, member, block ?? NEWEST);
  const isIt = (name: string) => (block === undefined ? !before.has(name) : name === String(block));
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(100)) {
    const made = present().find(isIt);
    if (made !== undefined) return readSnapshot(join(completed, made));
  }
  throw new NetworkFault(
    `${member.peerName} made no snapshot within ${PATIENCE_MS / 1000} s: ${block === undefined ? "read the peer's log" : `it makes it with block ${block}; give this command again when that has come`}`,
  );
}
