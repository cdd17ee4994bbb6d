/**
 * Kills the whole server at random moments under load and checks the promise: what was acknowledged is
 * there, with the same answer, and what was retried happened once. The history knows `ok` and `unknown`.
 */
import { createHash } from 'node:crypto';
import type { Listener } from './history/history.js';
import { LoggedPosts } from './history/posts.js';
import { seeded } from './random.js';
import { type ServerProcess, startServer } from './server-process.js';
import { whenNotBusy } from './when-not-busy.js';

export interface KillReport {
  readonly seed: number;
  readonly kills: number;
  /** writes that were answered 201 before a kill */
  readonly acknowledged: number;
  /** writes whose answer a kill cut off */
  readonly unknown: number;
  /** broken promises, in words; empty when all hold */
  readonly violations: readonly string[];
}

export interface KillOrder {
  readonly dataDir: string;
  readonly kills: number;
  readonly seed: number;
  /** a registrar's bearer token, asked for anew after each start */
  readonly token: (agencyId: string) => Promise<string>;
  readonly progress?: (line: string) => void;
  /** told of each request and of its answer */
  readonly listener?: Listener;
  /** besides those of every such run; of the embedded ledger without */
  readonly settings?: Readonly<Record<string, string>>;
  /** milliseconds that a start may take until it is ready; `startServer`'s own without */
  readonly patience?: number;
  /** a kill comes so many milliseconds after the start at the latest */
  readonly longest?: number;
}

interface Attempt {
  readonly code: string;
  answer?: string;
}

const WRITERS = 8;
const LONGEST_MS = 500;
const SETTINGS = { DEMO: 'off', RATE_LIMIT: 'off' };

/** An answer that no kill explains: the server spoke, and said something else than 201. */
class UnexpectedAnswer extends Error {}

function instrument(code: string, issuer: string): string {
  const value = createHash('sha256').update(code).digest('hex');
  const title = { zh: '故障注入测试文书' };
  return JSON.stringify({ code, title, issuer, effectiveFrom: '2026-01-01T00:00:00Z', digest: { alg: 'sha-256', value } });
}

/** Who writes where. */
interface Writer {
  readonly server: ServerProcess;
  readonly token: string;
  readonly issuer: string;
  readonly posts: LoggedPosts;
}

async function write({ server, token, issuer, posts }: Writer, attempt: Attempt): Promise<void> {
  const { status, text } = await posts.post({
    url: `${server.url}/v1/instruments`,
    token,
    agencyId: issuer,
    key: `key-of-${attempt.code}`,
    body: instrument(attempt.code, issuer),
  });
  if (status !== 201) throw new UnexpectedAnswer(`${attempt.code}: ${status} ${text}`);
  if (attempt.answer !== undefined && attempt.answer !== text)
    throw new UnexpectedAnswer(`${attempt.code}: two answers for one key`);
  attempt.answer = text;
}

async function registrarOf(server: ServerProcess): Promise<string> {
  const answer = await whenNotBusy(() => fetch(`${server.url}/v1/ledger`));
  if (!answer.ok) throw new Error(`a server that is ready answers /v1/ledger with ${answer.status} ${await answer.text()}`);
  const { provinces } = (await answer.json()) as { provinces: { registrar: string }[] };
  return provinces[0]?.registrar as string;
}

/** How often each code stands in the list; every page is read. */
async function listed(server: ServerProcess): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  let cursor: string | undefined;
  do {
    const query = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const page = await (await fetch(`${server.url}/v1/instruments?limit=200${query}`)).json();
    const { items, nextCursor } = page as { items: { code: string }[]; nextCursor?: string };
    for (const { code } of items) counts.set(code, (counts.get(code) ?? 0) + 1);
    cursor = nextCursor;
  } while (cursor);
  return counts;
}

interface Round {
  readonly attempts: readonly Attempt[];
  readonly violations: readonly string[];
}

/** Writes from several writers until the server is gone; returns every attempt made. */
async function writeUntilKilled(by: Writer, round: number): Promise<Round> {
  const attempts: Attempt[] = [];
  const writer = async (index: number) => {
    for (let turn = 0; ; turn++) {
      const attempt: Attempt = { code: `kill-${round}-${index}-${turn}` };
      attempts.push(attempt);
      await write(by, attempt);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: WRITERS }, (_, index) => writer(index)));
  const violations = ends.flatMap((end) =>
    end.status === 'rejected' && end.reason instanceof UnexpectedAnswer ? [end.reason.message] : [],
  );
  return { attempts, violations };
}

async function verify(by: Writer, attempts: readonly Attempt[]): Promise<string[]> {
  const violations: string[] = [];
  const before = await listed(by.server);
  for (const { code, answer } of attempts)
    if (answer !== undefined && before.get(code) !== 1)
      violations.push(`${code} was acknowledged and is listed ${before.get(code) ?? 0} times`);
  for (const attempt of attempts) await write(by, attempt).catch((error) => violations.push(String(error)));
  const after = await listed(by.server);
  for (const { code } of attempts)
    if (after.get(code) !== 1) violations.push(`${code} was retried and is listed ${after.get(code) ?? 0} times`);
  return violations;
}

/** Runs the order; the data folder keeps what was written. */
export async function killServer(order: KillOrder): Promise<KillReport> {
  const random = seeded(order.seed);
  const settings = { ...SETTINGS, ...order.settings };
  const { longest = LONGEST_MS, listener = () => undefined } = order;
  const posts = new LoggedPosts('api', listener);
  const open = async (): Promise<Writer> => {
    const server = await startServer(order.dataDir, settings, order.patience);
    const issuer = await registrarOf(server);
    return { server, issuer, token: await order.token(issuer), posts };
  };
  const violations: string[] = [];
  const history: Attempt[] = [];
  let acknowledged = 0;
  let pending: readonly Attempt[] = [];
  for (let round = 0; round < order.kills; round++) {
    const by = await open();
    const { server } = by;
    violations.push(...(await verify(by, pending)));
    const killed = new Promise<void>((resolve) => setTimeout(() => server.kill().then(resolve), 50 + random() * longest));
    const written = await writeUntilKilled(by, round);
    await killed;
    violations.push(...written.violations);
    pending = written.attempts;
    history.push(...pending);
    acknowledged += pending.filter(({ answer }) => answer !== undefined).length;
    order.progress?.(`kill ${round + 1} of ${order.kills}: ${acknowledged} of ${history.length} writes were acknowledged`);
  }
  const by = await open();
  violations.push(...(await verify(by, history)));
  await by.server.stop();
  return { seed: order.seed, kills: order.kills, acknowledged, unknown: history.length - acknowledged, violations };
}
