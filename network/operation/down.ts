/** Stops a network's processes, and removes its folder. */
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { defineNetwork } from '../definition/definition.js';
import { networkPaths } from '../definition/network-folder.js';
import { NetworkFault } from './fault.js';
import { withLock } from './lock-network.js';
import { isBarelyBegun, type NetworkRecord, operatedBy, readRecord } from './network-record.js';
import { ROLES } from './nodes.js';
import { forget, isRunning, type ProcessRecord, remembered, running } from './process-record.js';
import { checkStartedHere } from './started-here.js';

const PATIENCE_MS = 20_000;

function signal({ pid }: ProcessRecord, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Asks it to end, and ends it where it does not. */
export async function stopProcess(record: ProcessRecord): Promise<void> {
  signal(record, 'SIGTERM');
  // One that somebody stopped with SIGSTOP would never see the other signal.
  signal(record, 'SIGCONT');
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(25)) if (!isRunning(record)) return;
  if (isRunning(record)) signal(record, 'SIGKILL');
  while (isRunning(record)) await pause(25);
}

/** Ends all of a network's processes at once, without a turn of the event loop: for a network that is thrown away. */
export function killNodes(pids: string): void {
  const records = remembered(pids).flatMap((name) => running(pids, name) ?? []);
  for (const record of records) signal(record, 'SIGKILL');
  const clock = new Int32Array(new SharedArrayBuffer(4));
  while (records.some(isRunning)) Atomics.wait(clock, 0, 0, 25);
}

/** Stops these processes of a network, all unless told; names of those that ran. */
export async function stopNodes(root: string, wanted?: readonly string[]): Promise<readonly string[]> {
  const { pids } = networkPaths(root);
  const names = remembered(pids).filter((name) => !wanted || wanted.includes(name));
  const stopped = names.map(async (name) => {
    const record = running(pids, name);
    if (record) await stopProcess(record);
    forget(pids, name);
    return record ? [name] : [];
  });
  return (await Promise.all(stopped)).flat();
}

/** Names of the processes it stopped. @throws NetworkFault when the folder is no network's */
export async function down(root: string): Promise<readonly string[]> {
  if (!readRecord(root)) return [];
  return withLock(root, () => stopNodes(root));
}

/** Undefined also for one that is damaged or of another version, which is no reason to keep the folder. */
function readableRecord(root: string): NetworkRecord | undefined {
  try {
    return readRecord(root);
  } catch (error) {
    if (error instanceof NetworkFault) return undefined;
    throw error;
  }
}

/**
 * Of a province's own folder, whose nodes may be systemd's. Four provinces' folder is one machine's trial, and another
 * trial may have the same ports.
 * @throws NetworkFault when a node runs that was not started from here
 */
async function checkHost(root: string): Promise<void> {
  const record = readableRecord(root);
  if (record?.home === undefined) return;
  for (const member of operatedBy(record, defineNetwork(record.definition))) await checkStartedHere(root, member, ...ROLES);
}

/** Stops the network and removes its folder; false when there is none. @throws NetworkFault when the folder is no network's, or as `checkHost` */
export async function clean(root: string): Promise<boolean> {
  if (!existsSync(root)) return false;
  if (!existsSync(networkPaths(root).record) && !isBarelyBegun(root))
    throw new NetworkFault(`${root} is no network's folder: nothing is removed`);
  await withLock(root, async () => {
    await checkHost(root);
    await stopNodes(root);
    rmSync(root, { recursive: true, force: true });
  });
  return true;
}
