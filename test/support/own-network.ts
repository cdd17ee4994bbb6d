/**
 * A network of four provinces for one API's tests alone: a new one takes seconds, so that files find a ledger
 * with nothing on it, as they do with the embedded one, and none can see another's records.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freeBasePort } from './free-ports.js';

const run = promisify(execFile);
const COMMAND = 'dist/scripts/network.js';
const PATIENCE_MS = 180_000;
const ATTEMPTS = 3;

export interface OwnNetwork {
  /** its folder */
  readonly root: string;
  /** @param name a province's slug, or `development` for all four */
  profile(name?: string): string;
  /** Stops its processes and removes it. */
  remove(): Promise<void>;
}

/** @throws Error with what `network up` said when none comes up */
export async function ownNetwork(): Promise<OwnNetwork> {
  const folder = await mkdtemp(join(process.env.FABRIC_RUN_FOLDER ?? tmpdir(), 'own-'));
  const root = join(folder, 'network');
  const command = (...args: string[]) => run(process.execPath, [COMMAND, ...args, '--folder', root], { timeout: PATIENCE_MS });
  const remove = async () => {
    await command('clean').catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await command('up', '--ports', String(await freeBasePort()));
      return { root, profile: (name = 'development') => join(root, 'profiles', `${name}.json`), remove };
    } catch (error) {
      await command('clean').catch(() => undefined);
      // Another file may have taken the ports between the look and the start.
      if (attempt < ATTEMPTS) continue;
      await remove();
      const { message, stdout = '' } = error as Error & { stdout?: string };
      throw new Error(`no network came up: ${message}\n${stdout}`);
    }
  }
}
