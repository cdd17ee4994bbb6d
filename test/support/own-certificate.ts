import { createAuthority, generateKeyPair, issueCertificate, keyDigestOf } from '../../network/identity/authority.js';

/** A certificate of a key that no wallet here has, as an agency may bring one. */
export async function ownCertificate(): Promise<{ readonly pem: string; readonly keyDigest: string }> {
  const keys = await generateKeyPair();
  const now = Date.now();
  const authority = await createAuthority('ShanghaiMSP', 'shanghai', now);
  const request = { commonName: 'an agency', unit: 'client' as const, publicKey: keys.publicKey, days: 30, now };
  return { pem: await issueCertificate(authority, request), keyDigest: keyDigestOf(keys.publicKey) };
}
