/**
 * How many blocks the nodes of a province on another host have. They tell their heights to their own administrator only,
 * and their newest block to any member of the channel.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHANNEL } from '../channel.js';
import type { Member } from '../definition/definition.js';
import { decodeBlockHeader } from '../format/block.js';
import { type Network, peerCommand, toOrderer } from './commands.js';
import { inFolder } from './configtxlator.js';
import { attempt, type Run } from './run-program.js';

/** a node that is away is given up after 3 s by itself, one that is frozen never */
const PATIENCE_MS = 10_000;

/**
 * Of the block's header alone: an orderer's block has no validation codes yet. Another province may send what is no
 * block: that is no answer.
 */
function heightIn(file: string): number | undefined {
  try {
    return decodeBlockHeader(readFileSync(file)).number + 1;
  } catch {
    return undefined;
  }
}

/** @param fetching the command that fetches the newest block into a file */
function heightBy(fetching: (file: string) => Run): Promise<number | undefined> {
  return inFolder(async (folder) => {
    const newest = join(folder, 'newest.block');
    const { code } = await attempt(fetching(newest), PATIENCE_MS);
    return code === 0 ? heightIn(newest) : undefined;
  });
}

const fetchInto = (file: string) => ['channel', 'fetch', 'newest', file, '-c', CHANNEL];

/** @param member in whose name is asked @returns undefined when it does not answer */
export function peerHeightOf(network: Network, member: Member, other: Member): Promise<number | undefined> {
  return heightBy((file) => peerCommand(network, member, fetchInto(file), other));
}

/** @param member in whose name is asked @returns undefined when it does not answer */
export function ordererHeightOf(network: Network, member: Member, other: Member): Promise<number | undefined> {
  // One that has no leader still tells what it has.
  const flags = [...toOrderer(network.root, other), '--bestEffort'];
  return heightBy((file) => peerCommand(network, member, [...fetchInto(file), ...flags]));
}
