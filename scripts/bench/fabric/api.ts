/** The whole service on a benchmark's network, for its registered issuer. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { networkPaths } from '../../../network/definition/network-folder.js';
import { remember } from '../../../network/operation/process-record.js';
import { startServer } from '../../faults/server-process.js';
import { ISSUER } from '../certificate-body.js';
import { type Session, tokenFor } from '../session.js';
import type { BenchNetwork } from './bench-network.js';

export async function openApi(network: BenchNetwork): Promise<Session> {
  const dataDir = mkdtempSync(join(network.root, '../api-'));
  const ledger = { LEDGER: 'fabric', FABRIC_PROFILE: network.profileFile, DEMO: 'off' };
  const server = await startServer(dataDir, { ...ledger, RATE_LIMIT: 'off', LOG_LEVEL: 'info' });
  // Ended with the network's processes where the benchmark is interrupted.
  remember(networkPaths(network.root).pids, 'bench-api', server.pid);
  const end = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { server, dataDir, issuer: ISSUER, token: tokenFor(dataDir, ISSUER, ledger), end };
}
