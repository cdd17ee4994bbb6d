/** Drives a client with so many writes at once, and compares two in turns. */
import { randomBytes } from 'node:crypto';
import { encodeArgument } from '../../../chaincode/runtime/argument.js';
import { certificateBody, ISSUER } from '../certificate-body.js';
import { median } from '../line.js';
import { percentile } from '../load.js';

/** One way to get a certificate onto the network: the same function, the same argument, the same policy. */
export interface WriteClient {
  /** @param argument of `certificate:IssueCertificate`. Resolves when the write is committed */
  write(argument: string): Promise<void>;
  close(): Promise<void>;
}

export interface Driven {
  readonly perSecond: number;
  /** writes that ended with an error, which count for nothing */
  readonly failed: number;
  /** milliseconds, ascending */
  readonly latencies: readonly number[];
}

export function freshArgument(): string {
  const serial = randomBytes(12).toString('hex');
  return encodeArgument({ operation: `bench-${serial}`, input: certificateBody(ISSUER, serial) });
}

export async function drive(client: WriteClient, concurrency: number, count: number): Promise<Driven> {
  const latencies: number[] = [];
  let started = 0;
  const writer = async () => {
    while (started < count) {
      started += 1;
      const began = performance.now();
      const written = await client.write(freshArgument()).then(
        () => true,
        () => false,
      );
      if (written) latencies.push(performance.now() - began);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, writer));
  const seconds = (performance.now() - began) / 1000;
  return { perSecond: latencies.length / seconds, failed: count - latencies.length, latencies: latencies.sort((a, b) => a - b) };
}

/** A-B-B-A until each had its rounds: what drifts with time falls on both. */
export function turns(rounds: number): ('A' | 'B')[] {
  return Array.from({ length: rounds * 2 }, (_unused, index) => (index % 4 === 0 || index % 4 === 3 ? 'A' : 'B'));
}

export interface Side {
  readonly perSecond: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

function sideOf(runs: readonly Driven[]): Side {
  const latencies = runs.flatMap((run) => run.latencies).sort((a, b) => a - b);
  return {
    perSecond: median(runs.map(({ perSecond }) => perSecond)),
    failed: runs.reduce((sum, { failed }) => sum + failed, 0),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  };
}

/** Medians of the rounds' rates, percentiles over all their writes. */
export async function compare(
  a: () => Promise<Driven>,
  b: () => Promise<Driven>,
  rounds: number,
): Promise<{ readonly a: Side; readonly b: Side }> {
  const runs = { A: [] as Driven[], B: [] as Driven[] };
  for (const turn of turns(rounds)) runs[turn].push(await (turn === 'A' ? a() : b()));
  return { a: sideOf(runs.A), b: sideOf(runs.B) };
}
