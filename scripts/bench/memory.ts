/** Resident memory of a server, by proc(5). */
import { readFileSync } from 'node:fs';
import type { ServerProcess } from '../faults/server-process.js';

const LINES = { now: 'VmRSS', peak: 'VmHWM' } as const;

/** @param when at this moment, or the most since it began */
export function residentMebibytes(server: ServerProcess, when: keyof typeof LINES): number {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return Number(new RegExp(`^${LINES[when]}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
}
