/**
 * Kills the whole server at random moments while records are anchored, and checks the promise: a record that
 * was accepted becomes final, is the one that was sent, and stands on the ledger once. A stream that a kill
 * cut off is sent again whole, so that some of its records come for the second time.
 */
import { createHash } from 'node:crypto';
import { seeded } from './random.js';
import { type ServerProcess, startServer } from './server-process.js';
import { whenNotBusy } from './when-not-busy.js';

export interface AnchorKillOrder {
  readonly dataDir: string;
  readonly kills: number;
  readonly seed: number;
  /** a bearer token, asked for anew after each start */
  readonly token: (agencyId: string) => Promise<string>;
}

export interface AnchorKillReport {
  readonly kills: number;
  /** the agency whose records they are */
  readonly agency: string;
  /** ids of all records that were ever sent: each must be on the ledger once */
  readonly recordIds: readonly string[];
  /** records that were accepted before a kill */
  readonly accepted: number;
  /** records whose acceptance a kill cut off */
  readonly unknown: number;
  /** broken promises, in words; empty when all hold */
  readonly violations: readonly string[];
}

interface Stream {
  readonly recordIds: readonly string[];
  isAccepted: boolean;
}

const WRITERS = 4;
const SETTINGS = { DEMO: 'off', RATE_LIMIT: 'off' };
const LONGEST = 400;
const PATIENCE_MILLISECONDS = 30_000;

function lineOf(recordId: string): string {
  const value = createHash('sha256').update(recordId).digest('hex');
  const digest = { alg: 'sha-256', value };
  return `${JSON.stringify({ recordId, kind: 'milestone', digest, occurredAt: '2026-11-02T01:02:03Z' })}\n`;
}

class Client {
  readonly #server: ServerProcess;
  readonly #token: string;

  constructor(server: ServerProcess, token: string) {
    this.#server = server;
    this.#token = token;
  }

  /** Sends them again while the server is too busy. @throws Error when it is gone, or answers anything else but that all was accepted */
  async anchor(stream: Stream): Promise<void> {
    const answer = await whenNotBusy(() =>
      fetch(`${this.#server.url}/v1/anchors`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/x-ndjson' },
        body: stream.recordIds.map(lineOf).join(''),
      }),
    );
    const text = await answer.text();
    const expected = JSON.stringify({ accepted: stream.recordIds.length, rejected: [] });
    if (answer.status !== 202 || text !== expected) throw new UnexpectedAnswer(`${answer.status} ${text.slice(0, 300)}`);
    stream.isAccepted = true;
  }

  /** Why a record does not stand as it was sent; undefined when it does. */
  async fault(recordId: string): Promise<string | undefined> {
    const deadline = Date.now() + PATIENCE_MILLISECONDS;
    for (;;) {
      const headers = { authorization: `Bearer ${this.#token}` };
      const answer = await whenNotBusy(() => fetch(`${this.#server.url}/v1/anchors/${recordId}`, { headers }));
      const shown = (await answer.json()) as { status?: string | number; path?: unknown; record?: { recordId: string } };
      if (shown.path) return shown.record?.recordId === recordId ? undefined : `${recordId} is shown as another record`;
      if (shown.status !== 'pending' || Date.now() > deadline) return `${recordId} was accepted and is ${JSON.stringify(shown)}`;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** An answer that no kill explains. */
class UnexpectedAnswer extends Error {}

async function registrarOf(server: ServerProcess): Promise<string> {
  const answer = await whenNotBusy(() => fetch(`${server.url}/v1/ledger`));
  const ledger = (await answer.json()) as { provinces: { registrar: string }[] };
  return ledger.provinces[0]?.registrar as string;
}

async function open({ dataDir, token }: AnchorKillOrder): Promise<{ server: ServerProcess; client: Client; agency: string }> {
  const server = await startServer(dataDir, SETTINGS);
  const agency = await registrarOf(server);
  return { server, client: new Client(server, await token(agency)), agency };
}

/** Streams from several writers until the server is gone. */
async function anchorUntilKilled(client: Client, random: () => number, round: number, streams: Stream[]): Promise<string[]> {
  const writer = async (index: number) => {
    for (let turn = 0; ; turn++) {
      const size = 1 + Math.floor(random() * LONGEST);
      const recordIds = Array.from({ length: size }, (_, record) => `kill-r${round}.w${index}.t${turn}.n${record}`);
      const stream = { recordIds, isAccepted: false };
      streams.push(stream);
      await client.anchor(stream);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: WRITERS }, (_, index) => writer(index)));
  return ends.flatMap((end) => (end.status === 'rejected' && end.reason instanceof UnexpectedAnswer ? [end.reason.message] : []));
}

/** The last record of each accepted stream is final; then every other stream is sent again. */
async function verify(client: Client, streams: readonly Stream[]): Promise<string[]> {
  const violations: string[] = [];
  const note = (fault: string | undefined) => {
    if (fault) violations.push(fault);
  };
  for (const { recordIds, isAccepted } of streams) if (isAccepted) note(await client.fault(recordIds.at(-1) ?? ''));
  for (const stream of streams) if (!stream.isAccepted) await client.anchor(stream).catch((error) => note(String(error)));
  for (const { recordIds } of streams) note(await client.fault(recordIds[0] ?? ''));
  return violations;
}

/** Runs the order; the data folder keeps what was anchored. */
export async function killWhileAnchoring(order: AnchorKillOrder): Promise<AnchorKillReport> {
  const random = seeded(order.seed);
  const violations: string[] = [];
  const history: Stream[] = [];
  let [accepted, agency] = [0, ''];
  for (let round = 0; round < order.kills; round++) {
    const { server, client } = await open(order);
    const streams: Stream[] = [];
    const killed = new Promise<void>((resolve) => setTimeout(() => server.kill().then(resolve), 30 + random() * 400));
    violations.push(...(await anchorUntilKilled(client, random, round, streams)));
    await killed;
    for (const { recordIds, isAccepted } of streams) accepted += isAccepted ? recordIds.length : 0;
    history.push(...streams);
    const again = await open(order);
    agency = again.agency;
    violations.push(...(await verify(again.client, streams)));
    // Half of the rounds go on with a server that was killed, too, when nothing was asked of it any more.
    await (random() < 0.5 ? again.server.kill() : again.server.stop());
  }
  const recordIds = history.flatMap((stream) => stream.recordIds);
  return { kills: order.kills, agency, recordIds, accepted, unknown: recordIds.length - accepted, violations };
}
