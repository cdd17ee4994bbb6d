/** `npm start` as a newcomer runs it, on a copy of this repository that nothing was built in, and again after a stop. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../faults/server-process.js';
import { type BenchLine, median, rounded } from './line.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const LEFT_OUT = ['dist', 'node_modules', 'data', 'network-data', '.git'];
const FIRST_SECONDS = 25;
const AGAIN_SECONDS = 5;
const ROUNDS = 3;
const PATIENCE_MS = 180_000;

function copyOfRepository(): string {
  const copy = mkdtempSync(join(tmpdir(), 'delta-start-'));
  cpSync(ROOT, copy, { recursive: true, filter: (path) => path === ROOT || !LEFT_OUT.includes(basename(path)) });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

async function stop(child: ChildProcess): Promise<void> {
  const gone = new Promise((done) => child.once('close', done));
  child.kill('SIGTERM');
  await gone;
}

/** Seconds from the command to a ready server. @throws Error with what it printed when it ends instead */
async function start(copy: string): Promise<number> {
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), HOST: '127.0.0.1', DATA_DIR: join(copy, 'data'), LOG_LEVEL: 'warn' };
  const began = performance.now();
  const child = spawn('npm', ['start'], { cwd: copy, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  try {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
      if (answer?.status === 200) return (performance.now() - began) / 1000;
      if (child.exitCode !== null || performance.now() - began > PATIENCE_MS) throw new Error(`npm start is not ready:\n${said}`);
      await delay(25);
    }
  } finally {
    if (child.exitCode === null) await stop(child);
  }
}

function lineOf(bench: string, seconds: readonly number[], limit: number, against: string): BenchLine {
  const ratio = rounded(median(seconds) / limit);
  return {
    bench,
    ratio,
    against,
    atMost: 1,
    figures: { seconds: rounded(median(seconds)), slowest: rounded(Math.max(...seconds)) },
  };
}

/** `start` is what it measures. */
export async function startUp(): Promise<readonly BenchLine[]> {
  const first: number[] = [];
  const again: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const copy = copyOfRepository();
    try {
      first.push(await start(copy));
      again.push(await start(copy), await start(copy));
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }
  return [
    lineOf('start first', first, FIRST_SECONDS, `${FIRST_SECONDS} s, build and demonstration included`),
    lineOf('start again', again, AGAIN_SECONDS, `${AGAIN_SECONDS} s, after a stop`),
  ];
}
