/** A network for one command alone, in a temporary folder: it goes when the command is done with it, fails, or is interrupted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { networkPaths } from '../definition/network-folder.js';
import { killNodes, stopNodes } from './down.js';
import { up } from './up.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface TemporaryNetwork {
  readonly root: string;
  /** Stops its processes, and whatever else is remembered among them, and removes the folder. */
  remove(): Promise<void>;
}

/**
 * Whatever is written among temporary files from here on lies in the network's folder, and goes with it.
 * @param prefix of the folder's name
 * @throws NetworkFault, DefinitionRefused as `up` does; nothing of it is left
 */
export async function temporaryNetwork(
  prefix: string,
  basePort: number,
  progress: (step: string) => void,
): Promise<TemporaryNetwork> {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  const root = join(folder, 'network');
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  // Without a turn of the event loop, in which the work that is under way could start another process.
  const interrupted = (signal: (typeof SIGNALS)[number]) => {
    killNodes(networkPaths(root).pids);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of SIGNALS) process.on(signal, interrupted);
  const remove = async () => {
    await stopNodes(root);
    for (const signal of SIGNALS) process.off(signal, interrupted);
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await up({ root, basePort, defaultBasePort: basePort, progress });
    return { root, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
