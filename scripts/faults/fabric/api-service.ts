/** The API in this process, on the live network: as `npm start` opens it, but for a clock that a fault may set wrong. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../../../api/server.js';
import { readSettings } from '../../../api/settings.js';
import { REGISTRARS } from '../../../network/registrars.js';
import { issuerOf } from '../../issuer.js';
import { type Answered, LoggedPosts } from '../history/posts.js';
import { freshName, instrument } from './acts.js';
import { until } from './arena.js';
import type { Agency } from './client.js';
import type { Drill } from './drill.js';

export interface Api {
  /** asks without a token */
  get(path: string): Promise<Answered>;
  /** the home province's registrar enters a legal instrument of this code, under a key of the code's own */
  enter(code: string): Promise<Answered>;
}

const CODE = /"code":"(ledger\.unavailable|idempotency\.in-progress)"/;

/** What may pass on a busy machine: under pressure an API takes nothing. */
export function isPassing({ status, text }: Answered): boolean {
  return status === 202 || CODE.test(text);
}

/** Enters it, again while the answer is one that passes. */
export async function entering(api: Api, code: string): Promise<Answered> {
  let last: Answered | undefined;
  await until('the API answers for good', async () => {
    last = await api.enter(code);
    return !isPassing(last);
  });
  return last as Answered;
}

export const freshCode = () => `fault-${freshName()}`;

/** @param clock milliseconds since the epoch, also of its tokens */
export async function openApi(drill: Drill, home: '310000' | '320000', clock: () => number = Date.now): Promise<Api> {
  const dataDir = mkdtempSync(join(tmpdir(), 'delta-faults-service-'));
  drill.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const settings = readSettings({
    LEDGER: 'fabric',
    FABRIC_PROFILE: drill.arena.profile(home),
    DATA_DIR: dataDir,
    HOST: '127.0.0.1',
    PORT: '0',
    DEMO: 'off',
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'silent',
  });
  const server = await startServer(settings, { clock });
  drill.after(() => server.close());
  const agencyId = REGISTRARS.find(({ province }) => province === home)?.agencyId ?? '';
  const registrar: Agency = { agencyId, province: home, roles: ['registrar'] };
  const issuer = await issuerOf(dataDir);
  const posts = new LoggedPosts(`api of ${home}`, drill.listener);
  return {
    get: async (path) => {
      const answer = await fetch(`${server.url}${path}`, { signal: AbortSignal.timeout(60_000) });
      return { status: answer.status, text: await answer.text() };
    },
    enter: async (code) => {
      const token = await issuer.mint({ ...registrar, operator: 'faults', minutes: 60 }, clock());
      const { input } = instrument(registrar, code);
      const url = `${server.url}/v1/instruments`;
      return posts.post({ url, token, agencyId, key: `key-of-${code}`, body: JSON.stringify(input) });
    },
  };
}
