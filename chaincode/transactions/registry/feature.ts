/**
 * A feature 特性: behaviour that new code has and old code has not. Code that has it asks `tx.features` and
 * behaves as the old until it is active, so that provinces may change to the new code one after another and
 * still endorse alike. It is active from the block after the approval that made it so.
 */
import type { ProvinceCode } from '../../provinces.js';
import { key } from '../../state/keys.js';
import type { State } from '../../state/state.js';

/** As many as it takes to define the chaincode itself: a fourth that is silent holds nobody up. */
export const APPROVALS_REQUIRED = 3;

export interface FeatureApproval {
  readonly province: ProvinceCode;
  readonly agency: string;
  readonly time: string;
  readonly transaction: string;
}

export interface FeatureRecord {
  readonly feature: string;
  readonly status: 'proposed' | 'active';
  /** at most one a province, in the order in which they came */
  readonly approvals: readonly FeatureApproval[];
  readonly recordedAt: string;
}

export const ACTIVE_FEATURES = key('feature', 'active');

/**
 * Every transaction reads this one key, also where no rule asks for a feature: peers sign what was read, and
 * code that reads a key which older code does not read is endorsed by nobody beside it.
 */
export async function activeFeatures(state: State): Promise<readonly string[]> {
  return (await state.get<{ readonly features: readonly string[] }>(ACTIVE_FEATURES))?.features ?? [];
}
