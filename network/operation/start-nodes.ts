/** Starts processes that go on without us, and waits until each serves. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { networkPaths } from '../definition/network-folder.js';
import { NetworkFault } from './fault.js';
import type { NodeProcess } from './nodes.js';
import { remember, running } from './process-record.js';
import { serves } from './serves.js';

const PATIENCE_MS = 60_000;
const LOG_LINES = 12;

export function logOf(root: string, name: string): string {
  return join(networkPaths(root).logs, `${name}.log`);
}

function lastLines(file: string): string {
  if (!existsSync(file)) return '';
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LOG_LINES).join('\n');
}

function start(root: string, node: NodeProcess): void {
  const { logs, pids } = networkPaths(root);
  mkdirSync(logs, { recursive: true });
  const log = openSync(logOf(root, node.name), 'a', 0o640);
  try {
    const child = spawn(node.command, node.arguments, {
      cwd: node.folder,
      env: { ...node.environment },
      detached: true,
      stdio: ['ignore', log, log],
    });
    child.once('error', () => undefined);
    child.unref();
    if (child.pid !== undefined) remember(pids, node.name, child.pid);
  } finally {
    closeSync(log);
  }
}

async function untilServes(root: string, node: NodeProcess, ended: () => boolean): Promise<void> {
  const log = logOf(root, node.name);
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(50)) {
    if (ended()) throw new NetworkFault(`${node.name} ended as soon as it started. Its log, ${log}, ends:\n${lastLines(log)}`);
    if (await serves(node)) return;
  }
  throw new NetworkFault(`${node.name} did not answer within ${PATIENCE_MS / 1000} s: read its log, ${log}`);
}

/** Waits for nodes that somebody else started: an `up` that was broken off, or systemd. @throws NetworkFault */
export async function untilAllServe(root: string, nodes: readonly NodeProcess[]): Promise<void> {
  await Promise.all(nodes.map((node) => untilServes(root, node, () => false)));
}

/** @throws NetworkFault when one ends or does not answer; the others go on running and `down` stops them */
export async function startNodes(root: string, nodes: readonly NodeProcess[]): Promise<void> {
  const { pids } = networkPaths(root);
  for (const node of nodes) start(root, node);
  await Promise.all(nodes.map((node) => untilServes(root, node, () => !running(pids, node.name))));
}
