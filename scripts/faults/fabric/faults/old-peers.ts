/** A peer that is restored from an old copy of its ledger, and what a client reads of it while it is old. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PROVINCES } from '../../../../chaincode/provinces.js';
import { key } from '../../../../chaincode/state/keys.js';
import { LedgerUnavailable } from '../../../../network/errors.js';
import { certificate } from '../acts.js';
import { type Arena, until } from '../arena.js';
import { type Agency, type Client, readRecord } from '../client.js';
import type { Drill } from '../drill.js';
import type { FabricFault } from '../fault.js';
import { AGENCIES } from '../stage.js';
import type { Workload } from '../workload.js';

const HOME = 0;
const WRITES = 20;
/** so often the old peer is read, and so long in between */
const READS = 40;
const BETWEEN_MS = 100;

const ledgerOf = (arena: Arena, index: number) => join(arena.peerFolder(index), 'ledger');

/** @returns what puts the copy, as it is now, in the place of the peer's ledger; the peer is not started */
async function copied(drill: Drill, index: number): Promise<() => Promise<void>> {
  const { arena } = drill;
  const [ledger, copy] = [ledgerOf(arena, index), join(arena.root, `old-ledger-${index}`)];
  await arena.kill(index, 'peer');
  cpSync(ledger, copy, { recursive: true });
  drill.after(() => rmSync(copy, { recursive: true, force: true }));
  await arena.start([index, 'peer']);
  return async () => {
    await arena.kill(index, 'peer');
    rmSync(ledger, { recursive: true });
    cpSync(copy, ledger, { recursive: true });
  };
}

async function worked(drill: Drill, client: Client): Promise<Workload> {
  const workload = await drill.work(client);
  await until('twenty more writes', () => workload.told.filter(({ kind }) => kind === 'ok').length >= WRITES);
  return workload;
}

async function restored(drill: Drill, index: number): Promise<void> {
  const restore = await copied(drill, index);
  const client = await drill.open();
  const workload = await worked(drill, client);
  await restore();
  await drill.arena.start([index, 'peer']);
  await workload.stop();
  drill.timely(workload.told);
  await drill.caughtUp();
}

interface Acknowledged {
  readonly recordKey: string;
  readonly record: string;
  readonly transactionId: string;
}

/** @throws Error when it is not taken: it comes before the fault */
async function acknowledged(client: Client, agency: Agency): Promise<Acknowledged> {
  const write = certificate(agency);
  const told = await client.write(write);
  if (told.kind !== 'ok') throw new Error('a write before the restore was not committed');
  const { certificateId } = write.input as { readonly certificateId: string };
  const recordKey = key('certificate', certificateId);
  return { recordKey, record: await readRecord(client, agency, recordKey), transactionId: told.transactionId };
}

/** How a question was answered: as before, as if nothing were there, or not at all. */
async function answered(asked: Promise<unknown>, before: unknown): Promise<'same' | 'unavailable' | string> {
  return asked.then(
    (now) => (now === before ? 'same' : `answered with ${JSON.stringify(now)}`),
    (error: Error) => (error instanceof LedgerUnavailable ? 'unavailable' : `ended with ${error.name}: ${error.message}`),
  );
}

/** What was acknowledged is answered while home's peer is old, or the ledger is unavailable; it is never absent. */
async function neverAbsent(drill: Drill, client: Client, agency: Agency, known: Acknowledged): Promise<void> {
  const said = new Map<string, number>();
  const note = (what: string) => said.set(what, (said.get(what) ?? 0) + 1);
  const status = async () => (await client.fabric.ledger.transactionStatus(known.transactionId)).status;
  for (let read = 0; read < READS; read += 1) {
    note(`a record ${await answered(readRecord(client, agency, known.recordKey), known.record)}`);
    note(`its transaction ${await answered(status(), 'valid')}`);
    await pause(BETWEEN_MS);
  }
  const wrong = [...said.keys()].filter((what) => !/ (same|unavailable)$/.test(what));
  drill.expect(wrong.length === 0, `while home's peer is old, ${wrong.join('; ')}`);
  drill.figures.push(`${said.get('a record same') ?? 0} of ${READS} reads answered by an old peer's client`);
}

/** No orderer tells the old peer what it lacks until it has been read. */
async function oldHome(drill: Drill): Promise<void> {
  const { arena } = drill;
  const [agency] = AGENCIES as readonly [Agency];
  const restore = await copied(drill, HOME);
  const client = await drill.open();
  const workload = await worked(drill, client);
  await workload.stop();
  drill.timely(workload.told);
  const known = await acknowledged(client, agency);
  const whole = Math.max(...(await arena.heights()).map((height) => height ?? 0));
  const all = PROVINCES.map((_, index) => index);
  drill.after(() => {
    for (const index of all) arena.signal(index, 'orderer', 'SIGCONT');
  });
  for (const index of all) arena.signal(index, 'orderer', 'SIGSTOP');
  await restore();
  await arena.start([HOME, 'peer']);
  await neverAbsent(drill, client, agency, known);
  const height = (await arena.heights())[HOME] ?? 0;
  drill.expect(height > 0 && height < whole, `the restored peer was to be old, and has height ${height} of ${whole}`);
  const { provinces } = await client.fabric.ledger.info();
  drill.expect(provinces[HOME]?.height === height, `its height is told as ${provinces[HOME]?.height} and is ${height}`);
  for (const index of all) arena.signal(index, 'orderer', 'SIGCONT');
  await drill.caughtUp();
  drill.recovered(await drill.recovery(client));
  const last = await answered(readRecord(client, agency, known.recordKey), known.record);
  drill.expect(last === 'same', `when home's peer has caught up, the record ${last}`);
}

export const OLD_PEERS: Readonly<Record<string, FabricFault>> = {
  'old-peer-restored': { what: 'a peer is restored from an old copy of its ledger', run: (drill) => restored(drill, 2) },
  'old-home-peer-restored': {
    what: "the client's own province's peer is restored from an old copy, and read while it is old",
    run: oldHome,
  },
};
