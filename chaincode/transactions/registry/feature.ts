/**
 * A feature 特性: behaviour that new code has and old code has not. Code that has it asks for the record
 * and behaves as the old until it is active, so that provinces may change to the new code one after
 * another and still endorse the same writes. It is active from the block after the approval that made it so.
 */
import type { ProvinceCode } from '../../provinces.js';

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
