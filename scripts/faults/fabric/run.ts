/** Runs faults of the real network, one after the other on one network, and prints a line for each. */
import { NetworkFault } from '../../../network/operation/fault.js';
import { findPrograms } from '../../../network/operation/programs.js';
import { type Arena, makeArena } from './arena.js';
import { openClient } from './client.js';
import { Drill, type Report } from './drill.js';
import type { FabricFault, OwnNetworkFault } from './fault.js';
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

  async #report(fault: FabricFault | OwnNetworkFault): Promise<Report> {
    if ('alone' in fault) {
      await this.remove();
      return fault.alone();
    }
    try {
      this.#arena ??= await prepare();
    } catch (error) {
      return { broken: [`the network did not come up: ${(error as Error).message}`], figures: 'not begun' };
    }
    return new Drill(this.#arena, log).run(fault.run);
  }

  async run(name: string, fault: FabricFault | OwnNetworkFault): Promise<void> {
    const { what, missing } = fault;
    const reason = missing?.();
    if (reason !== undefined) {
      say('skipped', name, `${what}: ${reason}`);
      this.counts[2] += 1;
      return;
    }
    process.stderr.write(`fabric-${name}: ${what} …\n`);
    const { broken, figures } = await this.#report(fault);
    say(broken.length === 0 ? 'passed' : 'FAILED', name, `${what} (${figures})`);
    this.counts[broken.length === 0 ? 0 : 1] += 1;
    for (const sentence of broken.slice(0, 20)) process.stdout.write(`  - ${sentence}\n`);
    // The next fault is not to suffer from this one.
    if (broken.length > 0) await this.remove();
  }

  async remove(): Promise<void> {
    await this.#arena?.remove();
    this.#arena = undefined;
  }
}

/** Why there can be no network here; undefined when there can. */
function networkMissing(): string | undefined {
  if (process.platform !== 'linux') return 'the network runs on Linux';
  try {
    findPrograms();
    return undefined;
  } catch (error) {
    if (error instanceof NetworkFault) return error.message;
    throw error;
  }
}

/** @param names of `FABRIC_FAULTS`; a signal lets the one that is under way end and mend, and begins no other */
export async function runFabricFaults(names: readonly string[]): Promise<Counts> {
  const missing = networkMissing();
  if (missing !== undefined) {
    for (const name of names) say('skipped', name, missing);
    return [0, 0, names.length];
  }
  const runner = new Runner();
  let interrupted = false;
  const stop = () => {
    interrupted = true;
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    for (const name of names) if (!interrupted) await runner.run(name, FABRIC_FAULTS[name] as FabricFault | OwnNetworkFault);
  } finally {
    await runner.remove();
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
  return runner.counts;
}
