/** A network as somebody sees it who only reads: each province's peer by itself, and nothing of theirs believed. */

import type { Block } from '../format/block.js';
import { Membership } from '../identity/msp.js';
import type { PinnedRoots } from '../identity/trail.js';
import type { PeerNode } from './answer.js';
import { codeDigestAt } from './code-digest.js';
import { pause } from './deadline.js';
import { deliverBlocks } from './deliver.js';
import { Horizon } from './horizon.js';
import { Lookup } from './lookup.js';
import { Node } from './node.js';
import { readProfile } from './profile.js';
import { connectSdk } from './sdk.js';
import { type Log, listenToSdk } from './sdk-log.js';

/** One province's peer. */
export interface PeerView {
  readonly mspId: string;
  /** Number of blocks, as the peer says; undefined when it cannot be asked. */
  height(): Promise<number | undefined>;
  /** A block as the peer signed it in its answer. @throws Error when it gives none */
  block(number: number): Promise<Block>;
  /** SHA-256 of the contracts that its chaincode says it is, 64 hex; undefined while nobody says. Never throws. */
  codeDigest(): Promise<string | undefined>;
  /** Its stream of blocks as bytes, which waits at the end for more. @throws Error when it breaks off */
  blocks(from: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

export interface NetworkReader {
  readonly pinned: PinnedRoots;
  /** home's first */
  readonly peers: readonly PeerView[];
  close(): Promise<void>;
}

/** A peer that runs is reached well within it; the SDK connects to one after the other. */
const REACHED_MS = 3000;

async function reached(peers: readonly PeerNode[]): Promise<void> {
  const signal = AbortSignal.timeout(REACHED_MS);
  while (!signal.aborted && peers.some((peer) => !peer.isUp)) await pause(50, signal);
}

/** @throws ProfileRefused */
export async function openReader(profileFile: string, log: Log, clock: () => number = Date.now): Promise<NetworkReader> {
  const profile = readProfile(profileFile);
  const { home, provinces } = profile;
  const pinned: PinnedRoots = new Map(provinces.map(({ mspId, roots }) => [mspId, roots]));
  const silence = listenToSdk(log);
  const sdk = await connectSdk(profile);
  const reader = async () => profile.reader;
  const homeFirst = [home, ...provinces.filter((province) => province !== home)];
  const nodes = homeFirst.map((province) => new Node(province.mspId, sdk.endorser(province), log));
  const membership = new Membership(pinned);
  const lookup = new Lookup({ membership, log, home: home.mspId, horizon: new Horizon(), reader, clock, peers: nodes });
  await reached(nodes);
  const view = (province: (typeof homeFirst)[number], index: number): PeerView => {
    const node = nodes[index] as PeerNode;
    return {
      mspId: province.mspId,
      height: async () => (node.isUp ? lookup.heightOf(node) : undefined),
      block: (number) => lookup.block(node, number),
      codeDigest: async () => (node.isUp ? codeDigestAt({ membership, log }, node, profile.reader, clock()) : undefined),
      blocks: (from, signal) => deliverBlocks({ reader, clock }, sdk.eventer(province), from, signal),
    };
  };
  return {
    pinned,
    peers: homeFirst.map(view),
    async close() {
      await Promise.all(nodes.map((node) => node.close()));
      sdk.close();
      silence();
    },
  };
}
