/** Waits for what must come to be true: nothing in a test is about how long that takes, on whichever ledger. */
import { vi } from 'vitest';

const PATIENCE_MS = 30_000;

export function eventually<T>(holds: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(holds, { timeout: PATIENCE_MS });
}
