/** Fails single system calls of the writer program by strace's fault injection. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Account, listen, type WriterOrder, writerArguments } from './ledger-process.js';

/** The calls that put data to disk, or change the size or names of files. */
const STORING = ['write', 'pwrite64', 'writev', 'pwritev', 'fsync', 'fdatasync', 'ftruncate', 'openat', 'unlink', 'rename'];
/** The rest of what a commit makes on files, but for reading: locks, and looks at what is open. */
const MINDING = ['fcntl', 'fstat', 'close'];
const CALLS = [...STORING, ...MINDING];

/** Whether a call has to do with the disk's space. */
export function isStoring({ name }: Call): boolean {
  return STORING.includes(name);
}

/** Why it cannot be used here; undefined when it can. */
export function straceMissing(): string | undefined {
  const tried = spawnSync('strace', ['-f', '-e', 'inject=fsync:error=EIO', 'true'], { encoding: 'utf8' });
  if (tried.error) return 'strace is not installed';
  return tried.status === 0 ? undefined : `strace cannot trace here: ${tried.stderr.trim().split('\n')[0]}`;
}

export interface Call {
  readonly name: string;
  /** the file or folder it is about */
  readonly path: string;
  /** how often this thread made this call on this path, this time included: what `when=` takes */
  readonly ordinal: number;
  /** the call as strace prints it */
  readonly text: string;
}

/** The data folder's own files, relative to it. */
const FILES = ['ledger/blocks.log', 'ledger/state.db', 'ledger/state.db-wal', 'ledger/state.db-shm', 'ledger', 'watermark'];

export interface Injection {
  readonly call: Call;
  /** `error=EIO`, `signal=SIGKILL` */
  readonly fault: string;
}

export interface Traced {
  readonly account: Account;
  readonly code: number | null;
  readonly complaint: string;
  readonly calls: readonly Call[];
}

/**
 * Runs the writer under strace and lists its calls; an injection hits the one call it names, and only
 * calls on that path are traced then. One pool thread, so that the calls come in one order.
 */
export async function traced(order: WriterOrder, trace: string, injection?: Injection): Promise<Traced> {
  const account = new Account();
  const paths = injection ? [injection.call.path] : FILES;
  const options = ['-f', '-qq', '-y', '-E', 'UV_THREADPOOL_SIZE=1', '-o', trace, '-e', `trace=${CALLS.join(',')}`];
  const only = paths.flatMap((path) => ['-P', join(order.folder, path)]);
  const inject = injection ? ['-e', `inject=${injection.call.name}:${injection.fault}:when=${injection.call.ordinal}`] : [];
  const { ended } = listen('strace', [...options, ...only, ...inject, process.execPath, ...writerArguments(order)], account);
  const { code, complaint } = await ended;
  return { account, code, complaint, calls: callsOf(order.folder, readFileSync(trace, 'utf8')) };
}

function callsOf(folder: string, trace: string): Call[] {
  const counts = new Map<string, number>();
  const calls: Call[] = [];
  for (const line of trace.split('\n')) {
    const match = /^(\d+) +((\w+)\((?:AT_FDCWD[^,]*, )?(?:\d+<([^>]*)>|"([^"]*)").*)$/.exec(line);
    if (!match) continue;
    const [, thread, text, name, ofDescriptor, named] = match as unknown as [string, string, string, string, string?, string?];
    const path = relative(folder, ofDescriptor ?? named ?? '');
    const key = `${thread} ${name} ${path}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    calls.push({ name, path, ordinal: counts.get(key) as number, text });
  }
  return calls;
}
