/**
 * Builds once before any test: the contracts' digest is a generated file, and process tests run `dist`.
 * Takes the network down that tests of the Fabric adapter may have brought up.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function setup(): () => Promise<void> {
  const built = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  if (built.status !== 0) throw new Error('the build failed');
  // Which ledger the API's tests run on; servers that tests start as processes are told theirs by each test.
  if (process.env.LEDGER) process.env.TEST_LEDGER = process.env.LEDGER;
  delete process.env.LEDGER;
  const folder = mkdtempSync(join(tmpdir(), 'delta-network-'));
  process.env.FABRIC_RUN_FOLDER = folder;
  // Loaded only now: it needs what the build generates.
  return async () => (await import('./fabric-network.js')).stopNetwork(folder);
}
