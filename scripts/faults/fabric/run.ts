/** Runs faults of the real network, one after the other on one network, and prints a line for each. */
import { NetworkFault } from '../../../network/operation/fault.js';
import { type Arena, makeArena } from './arena.js';
import { openClient } from './client.js';
import { Drill } from './drill.js';
import type { FabricFault } from './fault.js';
import { FABRIC_FAULTS } from './faults/index.js';
import { setStage } from './stage.js';

export type Counts = [passed: number, failed: number, skipped: number];

const BASE_PORT = Number(process.env.FAULT_PORTS ?? 17_650);
/** Whoever wants to see what the adapter said meanwhile. */
const log = process.env.FAULT_LOG ? (line: string) => process.stderr.write(`  ${line}\n`) : () => undefined;

/** A network with its stage set. */
async function prepare(): Promise<Arena> {
  const arena = await makeArena(BASE_PORT, () => undefined);
  try {
    const client = await openClient('stage', () => undefined, { profileFile: arena.profile(), log });
    await setStage(client).finally(() => client.close());
    return arena;
  } catch (error) {
    await arena.remove();
    throw error;
  }
}

function say(verdict: string, name: string, what: string): void {
  process.stdout.write(`${verdict} fabric-${name}: ${what}\n`);
}

class Runner {
  readonly counts: Counts = [0, 0, 0];
  #arena: Arena | undefined;

  async #inject(name: string, { what, run }: FabricFault): Promise<void> {
    process.stderr.write(`fabric-${name}: ${what} …\n`);
    this.#arena ??= await prepare();
    const { broken, figures } = await new Drill(this.#arena, log).run(run);
    say(broken.length === 0 ? 'passed' : 'FAILED', name, `${what} (${figures})`);
    this.counts[broken.length === 0 ? 0 : 1] += 1;
    if (broken.length === 0) return;
    for (const sentence of broken.slice(0, 20)) process.stdout.write(`  - ${sentence}\n`);
    // The next fault is not to suffer from this one.
    await this.remove();
  }

  async run(name: string, fault: FabricFault): Promise<void> {
    const missing = fault.missing?.();
    if (missing === undefined) return this.#inject(name, fault);
    say('skipped', name, `${fault.what}: ${missing}`);
    this.counts[2] += 1;
  }

  async remove(): Promise<void> {
    await this.#arena?.remove();
    this.#arena = undefined;
  }
}

/** @param names of `FABRIC_FAULTS` */
export async function runFabricFaults(names: readonly string[]): Promise<Counts> {
  const runner = new Runner();
  let interrupted = false;
  const stop = () => {
    interrupted = true;
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    for (const name of names) {
      if (interrupted) break;
      await runner.run(name, FABRIC_FAULTS[name] as FabricFault);
    }
  } catch (error) {
    if (!(error instanceof NetworkFault) || !/not found|runs on Linux/.test(error.message)) throw error;
    for (const name of names) say('skipped', name, error.message);
    return [0, 0, names.length];
  } finally {
    await runner.remove();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
  return runner.counts;
}
