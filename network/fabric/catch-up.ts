/** Waiting for peers that are behind: by a block for moments, as a rule. One that stays behind has another trouble. */
import type { PeerNode } from './answer.js';
import { Deadline, pause } from './deadline.js';
import type { Horizon } from './horizon.js';
import type { Lookup } from './lookup.js';

export interface CatchUpDeps {
  /** home's first */
  readonly peers: readonly PeerNode[];
  readonly home: string;
  readonly lookup: Lookup;
  readonly horizon: Horizon;
}

const PATIENCE_MS = 5000;
const LOOK_EVERY_MS = 50;

/** How long a call that has so much time left waits for those who are behind. */
export function patience(left: number): Deadline {
  return new Deadline(Math.min(PATIENCE_MS, left));
}

/** Whether a peer has that many blocks before the patience ends. */
export async function catchesUp(deps: CatchUpDeps, peer: PeerNode, height: number, until: Deadline): Promise<boolean> {
  const { horizon, lookup } = deps;
  while (!horizon.reaches(peer.mspId, height)) {
    const stands = await lookup.heightOf(peer);
    if (stands !== undefined && stands >= height) return true;
    if (until.isOver || !peer.isUp) return false;
    await pause(Math.min(LOOK_EVERY_MS, until.left));
  }
  return true;
}

/** Ends when so many peers have that many blocks, and with the patience. */
export async function enoughCatchUp(deps: CatchUpDeps, count: number, height: number, until: Deadline): Promise<void> {
  let reached = 0;
  await new Promise<void>((resolve) => {
    const up = deps.peers.filter((peer) => peer.isUp);
    const all = up.map(async (peer) => {
      if (!(await catchesUp(deps, peer, height, until))) return;
      reached += 1;
      if (reached >= count) resolve();
    });
    Promise.all([...all, pause(until.left)]).then(() => resolve());
  });
}

/**
 * Ends when home's peer has a block that others told of. The caller's next call goes to home's peer first, so the
 * answer waits for it; but not for one that is away, and not for one that was behind already when
 * the caller came: others answer in its place until it has caught up, and writes go on meanwhile.
 */
export async function homeCatchesUp(deps: CatchUpDeps, block: number, since: number, until: Deadline): Promise<void> {
  const home = deps.peers.find(({ mspId }) => mspId === deps.home);
  if (!home?.isUp || deps.horizon.reaches(home.mspId, block + 1)) return;
  const stands = await deps.lookup.heightOf(home);
  if (stands !== undefined && stands >= since) await catchesUp(deps, home, block + 1, until);
}
