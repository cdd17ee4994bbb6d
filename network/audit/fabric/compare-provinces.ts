/**
 * Whether all provinces' peers hold one history: the audited one. Header and commit hash chain over everything before,
 * so one block of each peer's, signed in its answer, stands for all that it has up to there.
 */
import type { NetworkReader, PeerView } from '../../fabric/reader.js';
import { type Block, blockHash } from '../../format/block.js';
import type { Audited } from '../audit-chain.js';
import type { AuditedState } from '../audited-state.js';
import { Differs } from '../difference.js';

export interface ProvinceView {
  readonly mspId: string;
  /** number of blocks of its peer; undefined while it cannot be asked */
  readonly height: number | undefined;
  /** up to which height it was compared, and found equal */
  readonly equalUpTo: number;
}

type Word = { readonly mspId: string; readonly said: string };

function wordOf(block: Block): string {
  return `${blockHash(block.header).toString('hex')}, commit hash ${Buffer.from(block.commitHash).toString('hex') || 'none'}`;
}

function ours(state: AuditedState, number: number): string {
  const mark = state.block(number);
  if (!mark) return 'nothing';
  return `${Buffer.from(mark.hash).toString('hex')}, commit hash ${Buffer.from(mark.commitHash).toString('hex') || 'none'}`;
}

/** The first block that the peer has otherwise, up to one that it has otherwise; that one when it says no more. */
async function firstOther(peer: PeerView, state: AuditedState, other: number): Promise<number> {
  let [same, differs] = [-1, other];
  while (differs - same > 1) {
    const middle = Math.floor((same + differs) / 2);
    const block = await peer.block(middle).catch(() => undefined);
    if (!block) return differs;
    if (wordOf(block) === ours(state, middle)) same = middle;
    else differs = middle;
  }
  return differs;
}

/** Who says what of a block; a peer that does not have it says nothing. */
async function words({ peers }: NetworkReader, number: number): Promise<Word[]> {
  const said = await Promise.all(
    peers.map(async (peer) => {
      const block = await peer.block(number).catch(() => undefined);
      return block ? [{ mspId: peer.mspId, said: wordOf(block) }] : [];
    }),
  );
  return said.flat();
}

function grouped(all: readonly Word[]): string {
  const sayings = [...new Set(all.map(({ said }) => said))];
  const who = (saying: string) => all.flatMap(({ mspId, said }) => (said === saying ? [mspId] : []));
  return sayings.map((saying) => `${who(saying).join(', ')}: ${saying}`).join('; ');
}

async function splitView(reader: NetworkReader, peer: PeerView, state: AuditedState, other: Block): Promise<Differs> {
  const { number } = other.header;
  const block = await firstOther(peer, state, number);
  // What was signed once counts, whatever the peer says or keeps to itself when it is asked again.
  const again = await words(reader, block);
  const own = { mspId: peer.mspId, said: wordOf(other) };
  const all = block === number ? [...again.filter(({ mspId }) => mspId !== own.mspId), own] : again;
  return new Differs({
    check: 'split-view',
    block,
    problem: `the provinces' peers hold two histories from block ${block} on: ${grouped(all)}`,
    expected: ours(state, block),
    found: all.find(({ mspId }) => mspId === peer.mspId)?.said ?? 'nothing',
  });
}

/** Whose peers could not be compared with all that was audited: away, or behind. */
export function notCompared(views: readonly ProvinceView[], height: number): string[] {
  return views.filter(({ equalUpTo }) => equalUpTo < height).map(({ mspId }) => mspId);
}

/** @throws Differs when a peer holds another history */
export async function compareProvinces(reader: NetworkReader, at: Audited, state: AuditedState): Promise<ProvinceView[]> {
  const views: ProvinceView[] = [];
  for (const peer of reader.peers) {
    const { mspId } = peer;
    const height = await peer.height();
    const equalUpTo = Math.min(height ?? 0, at.height);
    const block = equalUpTo > 0 ? await peer.block(equalUpTo - 1).catch(() => undefined) : undefined;
    if (block && wordOf(block) !== ours(state, equalUpTo - 1)) throw await splitView(reader, peer, state, block);
    views.push(block ? { mspId, height, equalUpTo } : { mspId, height: undefined, equalUpTo: 0 });
  }
  return views;
}

/** Appends to a difference who else has the block so: one peer that lies is told from a chain that is wrong. */
export async function withWitnesses(reader: NetworkReader, difference: Differs['difference']): Promise<Differs['difference']> {
  const { block, problem, check } = difference;
  if (block === undefined || check === 'split-view') return difference;
  const all = await words(reader, block);
  return all.length > 0 ? { ...difference, problem: `${problem} (${grouped(all)})` } : difference;
}
