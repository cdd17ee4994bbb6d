import { verify, X509Certificate } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProvinceCode } from '../../chaincode/provinces.js';
import { type AuthorityMaterial, attributesOf, createAuthority, keyDigestOf } from '../../network/identity/authority.js';
import { certificateFiles, openWallet, type Wallet } from '../../network/identity/wallet.js';
import { freshAgencyId } from '../support/contract-world.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

describe('an agency with several keys', () => {
  let folder: string;
  let wallet: Wallet;
  let authority: AuthorityMaterial;
  const now = Date.parse('2026-11-02T00:00:00Z');
  const reopen = () =>
    openWallet({ folder, authorities: new Map<ProvinceCode, AuthorityMaterial>([['310000', authority]]), clock: () => now });
  const agency = (roles: readonly ('case-handler' | 'auditor')[]) => {
    return { agencyId: freshAgencyId('310000'), province: '310000' as const, roles };
  };

  beforeEach(async () => {
    folder = temporaryFolder();
    authority = await createAuthority('ShanghaiMSP', 'shanghai', now);
    wallet = reopen();
  });

  it('makes other keys beside the first, and signs with the one that is named', async () => {
    const one = agency(['case-handler']);
    const first = await wallet.keyDigest(one.agencyId, one.province);
    const others = [await wallet.anotherKey(one.agencyId, one.province), await wallet.anotherKey(one.agencyId, one.province)];
    const digests = [first, ...others];
    expect(new Set(digests).size).toBe(3);
    for (const opened of [wallet, reopen()]) {
      expect(await opened.keyDigest(one.agencyId, one.province)).toBe(first);
      for (const keyDigest of digests) {
        expect(await opened.holds(one.agencyId, keyDigest)).toBe(true);
        const signer = await opened.signer({ ...one, keyDigest });
        const { publicKey } = new X509Certificate(signer.certificate);
        expect(keyDigestOf(publicKey.export({ type: 'spki', format: 'pem' }) as string)).toBe(keyDigest);
        expect(attributesOf(signer.certificate)).toEqual({ agency: one.agencyId, roles: 'case-handler' });
        expect(verify('sha256', Buffer.from('m'), publicKey, await signer.sign(Buffer.from('m')))).toBe(true);
        expect(await opened.signer({ ...one, keyDigest })).toBe(signer);
      }
    }
    const own = join(folder, 'identities/ShanghaiMSP', one.agencyId);
    expect(readdirSync(own).sort()).toEqual(['certificate.pem', 'key.pem', ...others].sort());
    for (const digest of others) expect(statSync(join(own, digest, 'key.pem')).mode & 0o777).toBe(0o600);
  });

  it('has the first key still when it makes another before anybody asked for the first', async () => {
    const { agencyId } = agency([]);
    const another = await wallet.anotherKey(agencyId, '310000');
    expect(await wallet.keyDigest(agencyId, '310000')).not.toBe(another);
    expect(await wallet.holds(agencyId, another)).toBe(true);
  });

  it('takes nothing but a digest for the name of a key', async () => {
    const one = agency(['case-handler']);
    await wallet.signer(one);
    for (const name of ['..', '', 'f'.repeat(63), `../${one.agencyId}`])
      expect(await wallet.holds(one.agencyId, name)).toBe(false);
  });

  it('has all its certificates found, of whichever key', async () => {
    const one = agency(['case-handler']);
    expect(certificateFiles(folder, one)).toEqual([]);
    await wallet.signer(one);
    const keyDigest = await wallet.anotherKey(one.agencyId, one.province);
    expect(certificateFiles(folder, one)).toHaveLength(1);
    await wallet.signer({ ...one, keyDigest });
    expect(certificateFiles(folder, one)).toHaveLength(2);
  });
});
