import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalIssuer, openLocalIssuer } from '../../api/auth/local-issuer.js';
import { openRevokedTokens, revokeTokens } from '../../api/auth/revoked-tokens.js';
import { createTokenVerifier } from '../../api/auth/token-verifier.js';
import { freshAgencyId } from '../support/contract-world.js';

let folder: string;
let issuer: LocalIssuer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'revoked-'));
  issuer = await openLocalIssuer(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

it('a token that was taken back, and those that an operator had, are refused within a minute; others are not', async () => {
  let now = Date.now();
  const agencyId = freshAgencyId('310000');
  const mint = (operator: string) =>
    issuer.mint({ agencyId, province: '310000', roles: ['case-handler'], operator, minutes: 60 }, now);
  const clock = () => now;
  const verify = createTokenVerifier(issuer.trust, clock, openRevokedTokens(folder, clock));
  const [lost, kept, zhao] = [await mint('li.wei'), await mint('li.wei'), await mint('zhao.min')];
  for (const token of [lost, kept, zhao]) expect(await verify(token)).toMatchObject({ agencyId });

  const { jti } = JSON.parse(Buffer.from(lost.split('.')[1] ?? '', 'base64url').toString());
  revokeTokens(folder, { jti }, now);
  revokeTokens(folder, { sub: 'zhao.min' }, now);
  now += 60_000;
  for (const token of [lost, zhao]) await expect(verify(token)).rejects.toMatchObject({ code: 'auth.invalid' });
  for (const token of [kept, await mint('zhao.min')]) expect(await verify(token)).toMatchObject({ agencyId });

  // What has run out by itself is not kept.
  revokeTokens(folder, { jti: 'another' }, now + 25 * 60 * 60_000);
  expect(readFileSync(join(folder, 'revoked.ndjson'), 'utf8').trim().split('\n')).toHaveLength(1);
});
