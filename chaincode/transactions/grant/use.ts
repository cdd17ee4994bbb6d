/** A use of data, permitted or denied, as it stands on the ledger before any data are released. */
import type { Static } from 'typebox';
import type { ProvinceCode } from '../../provinces.js';
import type { Digest } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';
import type { DenialReason } from './denial.js';
import type { Purpose } from './grant.js';

export interface UseRecord {
  readonly useId: string;
  readonly grantId: string;
  readonly dataSet: string;
  readonly version: number;
  readonly provider: string;
  readonly agency: string;
  readonly province: ProvinceCode;
  readonly decision: 'permitted' | 'denied';
  /** only of a denied use */
  readonly reason?: DenialReason;
  readonly purpose: Purpose;
  readonly caseId?: string;
  readonly fields: readonly string[];
  readonly subject?: string;
  /** keyed, so that nobody finds a query with an identity number by trying numbers */
  readonly queryDigest: Static<typeof Digest>;
  /** how many uses it counts for */
  readonly count: number;
  /** uses left after a permitted one, where the grant limits them */
  readonly remaining?: number;
  readonly transaction: string;
  readonly recordedAt: string;
}

export interface ReleaseRecord {
  readonly useId: string;
  readonly grantId: string;
  readonly provider: string;
  readonly responseDigest: Static<typeof Digest>;
  readonly recordCount: number;
  /** when the provider says it gave the data out; kept as stated, so that audits can find early releases */
  readonly releasedAt: string;
  readonly transaction: string;
  readonly recordedAt: string;
}

export function useKey(useId: string): string {
  return key('use', useId);
}

export function releaseKey(useId: string): string {
  return key('release', useId);
}
