/**
 * Which configuration was in force at a block, told by nobody but believed from proof. It begins with the
 * authorities that the profile pins: block 0, signed by nobody, must name exactly these members under roots of theirs,
 * and one orderer of each, certified by his own authority. Whoever invents a block 0 thus still needs three provinces'
 * orderers for block 1. From there each configuration block must be signed by the quorum of the one before; which
 * those are, later blocks say under their orderers' signatures (`last_config`).
 */
import { X509Certificate } from 'node:crypto';
import { type Block, dataHash, lastConfigOf } from '../format/block.js';
import { FormatError } from '../format/wire.js';
import { signatureFault } from './block-signatures.js';
import { type ChannelInForce, inForce } from './in-force.js';

/** PEM of the root certificates that the profile pins, by MSP id. */
export type PinnedRoots = ReadonlyMap<string, readonly string[]>;

const fingerprint = (pem: string) => new X509Certificate(pem).fingerprint256;

/** @throws FormatError */
export function channelOfGenesis(block: Block, pinned: PinnedRoots): ChannelInForce {
  const first = inForce(block);
  const { configuration, membership, consenters } = first;
  const names = (mspIds: Iterable<string>) => [...mspIds].sort().join(', ');
  if (names(configuration.members.keys()) !== names(pinned.keys()))
    throw new FormatError(`block 0 names ${names(configuration.members.keys())} as members, the profile ${names(pinned.keys())}`);
  for (const { mspId, roots } of configuration.members.values()) {
    const known = new Set(pinned.get(mspId)?.map(fingerprint));
    if (!roots.every((root) => known.has(fingerprint(root))))
      throw new FormatError(`block 0 gives ${mspId} an authority that the profile does not name`);
  }
  if (names(consenters.map(({ mspId }) => mspId)) !== names(pinned.keys()))
    throw new FormatError('block 0 does not name one orderer of each member');
  for (const consenter of consenters)
    if (membership.of(consenter)?.unit !== 'orderer')
      throw new FormatError(`block 0 names an orderer of ${consenter.mspId} that its authority did not certify as one`);
  return first;
}

/** The configuration that a block brings after another; the block's own signatures are checked elsewhere. @throws FormatError */
export function channelAfter(before: ChannelInForce, block: Block): ChannelInForce {
  const next = inForce(block);
  const [expected, found] = [before.configuration.sequence + 1, next.configuration.sequence];
  if (found !== expected) throw new FormatError(`block ${block.header.number} brings configuration ${found}, not ${expected}`);
  return next;
}

/** Under which configuration a block says that it was signed is itself signed. @throws FormatError */
export function checkLastConfig(block: Block, channel: ChannelInForce, isConfiguration: boolean): void {
  const expected = isConfiguration ? block.header.number : channel.block;
  const found = lastConfigOf(block);
  if (found === expected) return;
  throw new FormatError(`block ${block.header.number} was signed under the configuration of block ${found}, not of ${expected}`);
}

export class ConfigurationTrail {
  readonly #pinned: PinnedRoots;
  /** under which blocks were found signed, by number of their own block */
  readonly #known = new Map<number, ChannelInForce>();

  constructor(pinned: PinnedRoots) {
    this.#pinned = pinned;
  }

  genesis(block: Block): ChannelInForce {
    return channelOfGenesis(block, this.#pinned);
  }

  /** Blocks were found signed under it. */
  note(channel: ChannelInForce): void {
    this.#known.set(channel.block, channel);
  }

  /** After a source turned out to be wrong: another tells the way anew. */
  forget(): void {
    this.#known.clear();
  }

  /**
   * The configuration under which block `number` is to be signed, for whoever begins there. What the peer says on
   * the way is only where to look: a block signed under another configuration is refused when it comes.
   * @param fetch one block of a peer's
   * @throws FormatError when what the peer has leads to no proof
   */
  async before(number: number, fetch: (number: number) => Promise<Block>): Promise<ChannelInForce> {
    const missing: Block[] = [];
    let at = lastConfigOf(await fetch(number - 1));
    for (let below = number; !this.#known.has(at); at = lastConfigOf(await fetch(at - 1))) {
      if (at >= below) throw new FormatError(`block ${below - 1} names a configuration after it`);
      below = at;
      missing.unshift(await fetch(at));
      if (at === 0) break;
    }
    let channel = this.#known.get(at) ?? this.genesis(missing.shift() as Block);
    for (const block of missing) channel = await this.#proved(channel, block);
    return channel;
  }

  async #proved(before: ChannelInForce, block: Block): Promise<ChannelInForce> {
    const next = channelAfter(before, block);
    checkLastConfig(block, before, true);
    if (!dataHash(block.data).equals(block.header.dataHash))
      throw new FormatError(`block ${block.header.number} does not hold what its header says`);
    const fault = await signatureFault(before, block);
    if (fault) throw new FormatError(`block ${block.header.number}: ${fault}`);
    return next;
  }
}
