/**
 * How many blocks another province's node has. It tells its height to its own administrator only, and its blocks to any
 * member of the channel, so the newest one is fetched.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHANNEL } from '../channel.js';
import type { Member } from '../definition/definition.js';
import { decodeBlockHeader } from '../format/block.js';
import { type Network, peerCommand, toOrderer } from './commands.js';
import { inFolder } from './configtxlator.js';
import { attempt, type Run } from './run-program.js';
import { greets } from './serves.js';

function heightBy(fetch: (file: string) => Run): Promise<number | undefined> {
  return inFolder(async (folder) => {
    const newest = join(folder, 'newest.block');
    const { code } = await attempt(fetch(newest));
    return code === 0 ? decodeBlockHeader(readFileSync(newest)).number + 1 : undefined;
  });
}

const fetchNewest = (file: string) => ['channel', 'fetch', 'newest', file, '-c', CHANNEL];

/** Undefined when it does not answer. @param member whose administrator asks */
export function heightOfPeer(network: Network, member: Member, other: Member): Promise<number | undefined> {
  return heightBy((file) => peerCommand(network, member, fetchNewest(file), other));
}

/** The same of an orderer; one that was frozen is not waited for. */
export async function heightOfOrderer(network: Network, member: Member, other: Member): Promise<number | undefined> {
  if (!(await greets({ host: other.host, port: other.ports.orderer }))) return undefined;
  const from = toOrderer(network.root, other);
  return heightBy((file) => peerCommand(network, member, [...fetchNewest(file), ...from]));
}
