import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRunning, type ProcessRecord } from '../../network/operation/process-record.js';
import { locate } from '../../network/operation/programs.js';
import { freeBasePort } from '../support/free-ports.js';
import { fabricMissing, network } from '../support/network-command.js';

const missing = fabricMissing() ?? (locate('configtxlator') ? undefined : "Fabric's configtxlator is not here");

/** The rest, which takes minutes: `npm run network -- rehearse`. */
const RUNBOOKS = ['identities', 'peer', 'registrar', 'upgrade'];

describe('the runbooks, on a network of their own', () => {
  it.for(RUNBOOKS)('%s: every check holds', { timeout: 600_000 }, async (runbook, context) => {
    if (missing) context.skip(missing);
    const { output, complaint } = await network(['rehearse', runbook, '--ports', String(await freeBasePort())]);
    const seen = output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { check: string; held: boolean });
    expect(complaint).toBe('');
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.filter(({ held }) => !held).map(({ check }) => check)).toEqual([]);
  });

  it.for(['SIGTERM', 'SIGINT'] as const)(
    'leave nothing behind at %s: no process, no file',
    { timeout: 600_000 },
    async (signal, context) => {
      if (missing) context.skip(missing);
      const TMPDIR = mkdtempSync(join(tmpdir(), 'rehearsal-interrupted-'));
      const env = { ...process.env, TMPDIR };
      const words = [resolve('dist/scripts/network.js'), 'rehearse', 'identities', '--ports', String(await freeBasePort())];
      const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
      let complaint = '';
      child.stderr.on('data', (part) => {
        complaint += part;
      });
      const ended = once(child, 'exit');
      await Promise.race([once(child.stdout, 'data'), ended]);
      expect(complaint).toBe('');
      const [folder = ''] = readdirSync(TMPDIR);
      const started = readdirSync(join(TMPDIR, folder, 'network/pids')).map(
        (name) => JSON.parse(readFileSync(join(TMPDIR, folder, 'network/pids', name), 'utf8')) as ProcessRecord,
      );
      expect([started.length, started.every(isRunning)]).toEqual([12, true]);
      child.kill(signal);
      expect(await ended).toEqual([128 + constants.signals[signal], null]);
      expect(started.filter(isRunning)).toEqual([]);
      expect(readdirSync(TMPDIR)).toEqual([]);
      rmSync(TMPDIR, { recursive: true });
    },
  );

  it('are told by name when one is asked for that there is not', async () => {
    const { code, complaint } = await network(['rehearse', 'nothing']);
    expect([code, complaint.trim()]).toEqual([1, expect.stringMatching(/^nothing is not known here: give one of identities, /)]);
  });
});
