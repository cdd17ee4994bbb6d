/**
 * A real network of four provinces for tests: one for all files of a run, made on first need and taken down
 * by the global teardown. `FABRIC_NETWORK=<folder>` uses one that is up already, and leaves it up.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PROVINCES } from '../../chaincode/provinces.js';
import { type Fabric, type FabricOptions, openFabric } from '../../network/fabric/open.js';
import { memoryOutbox } from '../../network/fabric/outbox.js';
import { locate, PROGRAMS } from '../../network/operation/programs.js';

const COMMAND = 'dist/scripts/network.js';
/** Set by the global setup: the folder of this run, which is there once somebody needed a network. */
export const RUN_FOLDER = 'FABRIC_RUN_FOLDER';
const PATIENCE_MS = 180_000;
const PORTS_USED = [0, 1, 2, 3, 4, 5, 6].flatMap((port) => PROVINCES.map((_, index) => port + 20 * index));

const run = promisify(execFile);

/** Why there can be no real network here; undefined when there can. */
export function networkMissing(): string | undefined {
  if (process.env.FABRIC_NETWORK) return undefined;
  const missing = PROGRAMS.filter((name) => !locate(name));
  return missing.length > 0 ? `no ${missing.join(', ')} of Hyperledger Fabric (FABRIC_BIN, PATH, ~/fabric/bin)` : undefined;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** The first port of a range that nobody uses now. */
export async function freeBase(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const base = 20_000 + 100 * Math.floor(Math.random() * 100);
    const free = await Promise.all(PORTS_USED.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('no free ports for a network');
}

async function start(folder: string): Promise<void> {
  const base = process.env.FABRIC_PORTS ?? String(await freeBase());
  try {
    await run(process.execPath, [COMMAND, 'up', '--folder', join(folder, 'network'), '--ports', base], { timeout: PATIENCE_MS });
    writeFileSync(join(folder, 'ready'), base);
  } catch (error) {
    const { message, stdout = '' } = error as Error & { stdout?: string };
    writeFileSync(join(folder, 'failed'), `${message}\n${stdout}`);
  }
}

/** The folder of a network that is up. @throws Error when it does not come up */
export async function networkFolder(): Promise<string> {
  if (process.env.FABRIC_NETWORK) return process.env.FABRIC_NETWORK;
  const folder = process.env[RUN_FOLDER];
  if (!folder) throw new Error('the global setup has not run');
  mkdirSync(folder, { recursive: true });
  try {
    mkdirSync(join(folder, 'starting'));
    await start(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(100)) {
    if (existsSync(join(folder, 'ready'))) return join(folder, 'network');
    if (existsSync(join(folder, 'failed'))) throw new Error(readFileSync(join(folder, 'failed'), 'utf8'));
  }
  throw new Error('the network did not come up in time');
}

/** For the global teardown: stops what this run started. */
export async function stopNetwork(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const networks = [folder, ...readdirSync(folder).map((name) => join(folder, name))].map((parent) => join(parent, 'network'));
  for (const network of networks.filter((each) => existsSync(each)))
    await run(process.execPath, [COMMAND, 'down', '--folder', network], { timeout: PATIENCE_MS });
  rmSync(folder, { recursive: true, force: true });
}

/** @param profile a province's slug, or `development` for the profile that holds all four */
export async function networkProfile(profile = 'development'): Promise<string> {
  return join(await networkFolder(), 'profiles', `${profile}.json`);
}

/** The Fabric ledger on the run's network. */
export async function foundedNetwork(options: Partial<FabricOptions> = {}): Promise<Fabric> {
  return openFabric({ profileFile: await networkProfile(), outbox: memoryOutbox(), ...options });
}
