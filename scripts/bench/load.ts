/**
 * A load generator over plain sockets: a fixed number of kept-alive connections, each with one request
 * under way. It runs in a thread of its own, so that it never waits for what it measures.
 */
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

export interface LoadOrder {
  readonly port: number;
  readonly connections: number;
  /** whole HTTP/1.1 requests, each sent once, or over and over when `count` is larger than the list */
  readonly requests: readonly string[];
  readonly count: number;
  /**
   * Whether the generator keeps its processor busy. One that sleeps has to be woken by every answer, which the
   * server pays for, the slower one more; but a server with threads of its own needs that processor.
   */
  readonly awake?: boolean;
}

export interface LoadResult {
  readonly seconds: number;
  /** answers by status */
  readonly statuses: Readonly<Record<string, number>>;
  /** milliseconds, in ascending order */
  readonly latencies: readonly number[];
}

/** An HTTP/1.1 request with a JSON body, ready to be sent. */
export function jsonRequest(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): string {
  const text = JSON.stringify(body);
  const lines = Object.entries({ host: '127.0.0.1', 'content-type': 'application/json', ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}`).join('\r\n');
  return `POST ${path} HTTP/1.1\r\n${head}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

export function getRequest(path: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

export function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN;
}

/** The length of the whole answer that begins so; undefined while its headers are not all there. */
function answerLength(buffer: Buffer): number | undefined {
  const end = buffer.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const length = /content-length: *(\d+)/i.exec(buffer.toString('latin1', 0, end))?.[1];
  if (length === undefined) throw new Error('the answer has no content-length');
  return end + 4 + Number(length);
}

type Exchange = (request: string) => Promise<string>;

/** A connection that carries one request after another; each resolves with its answer's status. */
async function openConnection(port: number): Promise<{ exchange: Exchange; end: () => void }> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let begun: Buffer = Buffer.alloc(0);
  /** bytes of the answer that are still to come; undefined while its headers are */
  let left: number | undefined;
  let waiting: { resolve: (status: string) => void; reject: (error: Error) => void } | undefined;
  socket.on('data', (chunk) => {
    // Only the headers are put together: a long body would be copied again with each of its chunks.
    if (left !== undefined) left -= chunk.length;
    else {
      begun = begun.length === 0 ? chunk : Buffer.concat([begun, chunk]);
      const length = answerLength(begun);
      left = length === undefined ? undefined : length - begun.length;
    }
    if (left === undefined || left > 0) return;
    const status = begun.toString('latin1', 9, 12);
    begun = Buffer.alloc(0);
    left = undefined;
    waiting?.resolve(status);
  });
  socket.on('error', () => {}).on('close', () => waiting?.reject(new Error('the connection was closed')));
  const exchange = (request: string) =>
    new Promise<string>((resolve, reject) => {
      if (socket.destroyed) throw new Error('the connection was closed');
      waiting = { resolve, reject };
      socket.write(request);
    });
  return { exchange, end: () => socket.destroy() };
}

async function generate({ port, connections, requests, count, awake = false }: LoadOrder): Promise<LoadResult> {
  const statuses: Record<string, number> = {};
  const latencies: number[] = [];
  let next = 0;
  const connection = async () => {
    const { exchange, end } = await openConnection(port);
    while (next < count) {
      const request = requests[next++ % requests.length] as string;
      const began = performance.now();
      const status = await exchange(request);
      latencies.push(performance.now() - began);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    end();
  };
  let running = awake;
  const stayAwake = () => running && setImmediate(stayAwake);
  stayAwake();
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, connection));
  running = false;
  return { seconds: (performance.now() - began) / 1000, statuses, latencies: latencies.sort((a, b) => a - b) };
}

/** Runs an order to its end in a thread of its own. */
export function load(order: LoadOrder): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: order });
    worker.once('message', resolve).once('error', reject);
  });
}

if (!isMainThread) parentPort?.postMessage(await generate(workerData as LoadOrder));
