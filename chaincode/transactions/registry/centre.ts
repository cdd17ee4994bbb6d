/** The service centre 签约服务中心 record, and who speaks for a centre. */
import type { ProvinceCode } from '../../provinces.js';
import { ensure, hasRole, load, type Tx } from '../../runtime/tx.js';
import { key } from '../../state/keys.js';

export interface CentreRecord {
  readonly centreId: string;
  readonly province: ProvinceCode;
  readonly name: { readonly zh: string; readonly en?: string };
  readonly divisionCode: string;
  /** the published service standard that its windows and officers keep */
  readonly standard: { readonly code: string; readonly version: number };
  readonly pilot?: boolean;
  readonly validFrom: string;
  readonly validTo?: string;
  readonly contractDigest: { readonly alg: 'sha-256' | 'sm3'; readonly value: string };
  readonly registeredBy: string;
  readonly recordedAt: string;
}

/** @throws Refusal `centre.not-found` */
export function loadCentre(tx: Tx, centreId: string): Promise<CentreRecord> {
  return load(tx, key('centre', centreId), 'centre.not-found', centreId);
}

/** Whether the caller is the centre itself or a registrar of the centre's province. */
export function speaksForCentre(tx: Tx, { centreId, province }: Pick<CentreRecord, 'centreId' | 'province'>): boolean {
  return tx.caller.agencyId === centreId || (hasRole(tx, 'registrar') && tx.caller.province.code === province);
}

/** @throws Refusal `auth.agency` unless the caller speaks for the centre */
export function ensureSpeaksForCentre(tx: Tx, centre: Pick<CentreRecord, 'centreId' | 'province'>): void {
  ensure(speaksForCentre(tx, centre), 'auth.agency');
}
