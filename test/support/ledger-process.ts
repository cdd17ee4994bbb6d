/** Runs the writer program in a process of its own, and keeps account of what it said before it ended. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const WRITER = join(import.meta.dirname, '../../dist/test/ledger/programs/writer.js');

export interface Sent {
  readonly id: string;
  readonly agencyId: string;
}

export interface Kept extends Sent {
  readonly block: number;
}

/** What a process told before it ended; the pipe keeps what was written to it, whoever was killed. */
export class Account {
  /** ids told before anything left the process, one or more for each agency */
  readonly sent: Sent[] = [];
  readonly kept: Kept[] = [];
  /** what was reported failed: nothing of it may ever appear */
  readonly lost: { readonly agencyId: string; readonly error: string }[] = [];

  hear(line: string): void {
    const [word, first, second, third] = line.split(' ') as [string, string, string, string];
    if (word === 'sent') this.sent.push({ id: first, agencyId: second });
    if (word === 'kept') this.kept.push({ id: first, block: Number(second), agencyId: third });
    if (word === 'lost') this.lost.push({ agencyId: first, error: second.replace(':', '') });
  }
}

export interface WriterProcess {
  /** resolves when the ledger is open; rejects when the process ends before */
  readonly ready: Promise<void>;
  kill(): void;
  /** how it ended, after everything it said was heard */
  readonly ended: Promise<{ readonly code: number | null; readonly complaint: string }>;
}

/** Starts `command` and hears it out. */
export function listen(command: string, args: readonly string[], account: Account): WriterProcess {
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  const lines = createInterface({ input: child.stdout });
  const exited = once(child, 'close') as Promise<[number | null]>;
  const ready = new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      if (line === 'ready') resolve();
      account.hear(line);
    });
    exited.then(() => reject(new Error(`ended before it was ready: ${complaint}`)));
  });
  ready.catch(() => {});
  return {
    ready,
    kill: () => child.kill('SIGKILL'),
    ended: exited.then(([code]) => ({ code, complaint })),
  };
}

export interface WriterOrder {
  readonly folder: string;
  readonly run: number;
  readonly writers: number;
  readonly contracts: 'real' | 'plain';
  readonly limit?: number;
}

export function writerArguments(order: WriterOrder): string[] {
  const { folder, run, writers, contracts, limit } = order;
  return [WRITER, folder, String(run), String(writers), contracts, ...(limit === undefined ? [] : [String(limit)])];
}
