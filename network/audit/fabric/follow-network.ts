/** Keeps auditing a network's new blocks, and compares the four provinces' peers at each look. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Dispatcher } from '../../embedded/dispatcher.js';
import type { NetworkReader } from '../../fabric/reader.js';
import type { ChannelInForce } from '../../identity/in-force.js';
import { type Audited, auditChain, type Companion } from '../audit-chain.js';
import type { AuditedState } from '../audited-state.js';
import { CannotTell } from '../difference.js';
import { type Followed, FollowerMemory } from '../follower-memory.js';
import { type Alarm, Monitor, type MonitorSettings } from '../monitor.js';
import { named } from './audit-network.js';
import { compareProvinces, type ProvinceView } from './compare-provinces.js';
import { Gaps } from './gaps.js';
import { NetworkSource } from './network-source.js';
import { fabricRules } from './rules.js';

export interface NetworkFollowing extends MonitorSettings {
  readonly reader: NetworkReader;
  /** milliseconds between two looks */
  readonly intervalMs: number;
  /** where it is kept how far was followed */
  readonly progressFile?: string;
  readonly companions?: readonly Companion[];
  readonly dispatcher?: Dispatcher;
  /** told of every alarm, the one that ends it included */
  readonly raise: (alarm: Alarm) => Promise<void> | void;
}

class NetworkFollower {
  readonly #following: NetworkFollowing;
  readonly #monitor: Monitor;
  readonly #source: NetworkSource;
  readonly #gaps = new Gaps();
  readonly #memory: FollowerMemory;
  #state: AuditedState | undefined;
  /** whether no province had, at the look before, all that was followed in an earlier run */
  #lacked = false;

  constructor(following: NetworkFollowing, monitor: Monitor) {
    [this.#following, this.#monitor] = [following, monitor];
    this.#memory = new FollowerMemory(following.progressFile);
    this.#source = new NetworkSource(following.source, following.reader);
  }

  /** A peer may be coming on, and another one have it all: what none that answers has at two looks is gone. */
  #checkRemembered(at: Audited, views: readonly ProvinceView[]): void {
    const { before } = this.#memory;
    const heights = views.flatMap(({ height }) => height ?? []);
    const lacks = before !== undefined && heights.length > 0 && Math.max(at.height, ...heights) < before.height;
    if (lacks && this.#lacked) this.#memory.checkLength(at);
    this.#lacked = lacks;
  }

  async #look(at: Audited, channel: ChannelInForce): Promise<void> {
    const { reader, raise } = this.#following;
    const state = this.#state;
    const views = state ? await compareProvinces(reader, at, state) : [];
    const codes = await Promise.all(reader.peers.map(async (peer) => [peer.mspId, await peer.codeDigest()] as const));
    const alarms = [
      ...this.#monitor.look(at, channel),
      ...this.#monitor.missing(this.#gaps.look(views)),
      ...this.#monitor.modified(new Map(codes)),
    ];
    for (const alarm of alarms) await raise(alarm);
    this.#checkRemembered(at, views);
    this.#memory.note(at);
  }

  /** Looks again how far the network is; while no peer answers, that is a gap and no end. */
  async #lookAgain(): Promise<void> {
    try {
      await this.#source.look();
    } catch (error) {
      if (!(error instanceof CannotTell)) throw error;
    }
  }

  async run(signal: AbortSignal): Promise<Followed> {
    const { reader, intervalMs, companions = [], dispatcher } = this.#following;
    const remembers: Companion = {
      afterBlock: (_block, _at, state) => {
        this.#state = state;
      },
    };
    const memory = this.#memory;
    await this.#source.look();
    const audited = await auditChain({
      source: this.#source,
      rules: fabricRules(reader.pinned),
      companions: [remembers, this.#monitor.companion, ...companions, ...memory.companions],
      ...(memory.before ? { before: memory.before } : {}),
      ...(dispatcher ? { dispatcher } : {}),
      more: async (at, channel) => {
        await this.#look(at, channel);
        await pause(intervalMs, undefined, { signal }).catch(() => {});
        if (!signal.aborted) await this.#lookAgain();
        else if (this.#lacked) memory.checkLength(at);
        return !signal.aborted;
      },
    });
    return memory.followed(audited);
  }
}

/** Until the signal aborts, or something differs. @throws Differs, CannotTell after the alarm was raised */
export async function followNetwork(following: NetworkFollowing, signal: AbortSignal): Promise<Followed> {
  const monitor = new Monitor(following);
  try {
    return await new NetworkFollower(following, monitor).run(signal);
  } catch (thrown) {
    const error = await named(following.reader, thrown);
    await following.raise(monitor.ended(error));
    throw error;
  }
}
