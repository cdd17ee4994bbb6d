/** The API on the network: killed at each step of a write, killed at random, and asked the same by many at once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { REGISTRARS } from '../../../../network/registrars.js';
import { issuerOf } from '../../../issuer.js';
import { type Answered, LoggedPosts } from '../../history/posts.js';
import { validOf } from '../../history/view.js';
import { killServer } from '../../server-kills.js';
import { type ServerProcess, startServer } from '../../server-process.js';
import { freshName, instrument } from '../acts.js';
import type { Arena } from '../arena.js';
import type { Agency } from '../client.js';
import type { Drill } from '../drill.js';
import type { FabricFault } from '../fault.js';
import { gated, type Step } from './api-gate.js';

const KILLS = Number(process.env.FAULT_API_KILLS ?? 5);
const EQUAL = 100;
const READY_MS = 180_000;
const RESOLVE_MS = 60_000;
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

function post(posts: LoggedPosts, server: ServerProcess, token: string, { key, body }: Request): Promise<Answered> {
  return posts.post({ url: `${server.url}/v1/instruments`, token, agencyId: REGISTRAR.agencyId, key, body });
}

/** What was answered with 202 has to become certain while its API is there. */
async function resolved(drill: Drill, posts: LoggedPosts, server: ServerProcess, token: string): Promise<void> {
  const open = await posts.resolve(server.url, token, RESOLVE_MS);
  drill.expect(open.length === 0, `the outcome of ${open.join(', ')} is still unknown ${RESOLVE_MS / 1000} s after`);
}

/** How often the instrument was entered, on the first peer; the checker compares the others with it. */
function entered(arena: Arena, { code }: Request): number {
  const view = arena.views()[0];
  const writes = view ? validOf(view).flatMap(({ transaction }) => transaction.writes) : [];
  return writes.filter(({ key }) => key === `instrument~${code}`).length;
}

async function killedAt(drill: Drill, step: Step): Promise<void> {
  const dataDir = dataFolder(drill);
  const { gate, detours } = await gated(drill);
  const before = await start(drill, dataDir, drill.arena.profile('310000', detours));
  const token = await tokenOf(dataDir);
  const posts = new LoggedPosts('api', drill.listener);
  const whole = request();
  const kept = await post(posts, before, token, whole);
  drill.expect(kept.status === 201, `a write before the kill is answered with ${kept.status} ${kept.text}`);
  const cut = request();
  const { reached } = await gate.at(step);
  const lost = post(posts, before, token, cut).then(
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
  const again = await post(posts, after, token, cut);
  drill.figures.push(`ready ${(ready / 1000).toFixed(1)} s after`);
  drill.expect(again.status === 201, `asked again, the write is answered with ${again.status} ${again.text}`);
  drill.expect((await post(posts, after, token, cut)).text === again.text, 'asked a third time, it is answered otherwise');
  drill.expect((await post(posts, after, token, whole)).text === kept.text, 'what was acknowledged before is answered otherwise');
  await resolved(drill, posts, after, token);
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
    listener: drill.listener,
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
  const posts = servers.map((_, index) => new LoggedPosts(`api-${index}`, drill.listener));
  const ask = (index: number) =>
    post(posts[index % 2] as LoggedPosts, servers[index % 2] as ServerProcess, tokens[index % 2] as string, equal);
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
  for (const [index, server] of servers.entries()) {
    await resolved(drill, posts[index] as LoggedPosts, server, tokens[index] as string);
    await server.stop();
  }
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
