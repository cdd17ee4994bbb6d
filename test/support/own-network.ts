/**
 * A network of four provinces for one API's tests alone, so that files find a ledger with nothing on it, as they
 * do with the embedded one, and none can see another's records. Bringing one up takes a processor many seconds:
 * what a run's first one was when it came up is kept, and whoever comes later is given that again, in a
 * network that nobody uses any more. Its chaincode services go on in between, since they keep nothing, unless they
 * were made to run other code.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { networkPaths, provincePaths } from '../../network/definition/network-folder.js';
import { stopNodes } from '../../network/operation/down.js';
import { type NodeProcess, type NodeRole, nodesOf } from '../../network/operation/nodes.js';
import { openNetwork } from '../../network/operation/open-network.js';
import { running } from '../../network/operation/process-record.js';
import { startNodes } from '../../network/operation/start-nodes.js';
import { RUN_FOLDER } from './fabric-network.js';
import { freeBasePort } from './free-ports.js';

const run = promisify(execFile);
const COMMAND = 'dist/scripts/network.js';
const SERVICE = resolve('dist/network/chaincode-service/main.js');
const PATIENCE_MS = 180_000;
const ATTEMPTS = 3;

export interface OwnNetwork {
  /** its folder */
  readonly root: string;
  /** @param name a province's slug, or `development` for all four */
  profile(name?: string): string;
  /** Ends it, and lets the next have its place. */
  remove(): Promise<void>;
}

const command = (root: string, ...args: string[]) =>
  run(process.execPath, [COMMAND, ...args, '--folder', root], { timeout: PATIENCE_MS });

/** A folder that nobody else of this run has until `taken` is removed. */
function place(): string {
  const parent = process.env[RUN_FOLDER];
  if (!parent) throw new Error('the global setup has not run');
  for (let number = 0; ; number += 1) {
    const folder = join(parent, `own-${number}`);
    mkdirSync(folder, { recursive: true });
    try {
      mkdirSync(join(folder, 'taken'));
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

async function bringUp(root: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await command(root, 'up', '--ports', String(await freeBasePort()));
      return;
    } catch (error) {
      await command(root, 'clean').catch(() => undefined);
      // Another file may have taken the ports between the look and the start.
      if (attempt < ATTEMPTS) continue;
      const { message, stdout = '' } = error as Error & { stdout?: string };
      throw new Error(`no network came up: ${message}\n${stdout}`);
    }
  }
}

/** All that a network's nodes and commands write, by its place in the folder; each service's own folder is one of them. */
function partsOf(root: string): string[] {
  const { channel, record, profiles, wallet } = networkPaths(root);
  const provinces = openNetwork(root).operated.flatMap(({ province }) => {
    const own = provincePaths(root, province.slug).root;
    return readdirSync(own).map((name) => join(own, name));
  });
  return [record, channel, profiles, wallet, ...provinces].map((path) => path.slice(root.length + 1));
}

function copy(from: string, to: string, parts: readonly string[]): void {
  for (const part of parts) {
    rmSync(join(to, part), { recursive: true, force: true });
    cpSync(join(from, part), join(to, part), { recursive: true, preserveTimestamps: true });
  }
}

function isSame(left: string, right: string): boolean {
  const names = readdirSync(left).sort();
  return names.join() === readdirSync(right).sort().join() && names.every((name) => isAlike(join(left, name), join(right, name)));
}

function isAlike(left: string, right: string): boolean {
  if (statSync(left).isDirectory()) return statSync(right).isDirectory() && isSame(left, right);
  return statSync(right).isFile() && readFileSync(left).equals(readFileSync(right));
}

/** Gives the network what it had when it was made. A service whose folder was changed is stopped: it runs something else. */
async function restore(asMade: string, root: string): Promise<void> {
  const untouched: string[] = [];
  for (const { province } of openNetwork(root).operated) {
    const { chaincode } = provincePaths(root, province.slug);
    const part = chaincode.slice(root.length + 1);
    if (isSame(join(asMade, part), chaincode)) untouched.push(part);
    else await stopNodes(root, [`${province.slug}-chaincode`]);
  }
  copy(
    asMade,
    root,
    partsOf(root).filter((part) => !untouched.includes(part)),
  );
}

function nodes(root: string, ...roles: readonly NodeRole[]): NodeProcess[] {
  const { operated, programs } = openNetwork(root);
  return nodesOf(root, operated, programs)
    .filter(({ role }) => roles.includes(role))
    .map((node) => (node.role === 'chaincode' ? { ...node, arguments: [SERVICE, ...node.arguments.slice(1)] } : node));
}

async function stop(root: string): Promise<void> {
  await stopNodes(
    root,
    nodes(root, 'orderer', 'peer').map(({ name }) => name),
  );
}

/** Orderers before peers: a peer that finds none waits for seconds before it tries again. */
async function start(root: string): Promise<void> {
  const { pids } = networkPaths(root);
  const services = nodes(root, 'chaincode').filter(({ name }) => !running(pids, name));
  await startNodes(root, [...nodes(root, 'orderer'), ...services]);
  await startNodes(root, nodes(root, 'peer'));
}

/** @throws Error with what `network up` said when none comes up */
export async function ownNetwork(): Promise<OwnNetwork> {
  const folder = place();
  const [root, asMade] = [join(folder, 'network'), join(folder, 'as-made')];
  const free = () => rmSync(join(folder, 'taken'), { recursive: true });
  try {
    if (!existsSync(asMade)) {
      await bringUp(root);
      await stop(root);
      copy(root, `${asMade}.part`, partsOf(root));
      renameSync(`${asMade}.part`, asMade);
    } else await restore(asMade, root);
    await start(root);
  } catch (error) {
    await command(root, 'clean').catch(() => undefined);
    rmSync(asMade, { recursive: true, force: true });
    free();
    throw error;
  }
  const remove = async () => {
    await stop(root);
    free();
  };
  return { root, profile: (name = 'development') => join(root, 'profiles', `${name}.json`), remove };
}
