import { createHash, createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authentication, principalOf } from '../../api/auth/authentication.js';
import { openLocalIssuer } from '../../api/auth/local-issuer.js';
import { createTokenVerifier } from '../../api/auth/token-verifier.js';
import { Unauthenticated } from '../../api/auth/unauthenticated.js';
import type { AgencyRecord } from '../../chaincode/transactions/registry/agency.js';
import {
  type AuthorityMaterial,
  createAuthority,
  generateKeyPair,
  issueCertificate,
  type KeyPair,
  keyDigestOf,
} from '../../network/identity/authority.js';
import { freshAgencyId } from '../support/contract-world.js';

interface Shown {
  readonly certificate: string;
  readonly privateKey: string;
}

describe('authentication by client certificate', () => {
  const agencyId = freshAgencyId('310000');
  const register = new Map<string, AgencyRecord>();
  let shanghai: AuthorityMaterial;
  let anhui: AuthorityMaterial;
  let keys: KeyPair;
  let app: FastifyInstance;
  let port: number;
  let bind: (thumbprint: string) => Promise<string>;

  async function certificateFor(authority: AuthorityMaterial, attributes: Record<string, string>, pair = keys): Promise<Shown> {
    const { publicKey, privateKey } = pair;
    const certificate = await issueCertificate(authority, {
      commonName: 'client',
      unit: 'client',
      publicKey,
      attributes,
      days: 30,
      now: Date.now(),
    });
    return { certificate, privateKey };
  }

  beforeAll(async () => {
    shanghai = await createAuthority('ShanghaiMSP', 'shanghai', Date.now());
    anhui = await createAuthority('AnhuiMSP', 'anhui', Date.now());
    keys = await generateKeyPair();
    const server = await certificateFor(shanghai, {}, await generateKeyPair());
    const issuer = await openLocalIssuer(mkdtempSync(join(tmpdir(), 'issuer-')));
    const pair = await generateKeyPair();
    bind = (thumbprint) =>
      new SignJWT({ agency: agencyId, province: '310000', roles: ['data-user'], cnf: { 'x5t#S256': thumbprint } })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k' })
        .setIssuer(issuer.trust.issuer)
        .setAudience(issuer.trust.audience)
        .setSubject('s')
        .setJti('j')
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(createPrivateKey(pair.privateKey));
    app = Fastify({
      https: {
        cert: server.certificate,
        key: server.privateKey,
        ca: [shanghai.certificate],
        requestCert: true,
        rejectUnauthorized: false,
      },
    });
    app.setErrorHandler((error, _request, reply) => {
      if (!(error instanceof Unauthenticated)) throw error;
      return reply.code(401).send({ code: error.code });
    });
    await app.register(authentication, {
      verifyToken: createTokenVerifier({ ...issuer.trust, keys: async () => createPublicKey(pair.publicKey) }, Date.now),
      findAgency: async (id) => register.get(id),
      operatorKey: issuer.operatorKey,
    });
    app.get('/me', async (call) => principalOf(call));
    await app.listen({ port: 0, host: '127.0.0.1' });
    port = (app.server.address() as { port: number }).port;
  });
  afterAll(() => app.close());

  beforeEach(() => {
    register.clear();
    register.set(agencyId, {
      agencyId,
      name: { zh: '机构' },
      divisionCode: '310000',
      province: '310000',
      kind: 'department',
      roles: ['case-handler', 'data-user'],
      status: 'active',
      keyDigest: keyDigestOf(keys.publicKey),
      recordedAt: '2026-11-01T00:00:00.000Z',
    });
  });

  function ask(shown: Shown | undefined, headers: Record<string, string> = {}): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      request(
        {
          port,
          path: '/me',
          headers,
          rejectUnauthorized: false,
          agent: false,
          ...(shown && { cert: shown.certificate, key: shown.privateKey }),
        },
        (response) => {
          let text = '';
          response.on('data', (part) => {
            text += part;
          });
          response.on('end', () => resolve({ status: response.statusCode, ...JSON.parse(text) }));
        },
      )
        .on('error', reject)
        .end();
    });
  }

  const ATTRIBUTES = { agency: agencyId, roles: 'case-handler,registrar' };

  it('admits the agency whose record holds the certificate’s key', async () => {
    expect(await ask(await certificateFor(shanghai, ATTRIBUTES))).toMatchObject({
      status: 200,
      agencyId,
      province: '310000',
      roles: ['case-handler'],
    });
  });

  it('asks for credentials where there is no certificate, or none that names an agency', async () => {
    expect(await ask(undefined)).toEqual({ status: 401, code: 'auth.missing' });
    expect(await ask(await certificateFor(shanghai, {}))).toEqual({ status: 401, code: 'auth.missing' });
  });

  it('does not look at a certificate that TLS did not accept', async () => {
    expect(await ask(await certificateFor(anhui, ATTRIBUTES))).toEqual({ status: 401, code: 'auth.missing' });
  });

  it('refuses another key under the agency’s name, the authority’s signature notwithstanding', async () => {
    expect(await ask(await certificateFor(shanghai, ATTRIBUTES, await generateKeyPair()))).toEqual({
      status: 401,
      code: 'auth.invalid',
    });
  });

  it('refuses an agency that is inactive or unknown', async () => {
    const shown = await certificateFor(shanghai, ATTRIBUTES);
    register.set(agencyId, { ...(register.get(agencyId) as AgencyRecord), status: 'inactive' });
    expect(await ask(shown)).toEqual({ status: 401, code: 'auth.invalid' });
    register.clear();
    expect(await ask(shown)).toEqual({ status: 401, code: 'auth.invalid' });
  });

  it('takes a bound token over its own certificate and over no other', async () => {
    const own = await certificateFor(shanghai, ATTRIBUTES);
    const thumbprint = createHash('sha256').update(new X509Certificate(own.certificate).raw).digest('base64url');
    const headers = { authorization: `Bearer ${await bind(thumbprint)}` };
    expect(await ask(own, headers)).toMatchObject({ status: 200, roles: ['data-user'] });
    expect(await ask(await certificateFor(shanghai, ATTRIBUTES), headers)).toEqual({ status: 401, code: 'auth.invalid' });
    expect(await ask(undefined, headers)).toEqual({ status: 401, code: 'auth.invalid' });
  });
});
