/** Peers, orderers and chaincode services that are killed, stopped, or started in an odd order. */
import { setTimeout as pause } from 'node:timers/promises';
import { PROVINCES } from '../../../../chaincode/provinces.js';
import type { NodeRole } from '../../../../network/operation/nodes.js';
import { seeded } from '../../random.js';
import { certificate } from '../acts.js';
import { until } from '../arena.js';
import { type Agency, canRead, saidOf } from '../client.js';
import type { Drill } from '../drill.js';
import type { FabricFault } from '../fault.js';
import { AGENCIES } from '../stage.js';
import { type Ended, mishaps, type Pace, pace } from '../workload.js';

const FAULT_MS = 8000;
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
/** How long a node is stopped with SIGSTOP; 60 s unless the environment says otherwise. */
const STOPPED_MS = Number(process.env.FAULT_STOP_SECONDS ?? 60) * 1000;

async function leaderOf({ arena }: Drill): Promise<number> {
  let leader: number | undefined;
  await until('the orderers name one leader', async () => {
    leader = await arena.leader();
    return leader !== undefined;
  });
  return leader as number;
}

/** What a client may notice of a node that is gone. */
interface Notice {
  /** writes that are begun so many milliseconds after the kill, or after the first commit where it stalls, end well */
  readonly unnoticedAfter: number;
  /** whether writes may wait for another leader */
  readonly stalls?: boolean;
  /** whether commits take as long as before, within a factor of 2 */
  readonly samePace?: boolean;
}

/** Every write, those under way included. */
const NOTHING: Notice = { unnoticedAfter: Number.NEGATIVE_INFINITY, samePace: true };
const ONLY_UNDER_WAY: Notice = { unnoticedAfter: 3000 };
/** A frozen node's connections stand: it is known to be silent when its first calls have run out of time. */
const SOON: Notice = { unnoticedAfter: 10_000 };
const A_STALL: Notice = { unnoticedAfter: 3000, stalls: true };
/** What is promised of the first commit after the kill. */
const STALL_MS = 10_000;
/** For two processors on which four provinces elect another leader; and an election has so many rounds as commits have. */
const STALL_MARGIN_MS = 5000;
const ELECTION_COMMITS = 4;
/** A pace is told from so many commits; and two busy processors make single ones late by so much. */
const FEWEST = 10;
const PACE_MARGIN_MS = 1000;
/** How long a busy machine may take to come to so many. */
const SLOW_MACHINE_MS = 60_000;

const before = (told: readonly Ended[], at: number) => pace(told.filter(({ endedAt }) => endedAt < at));

/** The first commit came within what is promised, the margin, and what commits took before on this machine. */
function recovered(drill: Drill, stall: number, { p99 }: Pace): void {
  const most = STALL_MS + STALL_MARGIN_MS + ELECTION_COMMITS * p99;
  drill.recovered(stall);
  drill.expect(stall <= most, `the first commit came ${Math.round(stall)} ms after, not within ${most} ms`);
}

function unnoticed(drill: Drill, told: readonly Ended[], killedAt: number, goesOnAt: number, notice: Notice): void {
  const later = told.filter(({ endedAt }) => endedAt >= killedAt);
  const after = later.filter(({ begunAt }) => begunAt >= goesOnAt + notice.unnoticedAfter);
  const suffered = mishaps(after);
  const when = ({ begunAt }: Ended) => `${((begunAt - killedAt) / 1000).toFixed(1)} s after it`;
  const said = suffered
    .slice(0, 5)
    .map((one) => `${one.function}, begun ${when(one)}, ended as ${saidOf(one)} in ${one.milliseconds} ms`)
    .join('; ');
  drill.expect(suffered.length === 0, `${suffered.length} of ${after.length} writes suffer from it: ${said}`);
  drill.expect(after.length >= FEWEST, `only ${after.length} writes were begun after it`);
  if (!notice.samePace) return;
  const [then, now] = [before(told, killedAt), pace(after)];
  drill.figures.push(`p99 ${then.p99} ms before (${then.writes}), ${now.p99} ms after (${now.writes})`);
  drill.expect(
    now.p99 <= 2 * then.p99 + PACE_MARGIN_MS,
    `commits take ${now.p99} ms (p99) and took ${then.p99} ms before: more than twice that and ${PACE_MARGIN_MS} ms`,
  );
}

