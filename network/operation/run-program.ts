/** Runs one of Fabric's programs to its end. */
import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { NetworkFault } from './fault.js';

export interface Run {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface Ran {
  readonly code: number | null;
  readonly output: string;
  readonly complaint: string;
}

/** longer than `COMMAND_WAITS_FOR_PEERS`, so that `peer` says itself what it waited for */
const PATIENCE_MS = 90_000;

/** Its exit code and what it printed; never throws for a code. @param patience milliseconds after which it is killed */
export function attempt(run: Run, patience = PATIENCE_MS): Promise<Ran> {
  return new Promise((settle, reject) => {
    const child = spawn(run.command, run.arguments, {
      cwd: run.folder,
      env: { ...run.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: patience,
      killSignal: 'SIGKILL',
    });
    const parts = { output: '', complaint: '' };
    child.stdout.on('data', (chunk) => {
      parts.output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      parts.complaint += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => settle({ code, ...parts }));
  });
}

/** What it printed. @throws NetworkFault with the end of its complaint */
export async function runProgram(run: Run): Promise<string> {
  const { code, output, complaint } = await attempt(run);
  if (code === 0) return output;
  const said = `${complaint}\n${output}`.trim().split('\n').slice(-5).join('\n');
  const name = [basename(run.command), ...run.arguments.slice(0, 3)].join(' ');
  throw new NetworkFault(`${name} failed (${code ?? 'killed'}): ${said}`);
}
