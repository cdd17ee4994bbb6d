/** A province's orderer as a process of this host, whoever started it: our `up`, or systemd. */
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import type { Member } from '../definition/definition.js';
import { provincePaths } from '../definition/network-folder.js';
import { type ProcessRecord, startOf } from './process-record.js';

/** what the kernel keeps of a program's name */
const KEPT = 15;

/** Undefined of a process that is somebody else's, or has ended. */
function told<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/** By the folder that it works in, which no two orderers share. */
export function ordererProcess(root: string, { province }: Member, program: string): ProcessRecord | undefined {
  const folder = told(() => realpathSync(provincePaths(root, province.slug).orderer));
  const name = basename(program).slice(0, KEPT);
  for (const pid of readdirSync('/proc').map(Number).filter(Boolean)) {
    if (told(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()) !== name) continue;
    const started = startOf(pid);
    if (started !== undefined && told(() => readlinkSync(`/proc/${pid}/cwd`)) === folder) return { pid, started };
  }
  return undefined;
}
