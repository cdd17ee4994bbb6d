/** Who reads what is not for everybody. */
import type { CaseRecord } from '../../chaincode/transactions/case/case-record.js';
import type { CertificateRecord } from '../../chaincode/transactions/certificate/certificate.js';
import type { GrantRecord } from '../../chaincode/transactions/grant/grant.js';
import type { UseRecord } from '../../chaincode/transactions/grant/use.js';
import { Problem } from '../http/problem.js';
import { readsCase } from '../projection/case-lists.js';
import { findRecord } from '../projection/records.js';
import { standingCertificate } from '../projection/standing-certificates.js';
import type { Store } from '../store/store.js';
import type { Principal } from './principal.js';

/** Auditors of any province see every case, grant and use; what they look at is recorded where the rules ask for it. */
export function seesAll(principal: Principal): boolean {
  return principal.roles.includes('auditor');
}

/** @throws Problem `case.not-found`, and `auth.agency` for who is neither party, nor responsible department, nor auditor */
export async function readableCase(store: Store, principal: Principal, caseId: string): Promise<CaseRecord> {
  const record = await findRecord<CaseRecord>(store, 'case', caseId);
  if (!record) throw new Problem('case.not-found');
  if (!seesAll(principal) && !(await readsCase(store, principal.agencyId, caseId))) throw new Problem('auth.agency');
  return record;
}

/** The one that stands, which any agency reads. @throws Problem `certificate.not-found` */
export async function knownCertificate(store: Store, certificateId: string): Promise<CertificateRecord> {
  const certificate = await standingCertificate(store.db, certificateId);
  if (!certificate) throw new Problem('certificate.not-found');
  return certificate;
}

export function readsGrant(principal: Principal, { grantee, provider }: GrantRecord): boolean {
  return seesAll(principal) || principal.agencyId === grantee || principal.agencyId === provider;
}

/** @throws Problem `grant.not-found`, and `auth.agency` for who is neither grantee, nor provider, nor auditor */
export async function readableGrant(store: Store, principal: Principal, grantId: string): Promise<GrantRecord> {
  const grant = await findRecord<GrantRecord>(store, 'grant', grantId);
  if (!grant) throw new Problem('grant.not-found');
  if (!readsGrant(principal, grant)) throw new Problem('auth.agency');
  return grant;
}

/** Whoever reads the grant reads its uses. @throws Problem `use.not-found`, `auth.agency` */
export async function readableUse(store: Store, principal: Principal, useId: string): Promise<UseRecord> {
  const use = await findRecord<UseRecord>(store, 'use', useId);
  if (!use) throw new Problem('use.not-found');
  await readableGrant(store, principal, use.grantId);
  return use;
}
