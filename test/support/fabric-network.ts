/**
 * A real network of four provinces for tests: one for all files of a run, made on first need and taken down
 * by the global teardown. `FABRIC_NETWORK=<folder>` uses one that is up already, and leaves it up.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Fabric, type FabricOptions, openFabric } from '../../network/fabric/open.js';
import { memoryOutbox } from '../../network/fabric/outbox.js';
import type { Ledger } from '../../network/ledger.js';
import { locate, PROGRAMS } from '../../network/operation/programs.js';
import { eventually } from './eventually.js';
import { freeBasePort } from './free-ports.js';

const COMMAND = 'dist/scripts/network.js';
/** Set by the global setup: the folder of this run, which is there once somebody needed a network. */
export const RUN_FOLDER = 'FABRIC_RUN_FOLDER';
const PATIENCE_MS = 180_000;

const run = promisify(execFile);

/** Why there can be no real network here; undefined when there can. */
export function networkMissing(): string | undefined {
  if (process.env.FABRIC_NETWORK) return undefined;
  const missing = PROGRAMS.filter((name) => !locate(name));
  return missing.length > 0 ? `no ${missing.join(', ')} of Hyperledger Fabric (FABRIC_BIN, PATH, ~/fabric/bin)` : undefined;
}

async function start(folder: string): Promise<void> {
  const base = process.env.FABRIC_PORTS ?? String(await freeBasePort());
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

/** On a busy machine connections take longer than opening does: until then writes would be refused for want of peers. */
export async function reachesAll(ledger: Ledger): Promise<void> {
  await eventually(async () => {
    const away = (await ledger.info()).provinces.filter(({ reachable }) => !reachable);
    if (away.length > 0) throw new Error(`not reached: ${away.map(({ mspId }) => mspId).join(', ')}`);
  });
}

/** The Fabric ledger on the run's network. */
export async function foundedNetwork(options: Partial<FabricOptions> = {}): Promise<Fabric> {
  const fabric = await openFabric({ profileFile: await networkProfile(), outbox: memoryOutbox(), ...options });
  await reachesAll(fabric.ledger);
  return fabric;
}
