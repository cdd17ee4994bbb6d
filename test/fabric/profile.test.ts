import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROVINCES } from '../../chaincode/provinces.js';
import { type FabricProfile, PROFILE_FORMAT, ProfileRefused, readProfile } from '../../network/fabric/profile.js';
import { type AuthorityMaterial, createAuthority } from '../../network/identity/authority.js';
import { certifiedFolder } from '../support/certified-folder.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

describe('a connection profile', () => {
  let folder = '';
  let authority: AuthorityMaterial;
  let profile: FabricProfile;

  beforeAll(async () => {
    folder = temporaryFolder();
    authority = await createAuthority('ShanghaiMSP', 'shanghai', Date.now());
    mkdirSync(join(folder, 'ca'));
    writeFileSync(join(folder, 'ca/certificate.pem'), authority.certificate);
    writeFileSync(join(folder, 'ca/key.pem'), authority.privateKey);
    await certifiedFolder(join(folder, 'reader'), authority);
    await certifiedFolder(join(folder, 'peer'), authority, 'peer');
    await certifiedFolder(join(folder, 'stranger'), await createAuthority('ShanghaiMSP', 'shanghai', Date.now()));
    const node = { address: '127.0.0.1:7051', tlsName: 'node' };
    profile = {
      format: PROFILE_FORMAT,
      channel: 'delta',
      chaincode: 'trust',
      home: '310000',
      provinces: PROVINCES.map(({ code, mspId }) => ({
        code,
        mspId,
        roots: ['ca/certificate.pem'],
        tlsRoots: ['ca/certificate.pem'],
        peer: node,
        orderer: node,
      })),
      authorities: { '310000': 'ca' },
      reader: 'reader',
      wallet: 'wallet',
    };
  });

  function faultsOf(content: unknown): readonly string[] {
    const file = join(folder, 'profile.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    try {
      readProfile(file);
    } catch (error) {
      if (error instanceof ProfileRefused) return error.faults;
      throw error;
    }
    return [];
  }

  it('is refused with a reader whose certificate ran out, which would see no block', async () => {
    await certifiedFolder(join(folder, 'old'), authority, 'client', Date.now() - 3 * 86_400_000);
    expect(faultsOf({ ...profile, reader: 'old' })).toEqual([
      expect.stringMatching(/^\/reader: the certificate in .*old ran out on .*: rotate the reader and start again$/),
    ]);
  });

  it('is read with its files, which it names from its own folder', () => {
    expect(faultsOf(profile)).toEqual([]);
    const opened = readProfile(join(folder, 'profile.json'));
    expect(opened.home.mspId).toBe('ShanghaiMSP');
    expect(opened.wallet).toBe(join(folder, 'wallet'));
    expect(opened.provinces.map(({ roots }) => roots.length)).toEqual([1, 1, 1, 1]);
    expect([...opened.authorities]).toEqual([['310000', authority]]);
  });

  it('of another version is refused', () => {
    expect(faultsOf({ ...profile, format: 'yrd-fabric-profile/2' })).toEqual([expect.stringMatching(/^\/format: /)]);
  });

  it.each(['', '{', 'null'])('that is no profile is refused: %j', (content) => {
    expect(faultsOf(content).length).toBeGreaterThan(0);
  });

  it('that is not there is refused', () => {
    expect(() => readProfile(join(folder, 'none.json'))).toThrow(/there is no such file/);
  });

  it('is refused with all its faults together', () => {
    const [first, ...others] = profile.provinces;
    const broken = {
      ...profile,
      provinces: [...others, { ...first, roots: ['none.pem'] }],
      authorities: { '310000': 'ca', '320000': 'nowhere' },
      reader: 'nobody',
    };
    expect(faultsOf(broken)).toEqual([
      '/provinces: must be 310000 ShanghaiMSP, 320000 JiangsuMSP, 330000 ZhejiangMSP, 340000 AnhuiMSP, in this order',
      expect.stringMatching(/^\/provinces\/3\/roots\/0: ENOENT/),
      expect.stringMatching(
        /^\/authorities\/320000: .*lost its key or certificate.*; or, where a signing process has it .*leave 320000 out of authorities and give SIGNER_SOCKET$/,
      ),
      expect.stringMatching(/^\/reader: .*lost its key or certificate/),
    ]);
  });

  it.each([
    ['stranger', "no certificate of ShanghaiMSP's authority"],
    ['ca', "no certificate of ShanghaiMSP's authority"],
    ['peer', "the certificate of ShanghaiMSP's peer"],
  ])('is refused with a reader that is no client of home’s province: %s', (reader, found) => {
    expect(faultsOf({ ...profile, reader })).toEqual([
      `/reader: ${reader} holds ${found}: name the folder of a client of home's province`,
    ]);
  });

  it('is refused with a field that nobody knows, and with an address that is none', () => {
    expect(faultsOf({ ...profile, user: 'admin' }).join()).toMatch(/\/user/);
    const [first, ...others] = profile.provinces;
    const peer = { ...first?.peer, address: 'https://127.0.0.1' };
    expect(faultsOf({ ...profile, provinces: [{ ...first, peer }, ...others] }).join()).toMatch(
      /^\/provinces\/0\/peer\/address: /,
    );
  });
});
