/** Stops and starts single nodes of a network that goes on running. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Member } from '../definition/definition.js';
import type { Network } from './commands.js';
import { stopNodes } from './down.js';
import { NetworkFault } from './fault.js';
import { type NodeProcess, type NodeRole, nodeName, nodeProcess } from './nodes.js';
import { checkPorts } from './ports.js';
import { startNodes } from './start-nodes.js';
import { checkStartedHere } from './started-here.js';

const PATIENCE_MS = 10_000;

/** @throws NetworkFault when it runs and was started by another, as systemd does */
export async function stopNode({ root }: Network, member: Member, role: NodeRole): Promise<readonly string[]> {
  await checkStartedHere(root, member, role);
  return stopNodes(root, [nodeName(member, role)]);
}

/** A process whose first thread has ended may have others that hold its ports for a moment. */
async function portsFree(node: NodeProcess): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(50))
    try {
      return await checkPorts([node]);
    } catch (error) {
      if (!(error instanceof NetworkFault)) throw error;
    }
  await checkPorts([node]);
}

/** @param service another build's chaincode service @throws NetworkFault when it does not answer */
export async function startNode({ root, programs }: Network, member: Member, role: NodeRole, service?: string): Promise<void> {
  const own = nodeProcess(root, member, role, programs);
  const node = service === undefined ? own : { ...own, arguments: [service, ...own.arguments.slice(1)] };
  await portsFree(node);
  await startNodes(root, [node]);
}

/** @throws NetworkFault as `stopNode`, and when it does not answer afterwards */
export async function restartNode(network: Network, member: Member, role: NodeRole): Promise<void> {
  await stopNode(network, member, role);
  await startNode(network, member, role);
}
