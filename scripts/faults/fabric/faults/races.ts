/** Many at once, where one may win: equal requests, acceptances of one hand-off, a use beside its grant's revocation. */
import { setTimeout as pause } from 'node:timers/promises';
import { key } from '../../../../chaincode/state/keys.js';
import { acceptance, certificate, grantRequest, offer, opening, revocation, use } from '../acts.js';
import { until } from '../arena.js';
import { type Agency, type Client, readRecord, saidOf, type Told, type Write } from '../client.js';
import type { Drill } from '../drill.js';
import type { FabricFault } from '../fault.js';
import { AGENCIES } from '../stage.js';

const ROUNDS = 8;
/** until a revocation and a use have come into one block */
const MOST_ROUNDS = 60;
const USES = 8;
const APART_MS = 15;
const [SHANGHAI, JIANGSU] = AGENCIES as readonly [Agency, Agency];

/** Two clients, as the API processes of two provinces are. */
async function two(drill: Drill): Promise<readonly [Client, Client]> {
  return [await drill.open(), await drill.open({ home: '320000' })];
}

/** @throws Error when it is not taken: it comes before the race */
async function must(client: Client, write: Write): Promise<void> {
  const told = await client.write(write);
  if (told.kind !== 'ok') throw new Error(`${write.function} before the race: ${saidOf(told)}`);
}

const won = (told: readonly Told[]) => told.filter(({ kind }) => kind === 'ok').length;

async function equalRequests(drill: Drill): Promise<void> {
  const clients = await two(drill);
  const write = certificate(SHANGHAI);
  const begun = performance.now();
  const told = await Promise.all(Array.from({ length: 100 }, (_, index) => (clients[index % 2] as Client).write(write)));
  drill.figures.push(`all answered in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  drill.timely(told);
  drill.figures.push(`${won(told)} acknowledged at once`);
  // What is unknown resolves by itself; until then and while peers are busy a repeat may be told to come again.
  await until('asking again is answered with what was done', async () => (await clients[1].write(write)).kind === 'ok');
}

async function twoAcceptances(drill: Drill): Promise<void> {
  const [one, other] = await two(drill);
  for (let round = 0; round < ROUNDS; round += 1) {
    const { caseId, ...open } = opening(SHANGHAI);
    await must(one, open);
    await must(one, offer(SHANGHAI, JIANGSU, caseId));
    const told = await Promise.all([one, other].map((client) => client.write(acceptance(JIANGSU, caseId))));
    drill.expect(won(told) === 1, `${won(told)} of two acceptances of one hand-off were acknowledged`);
  }
}

/** Blocks that hold a revocation and a use, whichever of them took effect. */
function shared({ arena }: Drill): number {
  const both = ['grant:RevokeGrant', 'grant:UseGrant'];
  const blocks = arena.views()[0]?.blocks ?? [];
  return blocks.filter(({ transactions }) => both.every((name) => transactions.some((each) => each.function === name))).length;
}

async function useAndRevocation(drill: Drill): Promise<void> {
  const [one, other] = await two(drill);
  let rounds = 0;
  for (; rounds < ROUNDS || (shared(drill) === 0 && rounds < MOST_ROUNDS); rounds += 1) {
    const { grantId, ...request } = grantRequest(SHANGHAI, JIANGSU, 100);
    await must(one, request);
    // It was told to Shanghai's client alone: Jiangsu's peer may get the block a moment later.
    await until('Jiangsu knows of the grant', async () => (await readRecord(other, JIANGSU, key('grant', grantId))) !== '');
    const uses = Array.from({ length: USES }, (_, number) =>
      pause(number * APART_MS).then(() => one.write(use(SHANGHAI, grantId))),
    );
    const [revoked] = await Promise.all([other.write(revocation(JIANGSU, grantId)), ...uses]);
    drill.expect(revoked?.kind === 'ok', `a revocation ended as ${saidOf(revoked)}`);
    const late = await one.write(use(SHANGHAI, grantId));
    const denied = late.kind === 'ok' && late.payload?.includes('grant.revoked');
    drill.expect(denied === true, 'a use after the revocation is not denied');
  }
  drill.expect(shared(drill) > 0, 'no use came into the block of its revocation');
  drill.figures.push(`use and revocation in one block in ${shared(drill)} of ${rounds} rounds`);
}

export const RACES: Readonly<Record<string, FabricFault>> = {
  'equal-requests': { what: '100 equal requests at once over the clients of two provinces', run: equalRequests },
  'two-acceptances': { what: 'two acceptances of one hand-off at once', run: twoAcceptances },
  'use-and-revocation': { what: 'a grant is used in the block that revokes it', run: useAndRevocation },
};
