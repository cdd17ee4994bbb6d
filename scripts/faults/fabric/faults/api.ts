/** The API on the network: killed at each step of a write, killed at random, and asked the same by many at once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PROVINCES } from '../../../../chaincode/provinces.js';
import { REGISTRARS } from '../../../../network/registrars.js';
import { issuerOf } from '../../../issuer.js';
import { validOf } from '../../history/view.js';
import { killServer } from '../../server-kills.js';
import { type ServerProcess, startServer } from '../../server-process.js';
import { freshName, instrument } from '../acts.js';
import { type Arena, type Detours, until } from '../arena.js';
import type { Agency } from '../client.js';
import type { Drill } from '../drill.js';
import type { FabricFault } from '../fault.js';
import type { Answering } from '../grpc-proxy.js';
import { BROADCAST, impostor } from '../impostor.js';
import { startProxy, type TcpProxy } from '../tcp-proxy.js';

const KILLS = Number(process.env.FAULT_API_KILLS ?? 5);
const EQUAL = 100;
const READY_MS = 180_000;
const [FIRST] = REGISTRARS;
const REGISTRAR: Agency = { agencyId: FIRST?.agencyId ?? '', province: '310000', roles: ['registrar'] };
const CLAIMS = { ...REGISTRAR, operator: 'faults', minutes: 60 };

function dataFolder(drill: Drill): string {
  const folder = mkdtempSync(join(tmpdir(), 'delta-faults-api-'));
  drill.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const settings = (profile: string) => ({ LEDGER: 'fabric', FABRIC_PROFILE: profile, DEMO: 'off', RATE_LIMIT: 'off' });

async function tokenOf(dataDir: string): Promise<string> {
  return (await issuerOf(dataDir)).mint(CLAIMS, Date.now());
}

async function start(drill: Drill, dataDir: string, profile: string): Promise<ServerProcess> {
  const server = await startServer(dataDir, settings(profile), READY_MS);
  drill.after(() => server.kill());
  return server;
}

interface Request {
  readonly code: string;
  readonly key: string;
  readonly body: string;
}

function request(): Request {
  const { input } = instrument(REGISTRAR);
  return { code: (input as { code: string }).code, key: `key-of-${freshName()}`, body: JSON.stringify(input) };
}

async function post(server: ServerProcess, token: string, { key, body }: Request): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key };
  const answer = await fetch(`${server.url}/v1/instruments`, {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(60_000),
  });
  return { status: answer.status, text: await answer.text() };
}

/** How often the instrument was entered, on the first peer; the checker compares the others with it. */
function entered(arena: Arena, { code }: Request): number {
  const view = arena.views()[0];
  const writes = view ? validOf(view).flatMap(({ transaction }) => transaction.writes) : [];
  return writes.filter(({ key }) => key === `instrument~${code}`).length;
}

/** Where the process is when it is killed. */
type Step = 'endorsed' | 'submitted' | 'committed';

/** Stands between the API and all nodes, and tells when a write has come to a step. */
class Gate {
  #step: Step | undefined;
  #submitted = 0;
  #reached: () => void = () => undefined;
  #height = 0;
  readonly peers: TcpProxy[] = [];
  readonly #arena: Arena;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** From now on the next write stops there. @returns when it has come there */
  async at(step: Step | undefined): Promise<{ readonly reached: Promise<void> }> {
    this.#height = Math.max(...(await this.#arena.heights()).map((height) => height ?? 0));
    this.#submitted = 0;
    this.#step = step;
    for (const peer of this.peers) peer.set({});
    return {
      reached: new Promise((resolve) => {
        this.#reached = resolve;
      }),
    };
  }

