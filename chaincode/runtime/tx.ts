/** What a transaction's rules are given: who, when, and the state. Nothing else reaches them. */
import { Refusal, type RefusalCode } from '../errors.js';
import type { Role } from '../roles.js';
import type { State } from '../state/state.js';
import { later } from '../time.js';
import type { Caller } from './caller.js';

export interface Tx {
  /** the Fabric transaction id, 64 hex */
  readonly id: string;
  /** the transaction's own timestamp: declared by the client, held to five minutes by the peers */
  readonly time: string;
  readonly caller: Caller;
  readonly state: State;
  /** names of the features that are active as of this transaction */
  readonly features: readonly string[];
}

/** A record's recorded time never runs backwards: the later of the transaction's and the one before. */
export function recordedAt(tx: Tx, before?: { readonly recordedAt: string }): string {
  return before ? later(before.recordedAt, tx.time) : tx.time;
}

export function hasRole(tx: Tx, ...roles: readonly Role[]): boolean {
  return roles.some((role) => tx.caller.roles.includes(role));
}

/** @throws Refusal when there is no such record. */
export async function load<T>(tx: Tx, stateKey: string, missing: RefusalCode, id: string): Promise<T> {
  const record = await tx.state.get<T>(stateKey);
  if (record === undefined) throw new Refusal(missing, { id });
  return record;
}

/** @throws Refusal when there already is one. */
export async function absent(tx: Tx, stateKey: string, exists: RefusalCode, id: string): Promise<void> {
  if ((await tx.state.get(stateKey)) !== undefined) throw new Refusal(exists, { id });
}

/** @throws Refusal when the condition does not hold. */
export function ensure(condition: boolean, code: RefusalCode, facts: { state?: string; id?: string } = {}): asserts condition {
  if (!condition) throw new Refusal(code, facts);
}
