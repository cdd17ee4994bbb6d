import { expect } from 'vitest';
import { type Accepted, type Actor, writtenKeys } from './contract-world.js';

/**
 * What a transaction wrote, key by key, without its one operation record, which is checked here: it is
 * the caller's, and names the transaction and the function.
 */
export function writeSet(accepted: Accepted, actor: Actor, fn: string): Record<string, unknown> {
  const operations = writtenKeys(accepted).filter((key) => key.startsWith('operation~'));
  expect(operations).toHaveLength(1);
  expect(operations[0]).toMatch(new RegExp(`^operation~${actor.agencyId}~`));
  const entries = accepted.simulation.writes.map(({ key, value }) => [
    key,
    value && JSON.parse(Buffer.from(value).toString('utf8')),
  ]);
  const { [operations[0] ?? '']: operation, ...written } = Object.fromEntries(entries) as Record<string, unknown>;
  expect(operation).toMatchObject({ transaction: accepted.transactionId, function: fn });
  return written;
}
