/** Opens the Fabric ledger: connects to the provinces' peers and orderers that a connection profile names. */
import { X509Certificate } from 'node:crypto';
import { ENDORSEMENTS_REQUIRED } from '../channel.js';
import { Membership } from '../identity/msp.js';
import type { Signer } from '../identity/signer.js';
import { ConfigurationTrail } from '../identity/trail.js';
import { openWallet, type Wallet } from '../identity/wallet.js';
import type { Ledger } from '../ledger.js';
import { REGISTRARS, type Registrar } from '../registrars.js';
import type { PeerNode } from './answer.js';
import { BlockFeed } from './block-feed.js';
import type { OrdererNode } from './broadcast.js';
import { CommitWatch } from './commit-watch.js';
import { pause } from './deadline.js';
import { deliverBlocks } from './deliver.js';
import type { FollowDeps } from './follow.js';
import { Hedge } from './hedge.js';
import { Horizon } from './horizon.js';
import { NetworkInfo } from './info.js';
import { FabricLedger } from './ledger.js';
import { Lookup } from './lookup.js';
import { Node } from './node.js';
import type { Outbox } from './outbox.js';
import { type OpenedProfile, readProfile } from './profile.js';
import { Resolver } from './resolver.js';
import { connectSdk, type SdkConnections } from './sdk.js';
import { type Log, listenToSdk } from './sdk-log.js';

export interface FabricOptions {
  /** the connection profile, see `profile.ts` */
  readonly profileFile: string;
  /** where envelopes are kept until their outcome is certain */
  readonly outbox: Outbox;
  /** milliseconds since the epoch; the system's clock unless given */
  readonly clock?: () => number;
  readonly log?: Log;
  /** where agencies' keys are when not in the profile's own wallet, as behind a signing process */
  readonly wallet?: Wallet;
  /** how long a write may take end to end; 15 s unless given */
  readonly deadlineMilliseconds?: number;
}

export interface FabricHealth {
  /** whether a write would find enough peers and orderers now */
  readonly ready: boolean;
  readonly reason?: string;
  /** peers and orderers that cannot be reached now, also while a write needs none of them */
  readonly away: readonly string[];
}

export interface Fabric {
  readonly ledger: Ledger;
  readonly wallet: Wallet;
  readonly registrars: readonly Registrar[];
  health(): FabricHealth;
}

const DAY_MS = 86_400_000;
/** So many days before the reader's certificate runs out there is a warning. */
const ALARM_DAYS = 30;
const DEADLINE_MS = 15_000;
const ANSWER_MS = 5000;
/** ⌈(n+f+1)/2⌉ of four orderers, one of which may lie */
const QUORUM = 3;

interface Nodes {
  /** home's first, then in the order of the table of provinces */
  readonly peers: readonly PeerNode[];
  readonly orderers: readonly OrdererNode[];
}

function nodesOf({ provinces, home }: OpenedProfile, sdk: SdkConnections, log: Log): Nodes {
  const homeFirst = [home, ...provinces.filter((province) => province !== home)];
  return {
    peers: homeFirst.map((province) => new Node(province.mspId, sdk.endorser(province), log)),
    orderers: provinces.map((province) => new Node(province.mspId, sdk.committer(province), log)),
  };
}

function healthOf({ peers, orderers }: Nodes): FabricHealth {
  const away = [...peers, ...orderers].filter((node) => !node.isUp).map(({ name }) => name);
  const count = (nodes: readonly Node[]) => nodes.filter((node) => node.isUp).length;
  if (count(peers) >= ENDORSEMENTS_REQUIRED && count(orderers) >= QUORUM) return { ready: true, away };
  return { ready: false, reason: `too few peers or orderers can be reached; away: ${away.join(', ')}`, away };
}

