/** What profiles name of who signs: a folder with `key.pem` and `certificate.pem`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AuthorityMaterial, generateKeyPair, issueCertificate } from '../../network/identity/authority.js';

export async function certifiedFolder(
  folder: string,
  authority: AuthorityMaterial,
  unit: 'client' | 'peer' = 'client',
  now = Date.now(),
): Promise<void> {
  const { publicKey, privateKey } = await generateKeyPair();
  const request = { commonName: 'reader', unit, publicKey, days: 1, now };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'key.pem'), privateKey);
  writeFileSync(join(folder, 'certificate.pem'), await issueCertificate(authority, request));
}
