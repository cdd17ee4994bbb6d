import { generateKeyPairSync, sign, verify, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { isCreditCode } from '../../chaincode/identifiers/credit-code.js';
import type { ProvinceCode } from '../../chaincode/provinces.js';
import { type AuthorityMaterial, attributesOf, createAuthority, generateKeyPair } from '../../network/identity/authority.js';
import { SigningKey, VerifyingKey } from '../../network/identity/key.js';
import { hasLowS, lowS } from '../../network/identity/low-s.js';
import { openWallet, type Wallet } from '../../network/identity/wallet.js';
import { REGISTRARS } from '../../network/registrars.js';
import { freshAgencyId } from '../support/contract-world.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/ledger-world.js';

const DAY = 86_400_000;
afterAll(removeTemporaryFolders);

describe('the wallet', () => {
  let folder: string;
  let wallet: Wallet;
  let now: number;
  let authority: AuthorityMaterial;
  const reopen = () =>
    openWallet({ folder, authorities: new Map<ProvinceCode, AuthorityMaterial>([['310000', authority]]), clock: () => now });

  beforeEach(async () => {
    folder = temporaryFolder();
    now = Date.parse('2026-11-02T00:00:00Z');
    authority = await createAuthority('ShanghaiMSP', 'shanghai', now);
    wallet = reopen();
  });

  const agency = (roles: readonly ('case-handler' | 'auditor' | 'data-user')[]) => {
    const agencyId = freshAgencyId('310000');
    return { agencyId, province: '310000' as const, roles };
  };

  it('issues certificates that state agency and roles, under the province’s authority', async () => {
    const one = agency(['data-user', 'case-handler']);
    const { certificate, mspId } = await wallet.signer(one);
    expect(mspId).toBe('ShanghaiMSP');
    expect(attributesOf(certificate)).toEqual({ agency: one.agencyId, roles: 'case-handler,data-user' });
    expect(new X509Certificate(certificate).verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(new X509Certificate(certificate).subject).toContain('OU=client');
  });

  it('signs with the key of the certificate', async () => {
    const signer = await wallet.signer(agency(['case-handler']));
    const message = Buffer.from('message');
    const signature = await signer.sign(message);
    const { publicKey } = new X509Certificate(signer.certificate);
    expect(verify('sha256', message, publicKey, signature)).toBe(true);
    expect(verify('sha256', Buffer.from('other'), publicKey, signature)).toBe(false);
  });

  it('gives the same certificate for the same roles, in whatever order, also after a restart', async () => {
    const one = agency(['case-handler', 'data-user']);
    const { certificate } = await wallet.signer(one);
    expect((await wallet.signer({ ...one, roles: ['data-user', 'case-handler'] })).certificate).toBe(certificate);
    expect((await reopen().signer(one)).certificate).toBe(certificate);
  });

  it('issues another certificate under the same key when roles change', async () => {
    const one = agency(['case-handler']);
    const [before, after] = [await wallet.signer(one), await wallet.signer({ ...one, roles: ['auditor'] })];
    expect(attributesOf(after.certificate).roles).toBe('auditor');
    const keyOf = (certificate: string) => new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'pem' });
    expect(keyOf(after.certificate)).toBe(keyOf(before.certificate));
  });

  it('issues another certificate a month before the old one runs out', async () => {
    const one = agency(['case-handler']);
    const { certificate } = await wallet.signer(one);
    now += 334 * DAY;
    expect((await wallet.signer(one)).certificate).toBe(certificate);
    now += 2 * DAY;
    expect((await wallet.signer(one)).certificate).not.toBe(certificate);
  });

  it('makes one key for an agency, however many ask for it at once', async () => {
    const { agencyId } = agency([]);
    const digests = await Promise.all(Array.from({ length: 8 }, () => wallet.keyDigest(agencyId, '310000')));
    expect(new Set(digests).size).toBe(1);
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('knows whose keys it holds', async () => {
    const { agencyId } = agency([]);
    const unknown = 'f'.repeat(64);
    expect(await wallet.holds(agencyId, unknown)).toBe(false);
    const digest = await wallet.keyDigest(agencyId, '310000');
    for (const opened of [wallet, reopen()])
      expect([await opened.holds(agencyId, digest), await opened.holds(agencyId, unknown)]).toEqual([true, false]);
    await wallet.signer({ agencyId, province: '310000', roles: [] });
    expect([await wallet.holds(agencyId, digest), await wallet.holds(agencyId, unknown)]).toEqual([true, false]);
    expect(await wallet.holds('../ShanghaiMSP', digest)).toBe(false);
  });

  it('keeps private keys for their owner’s eyes and leaves no partial file', async () => {
    const one = agency(['case-handler']);
    await wallet.signer(one);
    const own = join(folder, 'identities/ShanghaiMSP', one.agencyId);
    expect(readdirSync(own).sort()).toEqual(['certificate.pem', 'key.pem']);
    expect(statSync(join(own, 'key.pem')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(own, 'key.pem'), 'utf8')).toContain('PRIVATE KEY');
  });

  it('makes no other key for an agency that lost the one it had', async () => {
    const one = agency(['case-handler']);
    await wallet.signer(one);
    const key = join(folder, 'identities/ShanghaiMSP', one.agencyId, 'key.pem');
    rmSync(key);
    const refused = { name: 'DataFolderRefused', reason: 'damaged', message: expect.stringContaining('lost its key') };
    await expect(reopen().signer(one)).rejects.toMatchObject(refused);
    await expect(reopen().keyDigest(one.agencyId, one.province)).rejects.toMatchObject(refused);
    expect(existsSync(key)).toBe(false);
  });

  it('signs nothing with a key that is not the certificate’s, and issues none for it', async () => {
    const one = agency(['case-handler']);
    const { certificate } = await wallet.signer(one);
    const own = join(folder, 'identities/ShanghaiMSP', one.agencyId);
    writeFileSync(join(own, 'key.pem'), (await generateKeyPair()).privateKey);
    for (const roles of [one.roles, ['auditor'] as const])
      await expect(reopen().signer({ ...one, roles })).rejects.toMatchObject({
        name: 'DataFolderRefused',
        message: expect.stringContaining('do not belong together'),
      });
    expect(readFileSync(join(own, 'certificate.pem'), 'utf8')).toBe(certificate);
  });

  it.each(['../../etc', 'a/b', '', '11310000MB0D3101X5'])(
    'takes no path and no invalid code for an agency: %j',
    async (agencyId) => {
      await expect(wallet.keyDigest(agencyId, '310000')).rejects.toThrow('not an agency id');
      expect(existsSync(join(folder, 'identities'))).toBe(false);
    },
  );

  it('issues nothing for a province whose authority it has not', async () => {
    await expect(wallet.signer({ agencyId: freshAgencyId('320000'), province: '320000', roles: [] })).rejects.toThrow(
      'no authority of 320000',
    );
  });
});

describe('the registrars of genesis', () => {
  it('are four, with valid codes of their provinces that read as nobody’s number', () => {
    expect(REGISTRARS.map(({ province }) => province)).toEqual(['310000', '320000', '330000', '340000']);
    for (const { province, agencyId } of REGISTRARS) {
      expect(isCreditCode(agencyId)).toBe(true);
      expect(agencyId.slice(2, 8)).toBe(province);
      expect(agencyId).toMatch(/[A-Z]/);
    }
  });
});

describe('signatures', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const key = new VerifyingKey(publicKey.export({ type: 'spki', format: 'der' }));

  it('always have the lower s and always hold', async () => {
    const signer = new SigningKey(pem);
    const messages = Array.from({ length: 64 }, (_, index) => Buffer.from(`message ${index}`));
    const signatures = await Promise.all(messages.map((message) => signer.sign(message)));
    for (const [index, signature] of signatures.entries()) {
      expect(hasLowS(signature)).toBe(true);
      expect(verify('sha256', messages[index] as Buffer, publicKey, signature)).toBe(true);
    }
  });

  it('each belong to their own message, however many keys and messages there are at once', async () => {
    const signers = Array.from(
      { length: 5 },
      () =>
        new SigningKey(
          generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        ),
    );
    signers.push(new SigningKey(pem));
    const work = Array.from({ length: 300 }, (_, index) => ({
      message: Buffer.alloc(index * 7, index),
      signer: signers[index % 6] as SigningKey,
    }));
    const signatures = await Promise.all(work.map(({ message, signer }) => signer.sign(message)));
    const verdicts = await Promise.all(work.map(({ message }, index) => key.verify(message, signatures[index] as Buffer)));
    expect(verdicts).toEqual(work.map((_, index) => index % 6 === 5));
  });

  it('are brought to the lower s and still hold', () => {
    const message = Buffer.from('message');
    let high = sign('sha256', message, privateKey);
    while (hasLowS(high)) high = sign('sha256', message, privateKey);
    expect(hasLowS(lowS(high))).toBe(true);
    expect(verify('sha256', message, publicKey, lowS(high))).toBe(true);
  });

  it('are refused for another message, cut short, or none at all, without an exception', async () => {
    const message = Buffer.from('message');
    const signature = sign('sha256', message, privateKey);
    expect(await key.verify(message, signature)).toBe(true);
    expect(await key.verify(Buffer.from('other'), signature)).toBe(false);
    expect(await key.verify(message, signature.subarray(0, -1))).toBe(false);
    expect(await key.verify(message, Buffer.alloc(0))).toBe(false);
    for (const bytes of [Buffer.alloc(0), Buffer.from([0x30, 0]), Buffer.concat([signature, Buffer.from([0])])])
      expect(hasLowS(bytes)).toBe(false);
  });
});
