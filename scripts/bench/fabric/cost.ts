/** What a network's work costs: processor time of all its processes, and bytes on its disks. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { networkPaths } from '../../../network/definition/network-folder.js';

export interface Cost {
  readonly cpuSeconds: number;
  readonly bytes: number;
}

/** proc(5): user and system time, in ticks, from the fields after the name */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]);
}

function pidsOf(root: string): number[] {
  const { pids } = networkPaths(root);
  return readdirSync(pids).map((name) => (JSON.parse(readFileSync(join(pids, name), 'utf8')) as { pid: number }).pid);
}

/** So far, over the network's processes and the one that uses it, this one or a server, whose files are beside the network's folder. */
export function costOf(root: string, client = process.pid): Cost {
  const perSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const ticks = [...pidsOf(root), client].reduce((sum, pid) => sum + ticksOf(pid), 0);
  const usage = execFileSync('du', ['-sb', dirname(root)], { encoding: 'utf8' });
  return { cpuSeconds: ticks / perSecond, bytes: Number(usage.split('\t')[0]) };
}

/** What one write cost between two looks. */
export function perWrite(before: Cost, after: Cost, writes: number): Cost {
  return { cpuSeconds: (after.cpuSeconds - before.cpuSeconds) / writes, bytes: (after.bytes - before.bytes) / writes };
}
