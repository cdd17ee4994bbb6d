/** What a request for a handle is known by under its Idempotency-Key. */
import { createHmac } from 'node:crypto';
import type { ProvinceCode } from '../../chaincode/provinces.js';
import { type Person, personText } from './person.js';
import type { VaultKeys } from './vault.js';

/** Keyed, because a number is guessed from a plain hash in hours. */
export function requestFingerprint({ fingerprint }: VaultKeys, province: ProvinceCode, person: Person): string {
  return createHmac('sha256', fingerprint)
    .update(JSON.stringify([province, personText(person)]))
    .digest('hex');
}
