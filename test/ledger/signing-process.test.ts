import { createHash, verify, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROVINCES, type ProvinceCode } from '../../chaincode/provinces.js';
import { draftProposal, signProposal } from '../../network/client.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { type AuthorityMaterial, createAuthority, keyDigestOf } from '../../network/identity/authority.js';
import { openProvince } from '../../network/identity/province.js';
import { SigningDesk } from '../../network/identity/signing/desk.js';
import { FRAME_LIMIT } from '../../network/identity/signing/messages.js';
import { SigningRate } from '../../network/identity/signing/rate.js';
import { openRemoteWallet, type RemoteWallet } from '../../network/identity/signing/remote-wallet.js';
import { type SigningServer, serveSigning } from '../../network/identity/signing/server.js';
import { openWallet } from '../../network/identity/wallet.js';
import { freshAgencyId } from '../support/contract-world.js';
import { copyOf, foundedFolder, register, removeTemporaryFolders, temporaryFolder } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

/** a digest that no key has */
const UNKNOWN = 'f'.repeat(64);

describe('a wallet behind the signing process’s socket', () => {
  let folder: string;
  let socket: string;
  let now: number;
  let authority: AuthorityMaterial;
  let server: SigningServer;
  let wallet: RemoteWallet;
  let told: string[];
  const perSecond = 5;

  const start = () => {
    const authorities = new Map<ProvinceCode, AuthorityMaterial>([['310000', authority]]);
    const clock = () => now;
    const deps = { wallet: openWallet({ folder, authorities, clock }), clock, log: (message: string) => told.push(message) };
    return serveSigning(socket, new SigningDesk({ ...deps, rate: new SigningRate(perSecond, clock) }));
  };

  beforeEach(async () => {
    folder = temporaryFolder();
    socket = join(folder, 'signer.sock');
    now = Date.parse('2026-11-02T00:00:00Z');
    told = [];
    authority = await createAuthority('ShanghaiMSP', 'shanghai', now);
    server = await start();
    wallet = openRemoteWallet(socket);
  });
  afterEach(async () => {
    wallet.close();
    await server.close();
  });

  const agency = () => ({ agencyId: freshAgencyId('310000'), province: '310000' as const, roles: ['case-handler'] as const });

  it('makes keys, certificates and signatures as the wallet itself does', async () => {
    const one = agency();
    expect(await wallet.holds(one.agencyId, UNKNOWN)).toBe(false);
    const digest = await wallet.keyDigest(one.agencyId, one.province);
    expect(await wallet.holds(one.agencyId, digest)).toBe(true);
    expect(await wallet.holds(one.agencyId, UNKNOWN)).toBe(false);
    const signer = await wallet.signer(one);
    const { publicKey } = new X509Certificate(signer.certificate);
    expect(
      createHash('sha256')
        .update(publicKey.export({ type: 'spki', format: 'der' }))
        .digest('hex'),
    ).toBe(digest);
    const draft = draftProposal({ signer, function: 'ledger:GetCodeInfo', argument: '' }, now);
    const { bytes, signature } = await signProposal(signer, draft);
    expect(verify('sha256', bytes, publicKey, signature)).toBe(true);
    expect(verify('sha256', Buffer.concat([bytes, bytes]), publicKey, signature)).toBe(false);
  });

  it('makes another key, and signs with the one that is named', async () => {
    const one = agency();
    const first = await wallet.keyDigest(one.agencyId, one.province);
    const another = await wallet.anotherKey(one.agencyId, one.province);
    expect(another).not.toBe(first);
    for (const keyDigest of [first, another]) {
      expect(await wallet.holds(one.agencyId, keyDigest)).toBe(true);
      const { certificate } = await wallet.signer({ ...one, keyDigest });
      const spki = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'pem' });
      expect(keyDigestOf(spki as string)).toBe(keyDigest);
    }
  });

  it('gives one signer for one certificate, and another for other roles', async () => {
    const one = agency();
    const signer = await wallet.signer(one);
    expect(await wallet.signer(one)).toBe(signer);
    expect((await wallet.signer({ ...one, roles: ['auditor'] })).certificate).not.toBe(signer.certificate);
  });

  it('signs nothing that is no proposal, and tells its log', async () => {
    const signer = await wallet.signer(agency());
    const refused = { name: 'SigningRefused', message: expect.stringContaining('the signing process refuses: ') };
    await expect(signer.sign(Buffer.from('pay the bearer'))).rejects.toMatchObject(refused);
    expect(told).toEqual([expect.stringMatching(/^refused: sign for "11310000/)]);
  });

  it('signs no proposal in the name of another agency', async () => {
    const [mine, other] = [await wallet.signer(agency()), await wallet.signer(agency())];
    const { parts } = draftProposal({ signer: other, function: 'ledger:GetCodeInfo', argument: '' }, now);
    await expect(signProposal(mine, { parts, transactionId: '', timestamp: now })).rejects.toMatchObject({
      name: 'SigningRefused',
      message: expect.stringContaining('the creator is another identity'),
    });
  });

  it.each(['../../etc', '', '11310000MB0D3101X5'])(
    'makes no key for %j, and tells the caller nothing of folders',
    async (agencyId) => {
      await expect(wallet.keyDigest(agencyId, '310000')).rejects.toMatchObject({ message: expect.not.stringContaining(folder) });
      await expect(wallet.signer({ agencyId: freshAgencyId('320000'), province: '320000', roles: [] })).rejects.toMatchObject({
        name: 'SigningRefused',
      });
      expect(readdirSync(folder)).not.toContain('etc');
    },
  );

  it('signs no more often than the limit for one agency, and others all the same', async () => {
    const [busy, quiet] = [await wallet.signer(agency()), await wallet.signer(agency())];
    const one = (signer: typeof busy) =>
      signProposal(signer, draftProposal({ signer, function: 'ledger:GetCodeInfo', argument: '' }, now));
    for (let count = 1; count < 2 * perSecond; count += 1) await one(busy);
    await expect(one(busy)).rejects.toMatchObject({ name: 'LedgerUnavailable', message: expect.stringContaining('more often') });
    await one(quiet);
    now += 200;
    await one(busy);
    await expect(one(busy)).rejects.toMatchObject({ name: 'LedgerUnavailable' });
  });

  it('is unavailable while the process is not there, and works again when it is', async () => {
    const one = agency();
    const signer = await wallet.signer(one);
    await server.close();
    const gone = { name: 'LedgerUnavailable', message: expect.stringContaining('npm run signer') };
    await expect(wallet.signer(one)).rejects.toMatchObject(gone);
    await expect(wallet.holds(one.agencyId, UNKNOWN)).rejects.toMatchObject(gone);
    server = await start();
    const draft = draftProposal({ signer, function: 'ledger:GetCodeInfo', argument: '' }, now);
    await expect(signProposal(signer, draft)).rejects.toMatchObject({ message: expect.stringContaining('started anew') });
    expect(await wallet.signer(one)).toBe(signer);
    expect((await signProposal(signer, draft)).signature.length).toBeGreaterThan(60);
  });

  const dropped = (bytes: Buffer) =>
    new Promise<number>((resolve, reject) => {
      let answered = 0;
      const stranger = connect(socket, () => stranger.write(bytes));
      stranger.on('data', (chunk) => {
        answered += chunk.length;
      });
      stranger.once('close', () => resolve(answered)).once('error', reject);
    });

  it.each([
    ['no request', Buffer.from([0, 0, 0, 2, 0xff, 0xff])],
    ['a kind that there is not', Buffer.from([0, 0, 0, 2, 0x10, 0x09])],
    ['more than the limit', Buffer.from([0x7f, 0xff, 0xff, 0xff])],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('answers nothing to %s, hangs up, and goes on with others', async (_name, bytes) => {
    expect(bytes.readUInt32BE() > FRAME_LIMIT || bytes.length === 6).toBe(true);
    expect(await dropped(bytes)).toBe(0);
    expect(await wallet.holds(freshAgencyId('310000'), UNKNOWN)).toBe(false);
  });

  it('is its own user’s alone', async () => {
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    const open = temporaryFolder();
    chmodSync(open, 0o755);
    const path = join(open, 'signer.sock');
    const desk = {} as SigningDesk;
    await expect(serveSigning(path, desk)).rejects.toMatchObject({ message: expect.stringContaining('for this user only') });
    expect(existsSync(path)).toBe(false);
  });

  it('takes no other’s socket or file, and the path of one that died', async () => {
    await expect(start()).rejects.toMatchObject({ name: 'DataFolderRefused', reason: 'busy' });
    const file = join(folder, 'file');
    writeFileSync(file, 'mine');
    await expect(serveSigning(file, {} as SigningDesk)).rejects.toMatchObject({ message: expect.stringContaining('no socket') });
    await server.close();
    server = await start();
    expect(await wallet.holds(freshAgencyId('310000'), UNKNOWN)).toBe(false);
  });
});

describe('a ledger whose agencies’ keys are in the signing process', () => {
  it('takes their writes, and has no key in its own folder', async () => {
    const founded = await foundedFolder();
    const [folder, keys] = [copyOf(founded), copyOf(founded)];
    rmSync(join(folder, 'identities'), { recursive: true });
    const provinces = await Promise.all(PROVINCES.map((province) => openProvince(keys, province, Date.now(), false)));
    const authorities = new Map(provinces.map(({ province, authority }) => [province.code, authority]));
    const deps = { wallet: openWallet({ folder: keys, authorities, clock: Date.now }), clock: Date.now, log: () => {} };
    const socket = join(temporaryFolder(), 'signer.sock');
    const server = await serveSigning(socket, new SigningDesk({ ...deps, rate: new SigningRate(400, Date.now) }));
    const wallet = openRemoteWallet(socket);
    const { ledger, registrars } = await openEmbedded({ folder, wallet });
    const committed = await register({ ledger, wallet, registrars });
    expect(committed.endorsers).toHaveLength(3);
    expect(existsSync(join(folder, 'identities'))).toBe(false);
    await ledger.close();
    wallet.close();
    await server.close();
  });
});