  readonly answer: Answering = async (message, forward) => {
    if (this.#step === undefined) return forward(message);
    if (this.#step === 'endorsed') return this.#stopHere();
    // What the peers tell from now on does not arrive.
    if (this.#step === 'committed') for (const peer of this.peers) peer.set({ blackHole: true });
    const answer = await forward(message);
    this.#submitted += 1;
    if (this.#step === 'submitted') return this.#submitted >= 3 ? this.#stopHere() : new Promise(() => undefined);
    await until('the write is committed', async () =>
      (await this.#arena.heights()).every((height) => (height ?? 0) > this.#height),
    );
    this.#reached();
    return answer;
  };

  #stopHere(): Promise<never> {
    this.#reached();
    return new Promise(() => undefined);
  }
}

async function gated(drill: Drill): Promise<{ readonly gate: Gate; readonly detours: Detours }> {
  const gate = new Gate(drill.arena);
  const detours: Record<string, { peer: number; orderer: number }> = {};
  for (const [index, { code }] of PROVINCES.entries()) {
    const orderer = await impostor(drill.arena, index, 'orderer', { [BROADCAST]: gate.answer });
    const peer = await startProxy({ host: '127.0.0.1', port: drill.arena.member(index).ports.peer });
    gate.peers.push(peer);
    drill.after(() => Promise.all([orderer.close(), peer.close()]));
    detours[code] = { peer: peer.port, orderer: orderer.port };
  }
  return { gate, detours };
}

async function killedAt(drill: Drill, step: Step): Promise<void> {
  const dataDir = dataFolder(drill);
  const { gate, detours } = await gated(drill);
  const before = await start(drill, dataDir, drill.arena.profile('310000', detours));
  const token = await tokenOf(dataDir);
  const whole = request();
  const kept = await post(before, token, whole);
  drill.expect(kept.status === 201, `a write before the kill is answered with ${kept.status} ${kept.text}`);
  const cut = request();
  const { reached } = await gate.at(step);
  const lost = post(before, token, cut).then(
    ({ status }) => `was answered with ${status}`,
    () => 'was cut off',
  );
  const come = await Promise.race([reached.then(() => true), pause(60_000).then(() => false)]);
  drill.expect(come, `no write came to the step ${step}`);
  await before.kill();
  drill.expect((await lost) === 'was cut off', `the write that was to be cut off ${await lost}`);
  await gate.at(undefined);
  const begun = performance.now();
  const after = await start(drill, dataDir, drill.arena.profile());
  const ready = performance.now() - begun;
  const again = await post(after, token, cut);
  drill.figures.push(`ready ${(ready / 1000).toFixed(1)} s after`);
  drill.expect(again.status === 201, `asked again, the write is answered with ${again.status} ${again.text}`);
  drill.expect((await post(after, token, cut)).text === again.text, 'asked a third time, it is answered otherwise');
  drill.expect((await post(after, token, whole)).text === kept.text, 'what was acknowledged before is answered otherwise');
  await after.stop();
  await drill.arena.settled();
  for (const each of [whole, cut])
    drill.expect(entered(drill.arena, each) === 1, `${each.code} was entered ${entered(drill.arena, each)} times`);
}

async function randomKills(drill: Drill): Promise<void> {
  const dataDir = dataFolder(drill);
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
  const token = () => tokenOf(dataDir);
  const report = await killServer({
    dataDir,
    kills: KILLS,
    seed,
    token,
    settings: settings(drill.arena.profile()),
    longest: 4000,
    patience: READY_MS,
  });
  drill.broken.push(...report.violations);
  drill.figures.push(`seed ${seed}, ${report.kills} kills, ${report.acknowledged} acknowledged, ${report.unknown} cut off`);
}

async function equalRequests(drill: Drill): Promise<void> {
  const folders = [dataFolder(drill), dataFolder(drill)];
  const servers = [
    await start(drill, folders[0] as string, drill.arena.profile('310000')),
    await start(drill, folders[1] as string, drill.arena.profile('320000')),
  ];
  const tokens = await Promise.all(folders.map(tokenOf));
  const equal = request();
  const ask = (index: number) => post(servers[index % 2] as ServerProcess, tokens[index % 2] as string, equal);
  const answers = await Promise.all(Array.from({ length: EQUAL }, (_, index) => ask(index)));
  const last = [await ask(0), await ask(1)];
  const of = (status: number) => answers.filter((answer) => answer.status === status).length;
  const records = [...answers, ...last].filter(({ status }) => status === 201).map(({ text }) => text);
  drill.figures.push(`${of(201)} of ${EQUAL} answered 201, ${of(409)} 409, ${EQUAL - of(201) - of(409)} otherwise`);
  drill.expect(new Set(records).size === 1, `${new Set(records).size} different records were answered`);
  drill.expect(
    last.every(({ status }) => status === 201),
    `asked again, the two answer ${last.map(({ status, text }) => `${status} ${text}`).join(' and ')}`,
  );
  drill.expect(
    answers.every(({ status }) => [201, 202, 409, 503].includes(status)),
    `some answers are none of 201, 202, 409 and 503: ${answers.find(({ status }) => ![201, 202, 409, 503].includes(status))?.text}`,
  );
  for (const server of servers) await server.stop();
  await drill.arena.settled();
  drill.expect(entered(drill.arena, equal) === 1, `it was entered ${entered(drill.arena, equal)} times`);
}

export const API_FAULTS: Readonly<Record<string, FabricFault>> = {
  'api-killed-endorsed': {
    what: 'the API is killed between endorsing and submitting',
    run: (drill) => killedAt(drill, 'endorsed'),
  },
  'api-killed-submitted': {
    what: 'the API is killed between submitting and the commit',
    run: (drill) => killedAt(drill, 'submitted'),
  },
  'api-killed-committed': {
    what: 'the API is killed between the commit and its answer',
    run: (drill) => killedAt(drill, 'committed'),
  },
  'api-killed-at-random': { what: `the API is killed ${KILLS} times under load`, run: randomKills },
  'api-equal-requests': { what: `${EQUAL} equal requests at once over the APIs of two provinces`, run: equalRequests },
};
