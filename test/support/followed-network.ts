/** An audit that keeps going on a network that a test shows, and what it raised. */
import { expect } from 'vitest';
import { followNetwork, type NetworkFollowing } from '../../network/audit/fabric/follow-network.js';
import type { Alarm } from '../../network/audit/monitor.js';
import type { FabricChain } from './fabric-chain.js';
import { shownNetwork } from './shown-network.js';

const DAY = 86_400_000;
export const WAIT = { timeout: 60_000 };

interface Shown extends Partial<NetworkFollowing> {
  /** what each province's peer says of its contracts */
  readonly code?: (index: number) => string;
}

/** Follows what each province's peer shows; what has no blocks is away. */
export function followedNetwork(chain: FabricChain, of: Parameters<typeof shownNetwork>[1], { code, ...more }: Shown = {}) {
  const [alarms, heights]: [Alarm[], number[]] = [[], []];
  const stop = new AbortController();
  const done = followNetwork(
    {
      source: 'profile.json',
      reader: shownNetwork(chain.roots, of, code),
      dispatcher: chain.dispatcher,
      intervalMs: 20,
      staleMs: DAY,
      expiryDays: 10,
      clock: Date.now,
      raise: (alarm) => void alarms.push(alarm),
      companions: [{ afterBlock: (_block, { height }) => void heights.push(height) }],
      ...more,
    },
    stop.signal,
  );
  // Whoever waits for it sees the error; until then it must not end the process.
  done.catch(() => {});
  const reaches = (height: number) => expect.poll(() => heights.at(-1), WAIT).toBe(height);
  const raised = (kind: Alarm['alarm']) => expect.poll(() => alarms.map(({ alarm }) => alarm), WAIT).toContain(kind);
  return { alarms, heights, stop, done, reaches, raised };
}