/** Where the chain ends: as home's peer says or, while it is away, as two others do, of whom one may lie. */
async function chainEnd({ peers, heightOf }: FollowDeps): Promise<number | undefined> {
  const [home, ...others] = peers;
  const own = home?.isUp ? await heightOf(home) : undefined;
  if (own !== undefined) return own;
  const told = await Promise.all(others.map((peer) => (peer.isUp ? heightOf(peer) : undefined)));
  return told.filter((height) => height !== undefined).sort((a, b) => b - a)[1];
}

/** The stream starts where the chain is now: what was sent before is the outbox's matter. */
async function runFeed(feed: BlockFeed, watch: CommitWatch, follow: FollowDeps): Promise<void> {
  while (!follow.closed.aborted) {
    const height = await chainEnd(follow);
    if (height !== undefined) return feed.run(height, (followed) => watch.look(followed));
    await pause(500, follow.closed);
  }
}

/** Without a valid reader no block is seen, whoever signs the writes. */
function warnOfReader({ certificate }: Signer, now: number, log: Log): void {
  const days = Math.floor((new X509Certificate(certificate).validToDate.getTime() - now) / DAY_MS);
  if (days < ALARM_DAYS) log(`the reader's certificate has ${days} days left: rotate the reader, and start this again`);
}

/** @throws ProfileRefused; DataFolderRefused when a key in the wallet is not its certificate's */
export async function openFabric(options: FabricOptions): Promise<Fabric> {
  const { profileFile, outbox, clock = Date.now, log = () => undefined, deadlineMilliseconds = DEADLINE_MS } = options;
  const profile = readProfile(profileFile);
  const { home, provinces, authorities } = profile;
  warnOfReader(profile.reader, clock(), log);
  const wallet = options.wallet ?? openWallet({ folder: profile.wallet, authorities, clock });
  const reader = async () => profile.reader;
  const silence = listenToSdk(log);
  const sdk = await connectSdk(profile);
  const nodes = nodesOf(profile, sdk, log);
  const closing = new AbortController();
  const hedge = new Hedge();
  const roots = new Map(provinces.map((province) => [province.mspId, province.roots]));
  const membership = new Membership(roots);
  const horizon = new Horizon();
  const asking = { membership, log, home: home.mspId, horizon, reader, clock, ...nodes };
  const lookup = new Lookup(asking);
  const follow: FollowDeps = {
    peers: nodes.peers,
    open: (peer, from, signal) => {
      const province = provinces.find(({ mspId }) => mspId === peer.mspId) ?? home;
      return deliverBlocks({ reader, clock }, sdk.eventer(province), from, signal);
    },
    heightOf: (peer) => lookup.heightOf(peer),
    horizon,
    blockOf: (peer, number) => lookup.block(peer, number),
    trail: new ConfigurationTrail(roots),
    log,
    closed: closing.signal,
  };
  const watch = new CommitWatch(horizon);
  const resolver = new Resolver({ outbox, lookup, orderers: nodes.orderers, quorum: QUORUM, log, closed: closing.signal });
  const feed = new BlockFeed(follow);
  const feeding = runFeed(feed, watch, follow);
  for (const entry of await outbox.pending()) resolver.add(entry);
  const ledger = new FabricLedger({
    ...asking,
    quorum: QUORUM,
    watch,
    lookup,
    outbox,
    resolver,
    deadlineMs: deadlineMilliseconds,
    answerMs: ANSWER_MS,
    hedgeMs: () => hedge.delay,
    tookToEndorse: (milliseconds) => hedge.took(milliseconds),
    feed,
    closed: closing.signal,
    info: new NetworkInfo({ ...asking, profile, lookup, watch }),
    close: async () => {
      closing.abort();
      await Promise.all([feeding, resolver.stopped()]);
      await Promise.all([...nodes.peers, ...nodes.orderers].map((node) => node.close()));
      sdk.close();
      silence();
    },
  });
  return { ledger, wallet, registrars: REGISTRARS, health: () => healthOf(nodes) };
}
