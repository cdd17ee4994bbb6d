/** An audit that keeps going beside a test's folder, and what it raised. */
import { expect } from 'vitest';
import { type FolderFollowing, followFolder } from '../../network/audit/follow-folder.js';
import type { Alarm } from '../../network/audit/monitor.js';
import type { AuditWorld } from './audit-world.js';

const DAY = 86_400_000;

/** Follows the folder; `heights` fills as it goes on. */
export function followedFolder({ folder, source }: AuditWorld, more: Partial<FolderFollowing> = {}) {
  const [alarms, heights]: [Alarm[], number[]] = [[], []];
  const stop = new AbortController();
  const done = followFolder(
    {
      folder,
      dispatcher: source.dispatcher,
      intervalMs: 20,
      staleMs: DAY,
      expiryDays: 30,
      clock: Date.now,
      raise: (alarm) => void alarms.push(alarm),
      companions: [{ afterBlock: (_block, { height }) => void heights.push(height) }],
      ...more,
    },
    stop.signal,
  );
  // Whoever waits for it sees the error; until then it must not end the process.
  done.catch(() => {});
  const reaches = (height: number) => expect.poll(() => heights.at(-1), { timeout: 60_000 }).toBe(height);
  return { alarms, stop, done, reaches };
}
