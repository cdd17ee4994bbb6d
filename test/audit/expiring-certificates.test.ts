import { beforeAll, describe, expect, it } from 'vitest';
import { ExpiringCertificates } from '../../network/audit/expiring-certificates.js';
import { type AuthorityMaterial, createAuthority, generateKeyPair, issueCertificate } from '../../network/identity/authority.js';
import type { ChannelInForce } from '../../network/identity/in-force.js';
import { type Member, Membership } from '../../network/identity/msp.js';

const DAY = 86_400_000;
const NOW = Date.UTC(2027, 0, 1);

describe('certificates that run out', () => {
  let authority: AuthorityMaterial;
  let membership: Membership;
  beforeAll(async () => {
    authority = await createAuthority('ShanghaiMSP', 'shanghai', NOW);
    membership = new Membership(new Map([['ShanghaiMSP', authority.certificate]]));
  });
  /** Nothing that the channel names itself runs out. */
  const channel = (members = membership) =>
    ({ configuration: { members: new Map() }, consenters: [], membership: members }) as unknown as ChannelInForce;

  const member = async (unit: 'client' | 'peer', commonName: string, days: number, issued = NOW): Promise<Member> => {
    const { publicKey } = await generateKeyPair();
    const certificate = await issueCertificate(authority, { commonName, unit, publicKey, days, now: issued });
    return membership.of({ mspId: 'ShanghaiMSP', certificate }) as Member;
  };
  const seen = (...members: readonly Member[]) => {
    const certificates = new ExpiringCertificates();
    certificates.see(members);
    return certificates;
  };

  it('are told once each, by whose they are and until when', async () => {
    const certificates = seen(await member('peer', 'peer.shanghai', 20), await member('client', '11310000MB0D00011X', 10));
    expect(certificates.look(channel(), NOW, 30)).toEqual([
      "the certificate of ShanghaiMSP's peer peer.shanghai has 20 days left, until 2027-01-21T00:00:00.000Z: renew it",
      "the certificate of ShanghaiMSP's client 11310000MB0D00011X has 10 days left, until 2027-01-11T00:00:00.000Z: renew it",
    ]);
    expect(certificates.look(channel(), NOW + DAY, 30)).toEqual([]);
  });

  it('are told too when they ran out already', async () => {
    const certificates = seen(await member('peer', 'peer.shanghai', 20));
    expect(certificates.look(channel(), NOW + 21 * DAY, 30)).toEqual([expect.stringContaining('ran out on 2027-01-21')]);
  });

  it('are not told while they have the days, a caller’s half as many, for his wallet renews it', async () => {
    const certificates = seen(await member('peer', 'peer.shanghai', 30), await member('client', 'an agency', 15));
    expect(certificates.look(channel(), NOW, 30)).toEqual([]);
    expect(certificates.look(channel(), NOW + 1, 30)).toHaveLength(2);
  });

  it('are not told once a newer one of the same name was seen, in whatever order and whichever lasts longer', async () => {
    const [old, renewed] = [await member('client', 'an agency', 10), await member('client', 'an agency', 365)];
    for (const both of [
      [old, renewed],
      [renewed, old],
    ])
      expect(seen(...both).look(channel(), NOW, 30)).toEqual([]);
    const shorter = await member('client', 'an agency', 8, NOW + DAY);
    expect(seen(renewed, shorter).look(channel(), NOW + DAY, 30)).toEqual([expect.stringContaining('until 2027-01-10')]);
    const namesake = await member('client', 'another agency', 365);
    expect(seen(old, namesake).look(channel(), NOW, 30)).toHaveLength(1);
  });

  it('are told again of the next one of the same name', async () => {
    const certificates = seen(await member('peer', 'peer.shanghai', 20));
    expect(certificates.look(channel(), NOW, 30)).toHaveLength(1);
    certificates.see([await member('peer', 'peer.shanghai', 60)]);
    expect(certificates.look(channel(), NOW, 30)).toEqual([]);
    expect(certificates.look(channel(), NOW + 40 * DAY, 30)).toEqual([expect.stringContaining('has 20 days left')]);
  });

  it('are not told when the channel does not know them any more', async () => {
    const other = await createAuthority('ShanghaiMSP', 'shanghai', NOW);
    const without = new Membership(new Map([['ShanghaiMSP', other.certificate]]));
    expect(seen(await member('peer', 'peer.shanghai', 20)).look(channel(without), NOW, 30)).toEqual([]);
  });

  it('are those of the thousands that were seen last', async () => {
    const [one, lasting] = [await member('peer', 'peer.shanghai', 20), await member('client', 'an agency', 365)];
    const others = Array.from({ length: 4096 }, (_, index) => ({ ...lasting, subject: `CN=${index}` }));
    expect(seen(one, ...others.slice(1)).look(channel(), NOW, 30)).toHaveLength(1);
    expect(seen(one, ...others).look(channel(), NOW, 30)).toEqual([]);
    expect(seen(one, ...others.slice(1), one, ...others.slice(0, 1)).look(channel(), NOW, 30)).toHaveLength(1);
  });
});
