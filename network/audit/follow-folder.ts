/** Keeps auditing the blocks of a data folder while its ledger runs: up to what was acknowledged, again and again. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Dispatcher } from '../embedded/dispatcher.js';
import { auditChain, type Companion } from './audit-chain.js';
import { FollowedLog } from './followed-log.js';
import { type Followed, FollowerMemory } from './follower-memory.js';
import { EMBEDDED_RULES } from './ledger-rules.js';
import { type Alarm, Monitor, type MonitorSettings } from './monitor.js';

export interface FolderFollowing extends Omit<MonitorSettings, 'source'> {
  /** DATA_DIR */
  readonly folder: string;
  /** milliseconds between two looks */
  readonly intervalMs: number;
  /** where it is kept how far was followed, outside the folder */
  readonly progressFile?: string;
  readonly companions?: readonly Companion[];
  readonly dispatcher?: Dispatcher;
  /** told of every alarm, the one that ends it included */
  readonly raise: (alarm: Alarm) => Promise<void> | void;
}

async function readOn(following: FolderFollowing, monitor: Monitor, signal: AbortSignal): Promise<Followed> {
  const { folder, intervalMs, companions = [], raise } = following;
  const memory = new FollowerMemory(following.progressFile);
  const log = new FollowedLog(folder);
  try {
    const audited = await auditChain({
      source: log.source,
      rules: EMBEDDED_RULES,
      companions: [log.comparison, monitor.companion, ...companions, ...memory.companions],
      ...(memory.before ? { before: memory.before } : {}),
      ...(following.dispatcher ? { dispatcher: following.dispatcher } : {}),
      more: async (at, channel) => {
        log.checkReached(at);
        memory.checkLength(at);
        memory.note(at);
        for (const alarm of monitor.look(at, channel)) await raise(alarm);
        await pause(intervalMs, undefined, { signal }).catch(() => {});
        if (signal.aborted) return false;
        await log.lookAgain(at);
        return true;
      },
    });
    return memory.followed(audited);
  } finally {
    log.close();
  }
}

/**
 * Until the signal aborts, or something differs. The state and the tables change meanwhile and are not looked at.
 * @throws Differs, CannotTell, and what the folder's files throw, after the alarm was raised
 */
export async function followFolder(following: FolderFollowing, signal: AbortSignal): Promise<Followed> {
  const monitor = new Monitor({ ...following, source: following.folder });
  try {
    return await readOn(following, monitor, signal);
  } catch (error) {
    await following.raise(monitor.ended(error));
    throw error;
  }
}
