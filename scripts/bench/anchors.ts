/**
 * Anchored records against records with a transaction of their own, on one server in one run: how many become
 * final in a second, what each takes of ledger and processor, and how long one waits.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { anchor, isFinal, records } from './anchor-stream.js';
import { type BenchLine, median, rounded } from './line.js';
import { load, percentile } from './load.js';
import { residentMebibytes } from './memory.js';
import { issueRequests, openSession, type Session } from './session.js';

const WRITES = 2000;
const WRITERS = 64;
const RECORDS = 60_000;
const STREAMS = 4;
const LONG_BODY = 240_000;
const BACKLOGS = 3;
const LONE = 200;
const RATE = 1000;
const RATE_SECONDS = 5;
/** How many records a request brings while they come at a steady rate. */
const TOGETHER = 10;

interface Cost {
  readonly perSecond: number;
  readonly bytes: number;
  readonly cpuMicroseconds: number;
}

/** User and system time that the server has taken, in seconds. */
function cpuSeconds({ server }: Session): number {
  const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function cost(session: Session, count: number, work: () => Promise<unknown>): Promise<Cost> {
  const log = join(session.dataDir, 'ledger', 'blocks.log');
  const before = { bytes: statSync(log).size, cpu: cpuSeconds(session), time: performance.now() };
  await work();
  const seconds = (performance.now() - before.time) / 1000;
  return {
    perSecond: count / seconds,
    bytes: (statSync(log).size - before.bytes) / count,
    cpuMicroseconds: ((cpuSeconds(session) - before.cpu) * 1e6) / count,
  };
}

function single(session: Session): Promise<Cost> {
  const { requests } = issueRequests(session, WRITES);
  return cost(session, WRITES, async () => {
    const { statuses } = await load({ port: session.server.port, connections: WRITERS, requests, count: WRITES });
    if (statuses['201'] !== WRITES) throw new Error(`not all were accepted: ${JSON.stringify(statuses)}`);
  });
}

function anchored(session: Session): Promise<Cost> {
  const streams = Array.from({ length: STREAMS }, () => records(RECORDS / STREAMS));
  return cost(session, RECORDS, () => Promise.all(streams.map((sent) => anchor(session, sent, true))));
}

/** Seconds of input that are not final when the last of it is on the disk. */
async function backlogOnce(session: Session): Promise<number> {
  const streams = Array.from({ length: STREAMS }, () => records(RECORDS / STREAMS));
  await Promise.all(streams.map((sent) => anchor(session, sent, false)));
  const ended = performance.now();
  for (const { recordIds } of streams) while (!(await isFinal(session, recordIds.at(-1) ?? ''))) await delay(1);
  return (performance.now() - ended) / 1000;
}

export async function backlog(session: Session, bench: string): Promise<BenchLine> {
  const seconds: number[] = [];
  for (let turn = 0; turn < BACKLOGS; turn++) seconds.push(await backlogOnce(session));
  return {
    bench,
    ratio: rounded(median(seconds)),
    against: 'one second of input',
    atMost: 1,
    figures: { records: RECORDS, slowestSeconds: rounded(Math.max(...seconds)) },
  };
}

async function timeToFinal(session: Session, count: number): Promise<number> {
  const sent = records(count);
  const began = performance.now();
  await anchor(session, sent, true);
  return performance.now() - began;
}

async function lone(session: Session, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < count; turn++) {
    await delay(5);
    times.push(await timeToFinal(session, 1));
  }
  return times;
}

/** Requests at their times, whether or not the ones before were answered. */
async function steady(session: Session): Promise<number[]> {
  const began = performance.now();
  const requests = (RATE * RATE_SECONDS) / TOGETHER;
  const pending: Promise<number>[] = [];
  for (let turn = 0; turn < requests; turn++) {
    await delay(Math.max(0, began + (turn * 1000 * TOGETHER) / RATE - performance.now()));
    pending.push(timeToFinal(session, TOGETHER));
  }
  return Promise.all(pending);
}

const p99 = (times: readonly number[]) =>
  percentile(
    [...times].sort((left, right) => left - right),
    0.99,
  );

/** Time of one record while they come at a rate, against one alone; both again and again, because either may be unlucky. */
export async function latency(session: Session, bench: string, alone = LONE): Promise<BenchLine> {
  const figures = { lone: [] as number[], steady: [] as number[] };
  for (const step of ['A', 'B', 'B', 'A', 'A', 'B'])
    if (step === 'A') figures.lone.push(p99(await lone(session, alone)));
    else figures.steady.push(p99(await steady(session)));
  return {
    bench,
    ratio: rounded(median(figures.steady) / median(figures.lone)),
    against: 'p99 time to final of a lone record',
    atMost: 1.5,
    figures: { recordsPerSecond: RATE, p99Ms: rounded(median(figures.steady)), loneP99Ms: rounded(median(figures.lone)) },
  };
}

/** Most memory that the server ever took, before and after one body that is many times as long as any before. */
async function memory(session: Session): Promise<BenchLine> {
  const before = residentMebibytes(session.server, 'peak');
  await anchor(session, records(LONG_BODY), true);
  const after = residentMebibytes(session.server, 'peak');
  return {
    bench: 'anchors memory',
    ratio: rounded(after / before),
    against: `the most resident memory while bodies had ${RECORDS / STREAMS} records at most`,
    atMost: 1.3,
    figures: { records: LONG_BODY, peakMebibytes: rounded(after), peakMebibytesBefore: rounded(before) },
  };
}

export async function anchors(): Promise<readonly BenchLine[]> {
  const session = await openSession();
  const costs = { single: [] as Cost[], anchored: [] as Cost[] };
  try {
    await single(session);
    await anchored(session);
    const waiting = await latency(session, 'anchors latency');
    for (const step of ['A', 'B', 'B', 'A'])
      if (step === 'A') costs.single.push(await single(session));
      else costs.anchored.push(await anchored(session));
    const behind = await backlog(session, 'anchors backlog');
    const of = (costs: readonly Cost[], what: keyof Cost) => median(costs.map((one) => one[what]));
    const compared = (bench: string, what: keyof Cost, against: string, atLeast: number): BenchLine => {
      const [own, many] = [of(costs.single, what), of(costs.anchored, what)];
      const ratio = rounded(what === 'perSecond' ? many / own : own / many);
      return { bench, ratio, against, atLeast, figures: { anchored: rounded(many), single: rounded(own) } };
    };
    return [
      compared('anchors throughput', 'perSecond', 'records a second with a transaction each', 20),
      compared('anchors bytes', 'bytes', 'bytes on the ledger of a record of its own', 80),
      compared('anchors cpu', 'cpuMicroseconds', 'processor time of a record of its own', 100),
      waiting,
      behind,
      await memory(session),
    ];
  } finally {
    await session.end();
  }
}
