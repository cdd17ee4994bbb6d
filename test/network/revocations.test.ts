import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeIdentity } from '../../network/format/identity.js';
import { type AuthorityMaterial, createAuthority, generateKeyPair, issueCertificate } from '../../network/identity/authority.js';
import { Membership } from '../../network/identity/msp.js';
import { isListOf, issueRevocations, revocationsOf } from '../../network/identity/revocation.js';

const now = Date.now();

describe('a list of revoked certificates', () => {
  let authority: AuthorityMaterial;
  let other: AuthorityMaterial;
  let certificates: string[];
  beforeAll(async () => {
    [authority, other] = await Promise.all([
      createAuthority('AnhuiMSP', 'anhui', now),
      createAuthority('AnhuiMSP', 'anhui', now),
    ]);
    const request = { commonName: 'agency', unit: 'client' as const, days: 1, now };
    const { publicKey } = await generateKeyPair();
    certificates = await Promise.all([1, 2, 3].map(() => issueCertificate(authority, { ...request, publicKey })));
  });
  const serials = (count: number) =>
    certificates.slice(0, count).map((pem) => new X509Certificate(pem).serialNumber.toLowerCase());
  const members = async (issuer: AuthorityMaterial) => {
    const list = await issueRevocations(issuer, serials(2), now);
    const membership = new Membership(new Map([['AnhuiMSP', authority.certificate]]), new Map([['AnhuiMSP', [list]]]));
    return certificates.map((certificate) => membership.member(encodeIdentity({ mspId: 'AnhuiMSP', certificate })) !== undefined);
  };

  it('tells again which numbers were put on it, also none', async () => {
    expect(revocationsOf(await issueRevocations(authority, serials(2), now))).toEqual(serials(2));
    expect(revocationsOf(await issueRevocations(authority, [], now))).toEqual([]);
  });

  it('is that of the authority that signed it, and of no other', async () => {
    const list = await issueRevocations(authority, serials(1), now);
    expect(isListOf(list, new X509Certificate(authority.certificate))).toBe(true);
    expect(isListOf(list, new X509Certificate(other.certificate))).toBe(false);
    expect(isListOf('no list', new X509Certificate(authority.certificate))).toBe(false);
  });

  it('makes whoever is on it no member, unless another authority signed it', async () => {
    expect(await members(authority)).toEqual([false, false, true]);
    expect(await members(other)).toEqual([true, true, true]);
  });
});
