import type { Simulation } from '../../network/embedded/simulation.js';
import type { ContractWorld } from './contract-world.js';

/** Whether everything that a transaction read is still as it read it: what a peer checks before it commits. */
export function isFresh(world: ContractWorld, { reads }: Simulation): boolean {
  return reads.every(({ key, version }) => {
    const now = world.state.get(key)?.version;
    return now?.block === version?.block && now?.position === version?.position;
  });
}
