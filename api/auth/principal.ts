/** Who asks: an agency in the ledger's register, with the roles that both its credential and its record name. */
import { createHmac } from 'node:crypto';
import type { ProvinceCode } from '../../chaincode/provinces.js';
import type { Role } from '../../chaincode/roles.js';
import type { AgencyRecord } from '../../chaincode/transactions/registry/agency.js';
import { Unauthenticated } from './unauthenticated.js';

export interface Principal {
  readonly agencyId: string;
  readonly province: ProvinceCode;
  readonly roles: readonly Role[];
  /** roles of the agency that the credential does not carry: the ledger would let it act in them, its issuer would not */
  readonly withheld: readonly Role[];
  /** of the key that the ledger knows the agency by: SHA-256 over its DER, 64 hex */
  readonly keyDigest: string;
  /** stands for the person or system at the keyboard; nobody without the operator key can tell which */
  readonly operator: string;
}

/** What a token or a client certificate claims, once its signature holds. */
export interface Credential {
  readonly agencyId: string;
  readonly province: ProvinceCode;
  readonly roles: readonly Role[];
  /** issuer and subject: what the operator's handle is made of */
  readonly issuer: string;
  readonly subject: string;
}

export type FindAgency = (agencyId: string) => Promise<AgencyRecord | undefined>;

/** HMAC-SHA-256 over issuer and subject: equal for equal operators, and no name. */
function operatorHandle(operatorKey: Buffer, issuer: string, subject: string): string {
  return createHmac('sha256', operatorKey)
    .update(JSON.stringify([issuer, subject]))
    .digest('hex');
}

/** @throws Unauthenticated when the register does not know the agency as the credential describes it */
export async function admit(credential: Credential, findAgency: FindAgency, operatorKey: Buffer): Promise<Principal> {
  const agency = await findAgency(credential.agencyId);
  if (agency?.status !== 'active') throw new Unauthenticated('auth.invalid', 'agency is unknown or inactive');
  if (agency.province !== credential.province) throw new Unauthenticated('auth.invalid', 'agency is of another province');
  return {
    agencyId: agency.agencyId,
    province: agency.province,
    roles: agency.roles.filter((role) => credential.roles.includes(role)),
    withheld: agency.roles.filter((role) => !credential.roles.includes(role)),
    keyDigest: agency.keyDigest,
    // Most requests leave no trace of who sat at the keyboard: the handle is made for those that do.
    get operator() {
      return operatorHandle(operatorKey, credential.issuer, credential.subject);
    },
  };
}
