import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLocalIssuer } from '../../api/auth/local-issuer.js';
import { openRevokedTokens } from '../../api/auth/revoked-tokens.js';
import { createTokenVerifier } from '../../api/auth/token-verifier.js';
import { freshAgencyId } from '../support/contract-world.js';

const NOW = Date.parse('2026-11-02T08:00:00Z');
const REQUEST = { agencyId: freshAgencyId('310000'), province: '310000', roles: [], operator: 'li.wei', minutes: 60 } as const;

describe('the local issuer’s signing key', () => {
  it('is another after it was removed: earlier tokens count no more, and operators keep their handles', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'local-issuer-'));
    const verifies = async (token: string) => {
      const { trust } = await openLocalIssuer(folder);
      const verify = createTokenVerifier(
        trust,
        () => NOW,
        openRevokedTokens(folder, () => NOW),
      );
      return verify(token).then(
        () => true,
        () => false,
      );
    };
    const before = await openLocalIssuer(folder);
    const old = await before.mint(REQUEST, NOW);
    expect(await verifies(old)).toBe(true);
    rmSync(join(folder, 'signing-key.pem'));
    const after = await openLocalIssuer(folder);
    expect([await verifies(old), await verifies(await after.mint(REQUEST, NOW))]).toEqual([false, true]);
    expect(after.operatorKey).toEqual(before.operatorKey);
  });
});
