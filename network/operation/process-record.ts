/**
 * Which processes are this network's. A process id alone is not enough: it is given again to another
 * process, so its start is kept with it, and nothing is signalled that started at another moment.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../identity/files.js';

export interface ProcessRecord {
  readonly pid: number;
  /** the system's boot and the process's start within it */
  readonly started: string;
}

const BOOT = '/proc/sys/kernel/random/boot_id';
const STATE = 0;
/** proc(5): the 22nd field of `stat`, counted from after the name, which may hold anything */
const START = 19;

/** Undefined when there is no such process, or it ended and only its exit code is left. */
export function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[STATE] === 'Z' || fields[STATE] === 'X') return undefined;
    return `${readFileSync(BOOT, 'utf8').trim()}:${fields[START]}`;
  } catch {
    return undefined;
  }
}

export function isRunning({ pid, started }: ProcessRecord): boolean {
  return startOf(pid) === started;
}

function fileOf(folder: string, name: string): string {
  return join(folder, `${name}.json`);
}

/** @param folder the network's `pids` */
export function remember(folder: string, name: string, pid: number): void {
  const started = startOf(pid);
  if (started) writeWhole(fileOf(folder, name), `${JSON.stringify({ pid, started })}\n`, 0o644);
}

export function forget(folder: string, name: string): void {
  rmSync(fileOf(folder, name), { force: true });
}

/** The process under a name when it still runs. */
export function running(folder: string, name: string): ProcessRecord | undefined {
  const file = fileOf(folder, name);
  if (!existsSync(file)) return undefined;
  const record = JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord;
  return isRunning(record) ? record : undefined;
}

/** Names of all that were started and not stopped. */
export function remembered(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length));
}
