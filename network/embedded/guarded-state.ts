/** State as contracts and the committer read it: a damaged record stops the ledger, and the next opening makes the state anew. */
import type { Readiness } from './readiness.js';
import type { StateReader } from './simulation.js';
import { DamagedState, type StateStore } from './state-store.js';

export function guardedState(state: StateStore, readiness: Readiness): StateReader {
  return {
    get(key) {
      try {
        return state.get(key);
      } catch (error) {
        if (error instanceof DamagedState) {
          readiness.fail(`${error.message}: start again, and it is made anew from the block log`);
          state.forget();
        }
        throw error;
      }
    },
  };
}
