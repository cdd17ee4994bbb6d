import type { ProvinceCode } from '../../chaincode/provinces.js';
import type { Person } from './person.js';
import { unseal } from './seal.js';
import type { Vault } from './vault.js';

export interface VaultSubject {
  readonly subject: string;
  /** who made the handle */
  readonly agency: string;
  readonly homeProvince: ProvinceCode;
  readonly state: 'held' | 'erased';
}

/** What proves whose a handle is: HMAC-SHA-256 under the salt over type and number gives it again. */
export interface SubjectProof extends Person {
  /** 64 hex */
  readonly salt: string;
}

export async function findSubject(vault: Vault, subject: string): Promise<VaultSubject | undefined> {
  const row = await vault.store.db
    .selectFrom('vault_subject')
    .select(['subject', 'agency', 'home_province', 'state'])
    .where('subject', '=', subject)
    .executeTakeFirst();
  if (!row) return undefined;
  const state = row.state === 'held' ? 'held' : 'erased';
  return { subject: row.subject, agency: row.agency, homeProvince: row.home_province, state };
}

/** Undefined when the handle is not in this vault or its salt has been erased. */
export async function openSubject(vault: Vault, subject: string): Promise<SubjectProof | undefined> {
  const row = await vault.store.db.selectFrom('vault_subject').select('sealed').where('subject', '=', subject).executeTakeFirst();
  return row?.sealed ? (JSON.parse(unseal(vault.keys.data, subject, row.sealed)) as SubjectProof) : undefined;
}
