import { describe, expect, it } from 'vitest';
import { PROVINCES } from '../../chaincode/provinces.js';
import { behind, highest } from '../../network/operation/health.js';
import type { NetworkStatus, ProvinceStatus } from '../../network/operation/status.js';
import { statusText } from '../../scripts/network/status-text.js';

type Change = Partial<ProvinceStatus>;

function statusWith(
  ordererHeights: readonly (number | null)[],
  orderer: number | null = 4711,
  change: Change = {},
): NetworkStatus {
  const provinces = PROVINCES.map(({ code, slug }, index) => ({
    code,
    slug,
    processes: { orderer, peer: 4712, chaincode: 4713 },
    peerHeight: 20,
    ordererHeight: ordererHeights[index] ?? null,
    codeDigest: 'c0de'.repeat(16),
    certificateDays: 300,
    certificate: 'admin/tls/certificate.pem',
    expiring: [],
    ...(slug === 'anhui' ? change : {}),
  }));
  const found = { folder: '/net', healthy: false, leader: 'shanghai', provinces, others: [] };
  return { ...found, behind: behind(provinces, highest(provinces)) };
}

const lastLine = (status: NetworkStatus) => statusText(status).split('\n').at(-1) ?? '';

describe('the status for people', () => {
  it('has a line a province, and nothing more when all orderers have the same blocks', () => {
    expect(statusText(statusWith([20, 20, 20, 20])).split('\n')).toHaveLength(7);
    expect(lastLine(statusWith([20, 20, 20, 20]))).toMatch(/^anhui +4711 +20 +4712 +20 +4713 +c0dec0de/);
  });

  it('says of an orderer that is behind how far, and what to do when it stays there', () => {
    expect(lastLine(statusWith([20, 20, 7, 20]))).toBe(
      "zhejiang's orderer has 7 blocks of 20: it fetches the rest within 15 s; at the same height a minute later it stands still: end it (kill 4711) and run npm run network -- up, which is safe",
    );
    expect(lastLine(statusWith([20, 20, 7, 20], null))).toMatch(/it stands still: restart it, which is safe$/);
  });

  it('says the same of a peer', () => {
    expect(lastLine(statusWith([20, 20, 20, 20], 4711, { peerHeight: 19 }))).toBe(
      "anhui's peer has 19 blocks of 20: it fetches the rest within half a minute of its orderers being back; at the same height two minutes later something holds it: end it (kill 4712) and run npm run network -- up, which is safe",
    );
  });

  it('says nothing of one that is a single block behind, which it gets with the next', () => {
    expect(lastLine(statusWith([20, 20, 20, 19]))).toMatch(/^anhui +4711 +19 /);
  });

  it('says nothing of the kind of an orderer that does not answer', () => {
    expect(lastLine(statusWith([20, 20, 20, null]))).toMatch(/^anhui +4711 +– /);
  });

  it('says when too few orderers answer for anything to be ordered', () => {
    expect(lastLine(statusWith([20, 20, null, null]))).toBe(
      '2 of 4 orderers can be asked from here, and nothing is ordered with fewer than three: start what does not run, then look at the link and ask the other provinces',
    );
  });

  it('names the certificates that run out, and the command that renews each', () => {
    const expiring = [
      { certificate: 'peer/tls/certificate.pem', days: -2, renewedBy: 'peer-tls' as const },
      { certificate: 'orderer/tls/certificate.pem', days: 2, renewedBy: 'orderer-tls-same-key' as const },
      { certificate: 'msp/cacerts/root.pem', days: 6, renewedBy: null },
    ];
    expect(
      statusText(statusWith([20, 20, 20, 20], 4711, { expiring }))
        .split('\n')
        .slice(7),
    ).toEqual([
      "anhui's peer/tls/certificate.pem has run out: npm run network -- rotate anhui peer-tls",
      "anhui's orderer/tls/certificate.pem runs out within 3 days: npm run network -- rotate anhui orderer-tls-same-key",
      `anhui's msp/cacerts/root.pem runs out within 7 days: network/runbooks, "Certificates"`,
    ]);
  });

  it('has the provinces on other hosts with the blocks that they tell', () => {
    const status = statusWith([20, 20, 20, 20]);
    const [own, ...rest] = status.provinces as [ProvinceStatus, ...ProvinceStatus[]];
    const others = rest.map(({ slug, ordererHeight, peerHeight }) => ({ slug, ordererHeight, peerHeight }));
    expect(lastLine({ ...status, provinces: [own], others })).toMatch(/^anhui +– +20 +– +20 +– +on another host$/);
  });
});
