/**
 * Grants 数据授权 and uses 用数记录: permission for one agency to use one version of one data set for one
 * purpose. A grant is a record of its own, every use has its own key, and only a grant with `maxUses`
 * has a counter.
 */
import type { Static } from 'typebox';
import type { ProvinceCode } from '../../provinces.js';
import { ensure, load, type Tx } from '../../runtime/tx.js';
import { ClientIdReference, Closed, Code, type Digest, ListOf } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';
import type { GrantStatus } from './grant-status.js';

/** What the data are for: a service item, and a code within it. */
export const Purpose = Closed({ itemCode: Code, code: Code });
export type Purpose = Static<typeof Purpose>;

/** Names of a data set's fields. */
export const FieldNames = ListOf(Code, 1, 200);

export const grantPath = { grantId: ClientIdReference };

export type GrantStepKind =
  | 'approved'
  | 'refused'
  | 'supplement-requested'
  | 'supplemented'
  | 'suspended'
  | 'resumed'
  | 'revoked'
  | 'ended'
  | 'disposed';

/** Something that was done with a grant after its request. */
export interface GrantStep {
  readonly step: GrantStepKind;
  readonly agency: string;
  readonly recordedAt: string;
  readonly transaction: string;
  readonly reason?: string;
  readonly legalBasis?: string;
  readonly conditions?: string | readonly string[];
  readonly digest?: Static<typeof Digest>;
  readonly method?: string;
}

export interface GrantRecord {
  readonly grantId: string;
  readonly dataSet: string;
  readonly version: number;
  readonly shareClass: 'unconditional' | 'conditional';
  readonly province: ProvinceCode;
  readonly provider: string;
  readonly grantee: string;
  readonly granteeProvince: ProvinceCode;
  readonly purpose: Purpose;
  readonly fields: readonly string[];
  /** the one subject whose data may be used; any, when absent */
  readonly subject?: string;
  readonly caseId?: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly maxUses?: number;
  /** as the steps have left it; whether it has expired is derived, see `grantStatus` */
  readonly status: Exclude<GrantStatus, 'expired'>;
  readonly steps: readonly GrantStep[];
  readonly requestedAt: string;
  readonly recordedAt: string;
}

/** How many uses of a grant with `maxUses` are taken; there from the first one on. */
export interface GrantCountRecord {
  readonly maxUses: number;
  readonly used: number;
}

export function grantKey(grantId: string): string {
  return key('grant', grantId);
}

export function grantCountKey(grantId: string): string {
  return key('grant-count', grantId);
}

/** @throws Refusal `grant.not-found` */
export function loadGrant(tx: Tx, grantId: string): Promise<GrantRecord> {
  return load(tx, grantKey(grantId), 'grant.not-found', grantId);
}

/** A grant whose data the caller provides. @throws Refusal `grant.not-found`, `auth.agency` */
export async function providedGrant(tx: Tx, grantId: string): Promise<GrantRecord> {
  const grant = await loadGrant(tx, grantId);
  ensure(grant.provider === tx.caller.agencyId, 'auth.agency');
  return grant;
}

/** A grant that the caller holds. @throws Refusal `grant.not-found`, `auth.agency` */
export async function heldGrant(tx: Tx, grantId: string): Promise<GrantRecord> {
  const grant = await loadGrant(tx, grantId);
  ensure(grant.grantee === tx.caller.agencyId, 'auth.agency');
  return grant;
}
