import { describe, expect, it } from 'vitest';
import { PROVINCES } from '../../chaincode/provinces.js';
import type { NetworkStatus } from '../../network/operation/status.js';
import { statusText } from '../../scripts/network/status-text.js';

function statusWith(ordererHeights: readonly (number | null)[], orderer: number | null = 4711): NetworkStatus {
  const provinces = PROVINCES.map(({ code, slug }, index) => ({
    code,
    slug,
    processes: { orderer, peer: 4712, chaincode: 4713 },
    peerHeight: 20,
    ordererHeight: ordererHeights[index] ?? null,
    codeDigest: 'c0de'.repeat(16),
    certificateDays: 300,
    certificate: 'admin/tls/certificate.pem',
  }));
  return { folder: '/net', healthy: false, leader: 'shanghai', provinces };
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

  it('says nothing of one that is a single block behind, which it gets with the next', () => {
    expect(lastLine(statusWith([20, 20, 20, 19]))).toMatch(/^anhui +4711 +19 /);
  });

  it('says nothing of the kind of an orderer that does not answer', () => {
    expect(lastLine(statusWith([20, 20, 20, null]))).toMatch(/^anhui +4711 +– /);
  });
});
