import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLocalIssuer } from '../../api/auth/local-issuer.js';
import { createTokenVerifier } from '../../api/auth/token-verifier.js';
import { freshAgencyId } from '../support/contract-world.js';

const NOW = Date.parse('2026-11-02T08:00:00Z');

describe('the local issuer', () => {
  it('keeps its keys to itself and finds them again', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'issuer-')), 'issuer');
    const first = await openLocalIssuer(folder);
    expect(statSync(join(folder, 'signing-key.pem')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'operator.key')).mode & 0o777).toBe(0o600);
    const again = await openLocalIssuer(folder);
    expect(again.operatorKey).toEqual(first.operatorKey);
    const agencyId = freshAgencyId('320000');
    const token = await first.mint({ agencyId, province: '320000', roles: ['auditor'], operator: 'a', minutes: 5 }, NOW);
    expect(await createTokenVerifier(again.trust, () => NOW)(token)).toMatchObject({ agencyId, roles: ['auditor'] });
    const stranger = await openLocalIssuer(mkdtempSync(join(tmpdir(), 'issuer-')));
    await expect(createTokenVerifier(stranger.trust, () => NOW)(token)).rejects.toMatchObject({ code: 'auth.invalid' });
  });

  it('mints nothing that lives longer than a day, or not at all', async () => {
    const issuer = await openLocalIssuer(mkdtempSync(join(tmpdir(), 'issuer-')));
    const mint = (minutes: number) => async () =>
      issuer.mint({ agencyId: freshAgencyId('310000'), province: '310000', roles: [], operator: 'a', minutes }, NOW);
    await expect(mint(1441)).rejects.toThrow(RangeError);
    await expect(mint(0)).rejects.toThrow(RangeError);
    await expect(mint(Number.NaN)).rejects.toThrow(RangeError);
  });
});
