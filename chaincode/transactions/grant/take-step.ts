import type { Answer } from '../../runtime/definition.js';
import { ensure, recordedAt, type Tx } from '../../runtime/tx.js';
import { type GrantRecord, type GrantStep, type GrantStepKind, grantKey } from './grant.js';
import { type GrantStatus, grantStatus } from './grant-status.js';

/** The states a step starts from, its name, and the state it leads to; a step without `to` leaves the state. */
export interface Transition {
  readonly from: readonly GrantStatus[];
  readonly step: GrantStepKind;
  readonly to?: GrantRecord['status'];
  /** the step can be taken once in a grant's life */
  readonly once?: boolean;
}

/** A grant with as many steps is not suspended again. */
export const STEPS_LIMIT = 200;

export type StepFacts = Omit<GrantStep, 'step' | 'agency' | 'recordedAt' | 'transaction'>;

/** Takes a step and records it. @throws Refusal `grant.state` with the status that stands in the way */
export function takeStep(tx: Tx, grant: GrantRecord, { from, step, to, once }: Transition, facts: StepFacts = {}): Answer {
  const now = recordedAt(tx, grant);
  const state = grantStatus(grant, now);
  ensure(from.includes(state), 'grant.state', { state });
  ensure(!once || !grant.steps.some((taken) => taken.step === step), 'grant.state', { state });
  // The record travels whole with each step. What ends a suspension, or the grant, is never refused for it.
  ensure(step !== 'suspended' || grant.steps.length < STEPS_LIMIT, 'grant.state', { state: 'full' });
  const entry: GrantStep = { step, agency: tx.caller.agencyId, ...facts, recordedAt: now, transaction: tx.id };
  const record: GrantRecord = { ...grant, status: to ?? grant.status, steps: [...grant.steps, entry], recordedAt: now };
  tx.state.put(grantKey(grant.grantId), record);
  return { ...record };
}
