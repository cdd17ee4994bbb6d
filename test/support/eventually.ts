/** Waits for what must come to be true: nothing in a test is about how long that takes, on whichever ledger. */
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 30_000;
const PAUSE_MS = 50;

/** @throws whatever `holds` throws when it is still not true after half a minute */
export async function eventually<T>(holds: () => T | Promise<T>): Promise<T> {
  for (const end = performance.now() + PATIENCE_MS; ; await pause(PAUSE_MS)) {
    try {
      return await holds();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
  }
}
