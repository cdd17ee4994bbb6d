/** Another API on the ledger of a world, with a store and an issuer of its own, as another province runs it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalIssuer } from '../../api/auth/local-issuer.js';
import { openService } from '../../api/server.js';
import { readSettings } from '../../api/settings.js';
import type { Ledger } from '../../network/ledger.js';
import type { ApiAgency, ApiResponse, ApiWorld } from './api-world.js';

export interface SecondApi {
  send(method: string, path: string, agency: ApiAgency, headers?: object, payload?: string): Promise<ApiResponse>;
  /** waits until it has read what the ledger holds now */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

export async function openSecondApi(world: ApiWorld, between: (ledger: Ledger) => Ledger = (same) => same): Promise<SecondApi> {
  const folder = await mkdtemp(join(tmpdir(), 'second-api-'));
  const settings = readSettings({ LOG_LEVEL: 'silent', RATE_LIMIT: 'off', DATA_DIR: folder });
  const { ledger, wallet } = world.below;
  const service = await openService(settings, { ledger: between(ledger), wallet });
  const issuer = await openLocalIssuer(join(folder, 'issuer'));
  return {
    send: async (method, path, agency, headers = {}, payload) => {
      const token = await issuer.mint({ ...agency, operator: 'tester', minutes: 60 }, Date.now());
      const answer = await service.app.inject({
        method: method as 'GET',
        url: path,
        headers: { ...headers, authorization: `Bearer ${token}` },
        ...(payload !== undefined && { payload }),
      });
      return { status: answer.statusCode, headers: answer.headers as never, text: answer.payload, body: answer.json() };
    },
    catchUp: async () => service.deps.projection.waitFor((await ledger.info()).height - 1),
    close: async () => {
      await service.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
