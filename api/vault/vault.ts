/**
 * The vault: who stands behind a subject's handle, kept encrypted beside the ledger and nowhere on it.
 * A handle is HMAC-SHA-256 over the person under a fresh 256-bit salt; without the salt it is noise, so
 * erasing the salt here makes every record on the ledger speak of nobody.
 */
import { createHmac, hkdfSync } from 'node:crypto';
import type { ProvinceCode } from '../../chaincode/provinces.js';
import { openKeyFile } from '../auth/secret-file.js';
import type { Store } from '../store/store.js';
import { type Person, personText } from './person.js';

export interface Vault {
  readonly store: Store;
  /** milliseconds since the epoch */
  readonly clock: () => number;
  readonly keys: VaultKeys;
}

export interface VaultKeys {
  /** AES-256-GCM key of the sealed rows */
  readonly data: Buffer;
  /** HMAC key of requests' fingerprints: a plain hash of a body with a number is that number */
  readonly fingerprint: Buffer;
  /** each province's pepper: the same person has another index in another province */
  index(province: ProvinceCode): Buffer;
}

function derive(secret: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `delta-trust-ledger vault v1 ${purpose}`, 32));
}

/** The keys that a vault's 256-bit secret stands for. */
export function vaultKeys(secret: Buffer): VaultKeys {
  return {
    data: derive(secret, 'data'),
    fingerprint: derive(secret, 'fingerprint'),
    index: (province) => derive(secret, `index ${province}`),
  };
}

/** Opens the vault with the key in a file, which is made at first start; losing it loses the vault. `settleVaultKey` comes before. */
export function openVault(store: Store, keyFile: string, clock: () => number): Vault {
  return { store, clock, keys: vaultKeys(openKeyFile(keyFile)) };
}

/** Under what one province's vault finds all handles of one person. */
export function personIndex({ keys }: Pick<Vault, 'keys'>, province: ProvinceCode, person: Person): string {
  return createHmac('sha256', keys.index(province)).update(personText(person)).digest('hex');
}
