/** `npm run network` as a process, and what its tests need around it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { locate, PROGRAMS } from '../../network/operation/programs.js';

const COMMAND = resolve('dist/scripts/network.js');

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly complaint: string;
}

/** Runs one command to its end. */
export function network(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  return new Promise((settle, reject) => {
    const env = { ...process.env, ...environment };
    const child: ChildProcess = spawn(process.execPath, [COMMAND, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const parts = { output: '', complaint: '' };
    child.stdout?.on('data', (chunk) => {
      parts.output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      parts.complaint += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => settle({ code, ...parts }));
  });
}

/** Why a real network cannot be run here; undefined when it can. */
export function fabricMissing(): string | undefined {
  const missing = PROGRAMS.filter((name) => !locate(name));
  return missing.length > 0 ? `Fabric's programs are not here: ${missing.join(', ')}` : undefined;
}

/** Programs that do as little as the commands need to get to their start: no network comes of them. */
export function fakePrograms(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const scripts = { configtxgen: ': > "$6"', orderer: 'echo "no orderer this is"; exit 3', peer: 'exit 3', osnadmin: 'exit 3' };
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}
