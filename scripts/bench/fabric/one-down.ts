/** How the network writes with one province down, and how soon after its leader was killed. */
import { setTimeout as pause } from 'node:timers/promises';
import { networkPaths } from '../../../network/definition/network-folder.js';
import { NetworkFault } from '../../../network/operation/fault.js';
import { WITHOUT_NOTICE } from '../../../network/operation/orderer-height.js';
import { running } from '../../../network/operation/process-record.js';
import { status } from '../../../network/operation/status.js';
import { up } from '../../../network/operation/up.js';
import { type BenchLine, median, rounded } from '../line.js';
import { adapterClient, BENCH_PORT, type BenchNetwork } from './bench-network.js';
import { drive, freshArgument, turns } from './drive.js';

const ROUNDS = 5;
const CONCURRENCY = 50;
const WRITES = 300;
const WARM_UP_WRITES = 150;
const LEADER_SECONDS = 10;
const STANDING_STILL_MS = 10_000;
const MOST_TRIES = 3;
/** until the slowest orderer has a block that three agreed on */
const TOLD_MS = 500;
const WRITES_THAT_TELL = 5;
const MOST_WRITES = 5 * WRITES_THAT_TELL;

/** @throws Error when it does not run */
function kill({ root }: BenchNetwork, name: string): void {
  const record = running(networkPaths(root).pids, name);
  if (!record) throw new Error(`${name} does not run`);
  process.kill(record.pid, 'SIGKILL');
}

/** Orderers that do not come to the height of the others within the time that an operator would give them. */
async function standingStill({ root }: BenchNetwork): Promise<string[]> {
  for (const began = performance.now(); ; await pause(200)) {
    const { provinces } = await status(root, 0);
    const highest = Math.max(...provinces.map(({ ordererHeight }) => ordererHeight ?? 0));
    const isBehind = (height: number | null) => height === null || highest - height > WITHOUT_NOTICE;
    const behind = provinces.filter(({ ordererHeight }) => isBehind(ordererHeight)).map(({ slug }) => slug);
    if (behind.length === 0 || performance.now() - began > STANDING_STILL_MS) return behind;
  }
}

/**
 * A SmartBFT orderer that caught up while it took part may stand still afterwards, and then is one that is down: it is
 * ended here to be started again, as its operator would.
 * @returns how many were
 */
async function endStanding(network: BenchNetwork): Promise<number> {
  const standing = (await standingStill(network)).map((slug) => `${slug}-orderer`);
  const { pids } = networkPaths(network.root);
  const alive = standing.filter((name) => running(pids, name));
  for (const name of alive) kill(network, name);
  return alive.length;
}

/**
 * Starts what was killed and waits until it has caught up; until then it counts as one that is down.
 * @returns how many orderers stood still and were started again
 */
async function restore(network: BenchNetwork): Promise<number> {
  for (let restarted = 0, tries = 0; ; tries += 1) {
    try {
      await up({ root: network.root, defaultBasePort: BENCH_PORT, progress: () => {} });
      return restarted;
    } catch (error) {
      if (!(error instanceof NetworkFault) || tries === MOST_TRIES) throw error;
      restarted += await endStanding(network);
    }
  }
}

async function areLevel({ root }: BenchNetwork): Promise<boolean> {
  const { provinces } = await status(root, 0);
  return new Set(provinces.map(({ ordererHeight }) => ordererHeight)).size === 1;
}

/**
 * Writes until all orderers have every block, so that the next one to be killed is the only one missing. One that has
 * just caught up may lack the last block until the next tells it so, and without that block the others cannot count
 * it among those that choose another leader.
 * @returns how many stood still and were started again
 */
async function bringLevel(network: BenchNetwork): Promise<number> {
  for (let restarted = 0, writes = 1; writes <= MOST_WRITES; writes += 1) {
    await drive(adapterClient(network), 1, 1);
    await pause(TOLD_MS);
    if (await areLevel(network)) return restarted;
    if (writes % WRITES_THAT_TELL !== 0) continue;
    const ended = await endStanding(network);
    if (ended > 0) restarted += ended + (await restore(network));
  }
  throw new Error('the orderers do not come to one height though those that stood still were started again');
}

/** @throws Error when the orderers do not agree */
async function leaderOf({ root }: BenchNetwork): Promise<string> {
  for (let looks = 0; looks < 100; looks += 1) {
    const { leader } = await status(root, 0);
    if (leader) return leader;
    await pause(200);
  }
  throw new Error('the orderers do not agree on who leads');
}

async function followerOf(network: BenchNetwork): Promise<string> {
  const leader = await leaderOf(network);
  // Not the home province's: its peer is the one that the adapter asks first.
  return leader === 'anhui' ? 'zhejiang' : 'anhui';
}

export async function oneDown(network: BenchNetwork): Promise<BenchLine> {
  const ours = adapterClient(network);
  const rates = { A: [] as number[], B: [] as number[] };
  let [restarted, isDown] = [0, false];
  for (const turn of turns(ROUNDS)) {
    if (turn === 'B' && !isDown) {
      const province = await followerOf(network);
      for (const role of ['orderer', 'peer', 'chaincode']) kill(network, `${province}-${role}`);
    }
    if (turn === 'A' && isDown) restarted += await restore(network);
    isDown = turn === 'B';
    // Neither what has just been started nor what has just lost a member is what it will be.
    await drive(ours, CONCURRENCY, WARM_UP_WRITES);
    rates[turn].push((await drive(ours, CONCURRENCY, WRITES)).perSecond);
  }
  if (isDown) restarted += await restore(network);
  return {
    bench: 'fabric-one-down',
    ratio: rounded(median(rates.B) / median(rates.A)),
    against: 'four provinces up',
    atLeast: 0.8,
    figures: {
      rounds: ROUNDS,
      healthyPerSecond: rounded(median(rates.A)),
      oneDownPerSecond: rounded(median(rates.B)),
      slowestRoundPerSecond: rounded(Math.min(...rates.B)),
      restartedBetweenRounds: restarted,
    },
  };
}

/** Writes until one is committed; one that is refused or unknown is tried anew, as a client would. */
async function firstCommit(network: BenchNetwork): Promise<number> {
  const began = performance.now();
  const attempts = Array.from({ length: 10 }, async () => {
    for (;;) {
      const written = await adapterClient(network)
        .write(freshArgument())
        .then(() => true)
        .catch(() => false);
      if (written) return (performance.now() - began) / 1000;
      if (performance.now() - began > 120_000) throw new Error('nothing was committed within two minutes');
      await pause(50);
    }
  });
  const seconds = await Promise.any(attempts);
  await Promise.allSettled(attempts);
  return seconds;
}

export async function leaderKilled(network: BenchNetwork): Promise<BenchLine> {
  const seconds: number[] = [];
  let restarted = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    await drive(adapterClient(network), 10, 30);
    restarted += await bringLevel(network);
    const leader = await leaderOf(network);
    kill(network, `${leader}-orderer`);
    seconds.push(await firstCommit(network));
    restarted += await restore(network);
  }
  return {
    bench: 'fabric-leader-killed',
    ratio: rounded(Math.max(...seconds) / LEADER_SECONDS),
    against: `${LEADER_SECONDS} s until the first commit after the leader was killed, the three others at one height`,
    atMost: 1,
    figures: {
      rounds: ROUNDS,
      medianSeconds: rounded(median(seconds)),
      slowestSeconds: rounded(Math.max(...seconds)),
      restartedBetweenRounds: restarted,
    },
  };
}
