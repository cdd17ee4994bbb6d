/** A server of its own for a benchmark: genesis only, no rate limits, one registered issuer. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerProcess, startServer } from '../faults/server-process.js';
import { certificateBody, ISSUER } from './certificate-body.js';
import { jsonRequest } from './load.js';

export interface Session {
  readonly server: ServerProcess;
  readonly dataDir: string;
  readonly issuer: string;
  readonly token: string;
  end(): Promise<void>;
}

export type Environment = Readonly<Record<string, string>>;

export function tokenFor(dataDir: string, agencyId: string, environment: Environment = {}): string {
  const command = join(import.meta.dirname, '../token.js');
  const env = { ...process.env, DATA_DIR: dataDir, ...environment };
  return execFileSync(process.execPath, [command, agencyId, '--minutes', '600'], { encoding: 'utf8', env }).trim();
}

async function registerIssuer(server: ServerProcess, dataDir: string): Promise<void> {
  const ledger = (await (await fetch(`${server.url}/v1/ledger`)).json()) as { provinces: { code: string; registrar: string }[] };
  const registrar = ledger.provinces.find(({ code }) => code === '310000')?.registrar as string;
  const answer = await fetch(`${server.url}/v1/agencies`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenFor(dataDir, registrar)}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      agencyId: ISSUER,
      name: { zh: '基准测试发证机构' },
      divisionCode: '310000',
      kind: 'department',
      roles: ['certificate-issuer'],
    }),
  });
  if (answer.status !== 201) throw new Error(`the issuer was not registered: ${answer.status} ${await answer.text()}`);
}

export async function openSession(): Promise<Session> {
  const dataDir = mkdtempSync(join(tmpdir(), 'delta-bench-'));
  const server = await startServer(dataDir, { DEMO: 'off', RATE_LIMIT: 'off', LOG_LEVEL: 'error' });
  await registerIssuer(server, dataDir);
  const end = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { server, dataDir, issuer: ISSUER, token: tokenFor(dataDir, ISSUER), end };
}

/** Requests that issue one new certificate each, and the serials they carry. */
export function issueRequests(
  { issuer, token }: Pick<Session, 'issuer' | 'token'>,
  count: number,
): { requests: string[]; serials: string[] } {
  const serials = Array.from({ length: count }, () => randomBytes(12).toString('hex'));
  const requests = serials.map((serial) =>
    jsonRequest('/v1/certificates', certificateBody(issuer, serial), {
      authorization: `Bearer ${token}`,
      'idempotency-key': `bench-${serial}`,
    }),
  );
  return { requests, serials };
}
