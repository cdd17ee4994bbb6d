import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provinceOf } from '../../chaincode/provinces.js';
import { createAuthority, generateKeyPair, issueCertificate } from '../../network/identity/authority.js';
import { type ApiAgency, ApiWorld } from '../support/api-world.js';

/** TLS files made before the service starts, which reads them. */
async function tlsFiles(folder: string) {
  const authority = await createAuthority('ShanghaiMSP', 'tls', Date.now());
  const keys = await generateKeyPair();
  const { publicKey } = keys;
  const certificate = await issueCertificate(authority, {
    commonName: 'localhost',
    unit: 'client',
    publicKey,
    days: 1,
    now: Date.now(),
  });
  const files = { TLS_CERT: join(folder, 'tls.pem'), TLS_KEY: join(folder, 'tls.key'), CLIENT_CA: join(folder, 'clients.pem') };
  writeFileSync(files.TLS_CERT, certificate);
  writeFileSync(files.TLS_KEY, keys.privateKey);
  writeFileSync(files.CLIENT_CA, authority.certificate);
  return files;
}

describe('the service over TLS with client certificates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mutual-tls-'));
  let world: ApiWorld;
  let agency: ApiAgency;
  let port: number;

  beforeAll(async () => {
    world = await ApiWorld.create({ settings: await tlsFiles(folder) });
    agency = await world.agency('310000', ['case-handler']);
    await world.below.wallet.signer(agency);
    // The agencies' own authority was made with the ledger, so the service learns of it at its next start.
    const [shanghai] = (await world.below.ledger.info()).provinces;
    writeFileSync(join(folder, 'clients.pem'), shanghai?.roots.join('\n') ?? '');
    await world.restart();
    await world.service.app.listen({ port: 0, host: '127.0.0.1' });
    port = (world.service.app.server.address() as { port: number }).port;
  });
  afterAll(async () => {
    await world.close();
    rmSync(folder, { recursive: true });
  });

  function get(path: string, name?: string): Promise<{ status: number | undefined; body: Record<string, unknown> }> {
    const identity = join(world.walletFolder, 'identities', provinceOf('310000').mspId, agency.agencyId);
    const client = name && {
      cert: readFileSync(join(identity, 'certificate.pem')),
      key: readFileSync(join(identity, 'key.pem')),
    };
    return new Promise((resolve, reject) => {
      request({ port, path, rejectUnauthorized: false, agent: false, ...client }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(Buffer.concat(parts).toString()) }));
      })
        .on('error', reject)
        .end();
    });
  }

  it('knows an agency by the certificate it signs with', async () => {
    expect(await get('/v1/cases', 'agency')).toEqual({ status: 200, body: { items: [] } });
  });

  it('asks everybody else who they are, and serves what is open without', async () => {
    expect(await get('/v1/cases')).toMatchObject({ status: 401, body: { code: 'auth.missing' } });
    expect((await get('/v1/ledger')).status).toBe(200);
  });
});
