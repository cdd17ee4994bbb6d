import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { exportJWK, SignJWT } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authentication, principalOf } from '../../api/auth/authentication.js';
import { LOCAL_AUDIENCE, LOCAL_ISSUER, type LocalIssuer, openLocalIssuer } from '../../api/auth/local-issuer.js';
import { createTokenVerifier } from '../../api/auth/token-verifier.js';
import { Unauthenticated } from '../../api/auth/unauthenticated.js';
import type { AgencyRecord } from '../../chaincode/transactions/registry/agency.js';
import { freshAgencyId } from '../support/contract-world.js';

const NOW = Date.parse('2026-11-02T08:00:00Z');
const SECONDS = NOW / 1000;

function agencyRecord(agencyId: string, changes: Partial<AgencyRecord> = {}): AgencyRecord {
  return {
    agencyId,
    name: { zh: '机构' },
    divisionCode: '310000',
    province: '310000',
    kind: 'department',
    roles: ['case-handler', 'data-user'],
    status: 'active',
    keyDigest: '0'.repeat(64),
    recordedAt: '2026-11-01T00:00:00.000Z',
    ...changes,
  };
}

describe('authentication by bearer token', () => {
  const folder = mkdtempSync(join(tmpdir(), 'issuer-'));
  const agencyId = freshAgencyId('310000');
  const register = new Map<string, AgencyRecord>();
  let now = NOW;
  let issuer: LocalIssuer;
  let privateKey: KeyObject;
  let kid: string;
  let app: FastifyInstance;

  beforeAll(async () => {
    issuer = await openLocalIssuer(folder);
    privateKey = createPrivateKey(readFileSync(join(folder, 'signing-key.pem'), 'utf8'));
    const token = await issuer.mint({ agencyId, province: '310000', roles: [], operator: 'x', minutes: 1 }, NOW);
    kid = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid;
    app = Fastify();
    app.setErrorHandler((error, _request, reply) => {
      if (!(error instanceof Unauthenticated)) throw error;
      return reply.code(401).send({ code: error.code });
    });
    await app.register(authentication, {
      verifyToken: createTokenVerifier(issuer.trust, () => now),
      findAgency: async (id) => register.get(id),
      operatorKey: issuer.operatorKey,
    });
    app.get('/me', async (request) => principalOf(request));
    await app.ready();
  });

  beforeEach(() => {
    now = NOW;
    register.clear();
    register.set(agencyId, agencyRecord(agencyId));
  });

  const mint = (minutes = 60, operator = 'li.wei') =>
    issuer.mint({ agencyId, province: '310000', roles: ['case-handler', 'registrar'], operator, minutes }, NOW);
  const ask = async (authorization: string | string[] | undefined) => {
    const response = await app.inject({ url: '/me', headers: authorization === undefined ? {} : ({ authorization } as never) });
    return { status: response.statusCode, ...response.json() };
  };
  const REFUSED = { status: 401, code: 'auth.invalid' };

  /** A token of the issuer's own key, good unless something is changed. */
  function forge(
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
    key: KeyObject | Uint8Array = privateKey,
  ) {
    const full = {
      iss: LOCAL_ISSUER,
      aud: LOCAL_AUDIENCE,
      sub: 'li.wei',
      jti: randomUUID(),
      iat: SECONDS,
      exp: SECONDS + 600,
      agency: agencyId,
      province: '310000',
      roles: ['case-handler'],
      ...claims,
    };
    return new SignJWT(JSON.parse(JSON.stringify(full)))
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, ...header } as never)
      .sign(key, { crit: { exp2: false } });
  }
  const askForged = async (...parts: Parameters<typeof forge>) => ask(`Bearer ${await forge(...parts)}`);

  it('admits the agency with the roles that both token and record name', async () => {
    expect(await ask(`Bearer ${await mint()}`)).toEqual({
      status: 200,
      agencyId,
      province: '310000',
      roles: ['case-handler'],
      withheld: ['data-user'],
      keyDigest: '0'.repeat(64),
      operator: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await askForged()).toMatchObject({ status: 200, agencyId });
  });

  it('shows one operator under one handle, which is not the name', async () => {
    const first = await ask(`Bearer ${await mint()}`);
    expect((await ask(`Bearer ${await mint(5)}`)).operator).toBe(first.operator);
    expect((await ask(`Bearer ${await mint(5, 'wang.fang')}`)).operator).not.toBe(first.operator);
  });

  it('asks for a token where there is none', async () => {
    expect(await ask(undefined)).toEqual({ status: 401, code: 'auth.missing' });
    const response = await app.inject({ url: `/me?access_token=${await mint()}` });
    expect([response.statusCode, response.json().code, response.headers['www-authenticate']]).toEqual([
      401,
      'auth.missing',
      'Bearer',
    ]);
  });

  it.each([
    ['no scheme', (token: string) => token],
    ['another scheme', (token: string) => `Basic ${token}`],
    ['an empty token', () => 'Bearer '],
    ['an empty header', () => ''],
    ['a stripped signature', (token: string) => `Bearer ${token.slice(0, token.lastIndexOf('.') + 1)}`],
    ['a header and claims alone', (token: string) => `Bearer ${token.slice(0, token.lastIndexOf('.'))}`],
    [
      'one changed character in the signature',
      (token: string) => `Bearer ${token.slice(0, -8)}${token.at(-8) === 'A' ? 'B' : 'A'}${token.slice(-7)}`,
    ],
    ['two tokens in one header', (token: string) => `Bearer ${token}, Bearer ${token}`],
    ['a token too long to read', (token: string) => `Bearer ${'A'.repeat(5000)}${token}`],
  ])('refuses %s', async (_name, change) => {
    expect(await ask(change(await mint()))).toEqual(REFUSED);
  });

  it('refuses two Authorization headers, the same or not', async () => {
    await app.listen({ port: 0, host: '127.0.0.1' });
    const token = await mint();
    const address = app.server.address() as { port: number };
    const send = (headers: string[]) =>
      new Promise<number>((resolve, reject) => {
        request({ port: address.port, path: '/me', headers: ['Host', 'localhost', ...headers] }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        })
          .on('error', reject)
          .end();
      });
    expect(await send(['Authorization', `Bearer ${token}`])).toBe(200);
    expect(await send(['Authorization', `Bearer ${token}`, 'authorization', `Bearer ${token}`])).toBe(401);
    expect(await send(['Authorization', `Bearer ${token}`, 'Authorization', 'Basic eDp5'])).toBe(401);
  });

  it('refuses an unsigned token', async () => {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = (await mint()).split('.')[1];
    expect(await ask(`Bearer ${encode({ alg: 'none', typ: 'at+jwt', kid })}.${claims}.`)).toEqual(REFUSED);
    expect(await ask(`Bearer ${encode({ alg: 'none', typ: 'at+jwt', kid })}.${claims}.AA`)).toEqual(REFUSED);
  });

  it('refuses HS256 with the public key for a secret', async () => {
    const publicKey = createPublicKey(privateKey);
    const secrets = [publicKey.export({ type: 'spki', format: 'pem' }) as string, JSON.stringify(await exportJWK(publicKey))];
    for (const secret of secrets) expect(await askForged({}, { alg: 'HS256' }, Buffer.from(secret))).toEqual(REFUSED);
  });

  it('refuses another key, whatever the header says about it', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = await exportJWK(other.publicKey);
    expect(await askForged({}, {}, other.privateKey)).toEqual(REFUSED);
    expect(await askForged({}, { jwk }, other.privateKey)).toEqual(REFUSED);
    expect(await askForged({}, { jku: 'https://127.0.0.1/keys' }, other.privateKey)).toEqual(REFUSED);
  });

  it.each([
    ['a key nobody published', {}, { kid: 'other' }],
    ['no key named', {}, { kid: undefined }],
    ['an ID token', {}, { typ: 'JWT' }],
    ['no type', {}, { typ: undefined }],
    ['a critical extension that nobody here knows', {}, { crit: ['exp2'], exp2: 1 }],
    ['another issuer', { iss: 'https://login.example.org' }, {}],
    ['another audience', { aud: 'urn:other' }, {}],
    ['this audience among others', { aud: [LOCAL_AUDIENCE, 'urn:other'] }, {}],
    ['expiry past the skew', { iat: SECONDS - 600, exp: SECONDS - 60 }, {}],
    ['a start beyond the skew', { nbf: SECONDS + 61 }, {}],
    ['issue in the future', { iat: SECONDS + 61, exp: SECONDS + 120 }, {}],
    ['no expiry', { exp: undefined }, {}],
    ['no time of issue', { iat: undefined }, {}],
    ['no token id', { jti: undefined }, {}],
    ['nobody at the keyboard', { sub: '' }, {}],
    ['a lifetime beyond a day', { exp: SECONDS + 86_401 }, {}],
    ['an agency whose check character does not hold', { agency: '113100000000000001' }, {}],
    ['an agency nobody registered', { agency: freshAgencyId('310000') }, {}],
    ['another province than the record', { province: '320000' }, {}],
    ['a province that is none', { province: '110000' }, {}],
    ['a role that is none', { roles: ['root'] }, {}],
    ['roles as text', { roles: 'case-handler' }, {}],
  ])('refuses %s', async (_name, claims, header) => {
    expect(await askForged(claims, header)).toEqual(REFUSED);
  });

  it('bears a minute of skew, on both sides', async () => {
    expect(await askForged({ iat: SECONDS - 600, exp: SECONDS - 59 })).toMatchObject({ status: 200 });
    expect(await askForged({ nbf: SECONDS + 60 })).toMatchObject({ status: 200 });
  });

  it('refuses a token it has admitted before, once that has expired', async () => {
    const token = `Bearer ${await mint(10)}`;
    expect(await ask(token)).toMatchObject({ status: 200 });
    now = NOW + 11 * 60_000;
    expect(await ask(token)).toEqual(REFUSED);
  });

  it('follows the record at once: roles taken, agency deactivated', async () => {
    const token = `Bearer ${await mint()}`;
    register.set(agencyId, agencyRecord(agencyId, { roles: ['data-user'] }));
    expect(await ask(token)).toMatchObject({ status: 200, roles: [] });
    register.set(agencyId, agencyRecord(agencyId, { status: 'inactive' }));
    expect(await ask(token)).toEqual(REFUSED);
  });

  it('refuses a token that is bound to a client certificate, over a connection without it', async () => {
    expect(await askForged({ cnf: { 'x5t#S256': 'A'.repeat(43) } })).toEqual(REFUSED);
    expect(await askForged({ cnf: { 'x5t#S256': '' } })).toMatchObject({ status: 401 });
  });

  it('says the same of every wrong token', async () => {
    const bodies = new Set<string>();
    for (const claims of [{ iss: 'x' }, { exp: 1 }, { agency: freshAgencyId('310000') }])
      bodies.add(JSON.stringify(await askForged(claims)));
    expect([...bodies]).toEqual([JSON.stringify(REFUSED)]);
  });
});
