/**
 * Whether nodes are this folder's to stop. What another started, as systemd does, has no process record: it would
 * go on running while a command takes its ledger or keys away.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Member } from '../definition/definition.js';
import { networkPaths } from '../definition/network-folder.js';
import { NetworkFault } from './fault.js';
import { listensAt, type NodeRole, nodeName } from './nodes.js';
import { takenPorts } from './ports.js';
import { running } from './process-record.js';

/** a process whose first thread has ended may have others that hold its ports for a moment */
const PATIENCE_MS = 2000;

interface Foreign {
  readonly name: string;
  readonly unit: string;
  readonly ports: readonly number[];
}

/** Any port that is taken counts: a node that is unwell, or only starting, has its data open as well. */
async function foreign(root: string, member: Member, role: NodeRole): Promise<Foreign[]> {
  const name = nodeName(member, role);
  if (running(networkPaths(root).pids, name)) return [];
  for (const deadline = Date.now() + PATIENCE_MS; ; await pause(50)) {
    const ports = await takenPorts(listensAt(member, role));
    if (ports.length === 0) return [];
    if (Date.now() >= deadline) return [{ name, unit: `delta-${role}`, ports }];
  }
}

/**
 * To be asked before a command changes anything of these nodes.
 * @throws NetworkFault naming all that run without a process record, and how they are stopped
 */
export async function checkStartedHere(root: string, member: Member, ...roles: readonly NodeRole[]): Promise<void> {
  const found = (await Promise.all(roles.map((role) => foreign(root, member, role)))).flat();
  if (found.length === 0) return;
  const names = found.map(({ name, ports }) => `${name} (port ${ports.join(', ')})`).join(' and ');
  const units = found.map(({ unit }) => unit).join(' ');
  throw new NetworkFault(
    `${names} ${found.length > 1 ? 'run and were' : 'runs and was'} not started from here; nothing was stopped or removed: systemctl stop ${units} (ss -ltnp names another program), then this command again; how systemd takes over afterwards: network/runbooks/README.md, Where systemd runs the nodes`,
  );
}
