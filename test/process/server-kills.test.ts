import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'delta-kills-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a server killed ten times under load keeps what it acknowledged and doubles nothing', async () => {
  // The compiled module: it starts the compiled server beside itself.
  const { killServer } = (await import(
    join(import.meta.dirname, '../../dist/scripts/faults/server-kills.js')
  )) as typeof import('../../scripts/faults/server-kills.js');
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`seed ${seed}`);
  const token = async (agencyId: string) =>
    execFileSync(process.execPath, ['dist/scripts/token.js', agencyId], {
      encoding: 'utf8',
      env: { ...process.env, DATA_DIR: folder },
    }).trim();
  const report = await killServer({ dataDir: folder, kills: Number(process.env.SERVER_KILLS ?? 10), seed, token });
  expect(report.violations).toEqual([]);
  expect(report.acknowledged).toBeGreaterThan(0);
  expect(report.unknown).toBeGreaterThan(0);
}, 300_000);