/** Kills a node under load, sees that writes go on without it, and brings it back. */
async function killed(drill: Drill, index: number, role: NodeRole, notice: Notice): Promise<void> {
  const client = await drill.open();
  const workload = await drill.work(client);
  await pause(FAULT_MS);
  await drill.arena.kill(index, role);
  const killedAt = performance.now();
  const stall = await drill.recovery(client);
  recovered(drill, stall, before(workload.told, killedAt));
  await pause(FAULT_MS);
  const goesOnAt = notice.stalls ? killedAt + stall : killedAt;
  const counted = () => workload.told.filter(({ begunAt }) => begunAt >= goesOnAt + notice.unnoticedAfter).length;
  for (const end = performance.now() + SLOW_MACHINE_MS; counted() < FEWEST && performance.now() < end; ) await pause(100);
  await workload.stop();
  drill.timely(workload.told);
  unnoticed(drill, workload.told, killedAt, goesOnAt, notice);
  await drill.arena.start([index, role]);
}

/** @param notice what may be noticed of it, counted from the first commit after; undefined where another leader must be found */
async function stopped(drill: Drill, index: number, role: NodeRole, notice?: Notice): Promise<void> {
  const client = await drill.open();
  const workload = await drill.work(client, 2);
  drill.arena.signal(index, role, 'SIGSTOP');
  const stoppedAt = performance.now();
  drill.after(() => drill.arena.signal(index, role, 'SIGCONT'));
  const end = performance.now() + STOPPED_MS;
  drill.recovered(await drill.recovery(client));
  await pause(Math.max(0, end - performance.now()));
  await workload.stop();
  drill.timely(workload.told);
  if (notice) unnoticed(drill, workload.told, stoppedAt, stoppedAt, notice);
}

async function twoOrderersDown(drill: Drill): Promise<void> {
  const client = await drill.open();
  const workload = await drill.work(client);
  await Promise.all([drill.arena.kill(1, 'orderer'), drill.arena.kill(2, 'orderer')]);
  await until('the client knows', () => !client.fabric.health().ready);
  drill.expect(await canRead(client, AGENCIES[0]), 'reads do not go on while two orderers are down');
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const told = await client.write(certificate(AGENCIES[0] as Agency));
    const refused = told.kind === 'failed' && told.error.name === 'LedgerUnavailable';
    drill.expect(refused, `a write while two orderers are down ends as ${saidOf(told)}`);
    drill.timely([told]);
  }
  await workload.stop();
  drill.timely(workload.told);
  await drill.arena.start([1, 'orderer'], [2, 'orderer']);
  drill.recovered(await drill.recovery(client));
}

/** Any order, that of the seed (Fisher–Yates). */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
}

/** Everything ends at once; then one process after the other starts. */
async function coldStart(drill: Drill): Promise<void> {
  const client = await drill.open();
  const workload = await drill.work(client);
  const roles: readonly NodeRole[] = ['chaincode', 'peer', 'orderer'];
  const all = roles.flatMap((role) => PROVINCES.map((_, index) => [index, role] as const));
  await Promise.all(all.map(([index, role]) => drill.arena.kill(index, role)));
  drill.expect(!(await canRead(client, AGENCIES[0])), 'something was read while everything was down');
  await workload.stop();
  drill.timely(workload.told);
  const begun = performance.now();
  for (const node of shuffled(all, seeded(SEED))) await drill.arena.start(node);
  drill.figures.push(`seed ${SEED}`);
  await drill.recovery(client);
  drill.recovered(performance.now() - begun);
}

export const NODE_FAULTS: Readonly<Record<string, FabricFault>> = {
  'peer-killed': { what: 'a peer is killed', run: (drill) => killed(drill, 2, 'peer', ONLY_UNDER_WAY) },
  'home-peer-killed': {
    what: "the client's own province's peer is killed",
    run: (drill) => killed(drill, 0, 'peer', ONLY_UNDER_WAY),
  },
  'follower-killed': {
    what: 'an orderer that does not lead is killed',
    run: async (drill) => killed(drill, ((await leaderOf(drill)) + 1) % 4, 'orderer', NOTHING),
  },
  'leader-killed': {
    what: 'the leading orderer is killed',
    run: async (drill) => killed(drill, await leaderOf(drill), 'orderer', A_STALL),
  },
  'two-orderers-down': { what: 'two orderers are down: reads go on, writes are refused', run: twoOrderersDown },
  'cold-start': { what: 'everything is killed and started in any order', run: coldStart },
  'chaincode-killed': {
    what: 'a chaincode service is killed',
    run: (drill) => killed(drill, 1, 'chaincode', { ...ONLY_UNDER_WAY, samePace: true }),
  },
  'peer-stopped': { what: `a peer gets SIGSTOP for ${STOPPED_MS / 1000} s`, run: (drill) => stopped(drill, 1, 'peer', SOON) },
  'leader-stopped': {
    what: `the leading orderer gets SIGSTOP for ${STOPPED_MS / 1000} s`,
    run: async (drill) => stopped(drill, await leaderOf(drill), 'orderer'),
  },
};
