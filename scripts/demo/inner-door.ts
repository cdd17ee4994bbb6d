/**
 * The demonstration speaks HTTP like everybody else, but through a door of its own: the same service on a
 * free port of the loopback, without TLS and rate limits, open only while it plays.
 */
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buildApp } from '../../api/app.js';
import type { RunningServer } from '../../api/server.js';
import { issuerOf } from '../issuer.js';
import { type Client, createClient } from './client.js';
import { tokensOf } from './tokens.js';

export async function withInnerDoor<T>(server: RunningServer, work: (client: Client) => Promise<T>): Promise<T> {
  const { tls: _, ...settings } = server.deps.settings;
  const inner = await buildApp({ ...server.deps, settings: { ...settings, rateLimit: false, logLevel: 'silent' } });
  try {
    await inner.listen({ host: '127.0.0.1', port: 0 });
    const { port } = inner.server.address() as AddressInfo;
    const token = tokensOf(await issuerOf(join(settings.dataDir)));
    return await work(createClient({ address: `http://127.0.0.1:${port}`, token }));
  } finally {
    await inner.close();
  }
}
