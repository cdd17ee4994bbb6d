/** Keeps auditing a network's new blocks, and compares the four provinces' peers at each look. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Dispatcher } from '../../embedded/dispatcher.js';
import type { NetworkReader } from '../../fabric/reader.js';
import type { ChannelInForce } from '../../identity/in-force.js';
import { type Audited, auditChain, type Companion } from '../audit-chain.js';
import type { AuditedState } from '../audited-state.js';
import { CannotTell } from '../difference.js';
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
  #state: AuditedState | undefined;

  constructor(following: NetworkFollowing) {
    this.#following = following;
    this.#monitor = new Monitor(following);
    this.#source = new NetworkSource(following.source, following.reader);
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
  }

  /** Looks again how far the network is; while no peer answers, that is a gap and no end. */
  async #lookAgain(): Promise<void> {
    try {
      await this.#source.look();
    } catch (error) {
      if (!(error instanceof CannotTell)) throw error;
    }
  }

  async run(signal: AbortSignal): Promise<Audited> {
    const { reader, intervalMs, companions = [], dispatcher, raise } = this.#following;
    const remembers: Companion = {
      afterBlock: (_block, _at, state) => {
        this.#state = state;
      },
    };
    try {
      await this.#source.look();
      return await auditChain({
        source: this.#source,
        rules: fabricRules(reader.pinned),
        companions: [remembers, this.#monitor.companion, ...companions],
        ...(dispatcher ? { dispatcher } : {}),
        more: async (at, channel) => {
          await this.#look(at, channel);
          await pause(intervalMs, undefined, { signal }).catch(() => {});
          if (signal.aborted) return false;
          await this.#lookAgain();
          return true;
        },
      });
    } catch (thrown) {
      const error = await named(reader, thrown);
      await raise(this.#monitor.ended(error));
      throw error;
    }
  }
}

/** Until the signal aborts, or something differs. @throws Differs, CannotTell after the alarm was raised */
export function followNetwork(following: NetworkFollowing, signal: AbortSignal): Promise<Audited> {
  return new NetworkFollower(following).run(signal);
}
