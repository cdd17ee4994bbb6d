/** Plays every runbook on a running network, in an order in which each leaves the network whole. */
import type { Network } from '../commands.js';
import { rehearseIdentities } from './identities.js';
import { rehearseBackup, rehearseRegistrar } from './province.js';
import { rehearseOrderer, rehearsePeer } from './replacement.js';
import { rehearseRotation } from './rotation.js';
import { type Seen, Stage } from './stage.js';
import { rehearseUpgrade } from './upgrade.js';

export const RUNBOOKS = {
  identities: rehearseIdentities,
  rotation: rehearseRotation,
  orderer: rehearseOrderer,
  peer: rehearsePeer,
  backup: rehearseBackup,
  registrar: rehearseRegistrar,
  // The last: afterwards the network runs other code than this build.
  upgrade: rehearseUpgrade,
} as const;
export type Runbook = keyof typeof RUNBOOKS;

/** @returns what was seen, in order; nothing is thrown for what did not hold */
export async function rehearse(
  network: Network,
  runbooks: readonly Runbook[],
  tell: (seen: Seen) => void,
): Promise<readonly Seen[]> {
  const stage = new Stage(network, tell);
  for (const name of runbooks) await RUNBOOKS[name](stage);
  return stage.seen;
}
