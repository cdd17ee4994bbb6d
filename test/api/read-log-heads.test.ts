import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anchorReadLog, ReadLogBroken } from '../../api/anchors/anchor-read-log.js';
import { hashJson } from '../../chaincode/runtime/argument.js';
import { checkReadLog } from '../../scripts/doctor/read-log.js';
import { freshId } from '../support/api-business.js';
import { type ApiAgency, ApiWorld } from '../support/api-world.js';

describe('the head of the read log', () => {
  let world: ApiWorld;
  let auditor: ApiAgency;
  let before: Record<string, unknown>[];
  beforeAll(async () => {
    world = await ApiWorld.create();
    auditor = await world.agency('310000', ['auditor'], 'auditor');
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await look(3);
    before = await rows();
  });
  /** Whatever a test did to the log is taken back. */
  afterEach(async () => {
    await db().deleteFrom('read_log').execute();
    for (const row of before)
      await db()
        .insertInto('read_log')
        .values(row as never)
        .execute();
  });

  const db = () => world.service.deps.store.db;
  const rows = () => db().selectFrom('read_log').selectAll().orderBy('number').execute();
  const heads = () => db().selectFrom('read_log_head').selectAll().orderBy('number').execute();
  const anchor = () => anchorReadLog(world.service.deps, 0);
  const doctor = () => checkReadLog(world.folder);
  async function look(times = 1) {
    for (let time = 0; time < times; time++) await world.get(`/v1/trace?case=${freshId('310000', 'case')}`, auditor);
  }
  async function proof(number: number) {
    const [first] = await rows();
    const path = `/v1/anchors/read-log-${first?.hash}-${number}?agency=${world.registrar().agencyId}`;
    await expect.poll(async () => (await world.get(path, auditor)).body.status ?? 'anchored').toBe('anchored');
    return (await world.get(path, auditor)).body;
  }
  async function anchoredHead() {
    await anchor();
    const number = (await heads()).length;
    await proof(number);
    before = await rows();
    return number;
  }

  it('is anchored in the name of the registrar that runs the API, and proved like any anchored record', async () => {
    expect(await anchor()).toBe('anchored');
    const [head] = await heads();
    expect(head).toEqual({ number: 1, entry: 3, agency: world.registrar().agencyId });
    const entry = (await rows())[2];
    expect((await proof(1)).record).toMatchObject({
      agency: world.registrar().agencyId,
      kind: 'read-log-head',
      digest: { alg: 'sha-256', value: entry?.hash },
      occurredAt: entry?.time,
    });
    expect(doctor()).toMatchObject({ verdict: 'ok', found: expect.stringContaining('heads on the ledger: 1, each of this log') });
  });

  it('is anchored anew when there are new looks, and only then', async () => {
    const number = await anchoredHead();
    expect(await anchor()).toBe('nothing new');
    await look();
    expect(await anchor()).toBe('anchored');
    expect((await heads()).map((head) => head.number)).toEqual(Array.from({ length: number + 1 }, (_, index) => index + 1));
    before = await rows();
  });

  it('waits until an entry has waited long enough, so that many looks share a transaction', async () => {
    await anchoredHead();
    await look(5);
    expect(await anchorReadLog(world.service.deps, 60_000)).toBe('nothing new');
    const later = { ...world.service.deps, clock: () => Date.now() + 61_000 };
    const { length } = await heads();
    expect(await anchorReadLog(later, 60_000)).toBe('anchored');
    expect((await heads()).at(-1)).toMatchObject({ number: length + 1, entry: (await rows()).length });
    before = await rows();
  });

  it('is sent again by the next process when the one before did not come to it', async () => {
    const number = await anchoredHead();
    await look();
    const head = { number: number + 1, entry: (await rows()).length, agency: world.registrar().agencyId };
    await db().insertInto('read_log_head').values(head).execute();
    expect(await anchor()).toBe('nothing new');
    expect((await proof(number + 1)).record.digest.value).toBe((await rows()).at(-1)?.hash);
    before = await rows();
  });

  describe('shows', () => {
    let number: number;
    let last: number;
    beforeEach(async () => {
      number = await anchoredHead();
      last = (await rows()).length;
    });

    /** Changes an entry, and every hash after it, as somebody does who knows how they are made. */
    async function rewrite(from: number) {
      const all = await rows();
      let previous = all[from - 2]?.hash ?? '0'.repeat(64);
      for (const { hash: _, ...row } of all.slice(from - 1)) {
        const changed = { ...row, previous_hash: previous, ...(row.number === from && { thing: 'another' }) };
        previous = hashJson(changed);
        await db()
          .updateTable('read_log')
          .set({ ...changed, hash: previous })
          .where('number', '=', row.number)
          .execute();
      }
    }

    it('an edited line, by its number', async () => {
      await db().updateTable('read_log').set({ thing: 'something else' }).where('number', '=', 2).execute();
      expect(doctor()).toMatchObject({ verdict: 'fault', found: 'entry 2 is missing, changed or out of place' });
    });

    it('a line that was taken out since, before more is anchored', async () => {
      await look(3);
      await db()
        .deleteFrom('read_log')
        .where('number', '=', last + 1)
        .execute();
      const found = `entry ${last + 1} is missing, changed or out of place`;
      expect(doctor()).toMatchObject({ verdict: 'fault', found });
      await expect(anchor()).rejects.toThrow(`entry ${last + 1} of the read log is missing`);
      expect(await heads()).toHaveLength(number);
    });

    it('a log whose hashes were all made anew', async () => {
      await rewrite(last);
      expect(doctor()).toMatchObject({
        verdict: 'fault',
        found: `entry ${last} is not the one that the ledger holds as head ${number}`,
      });
      await expect(anchor()).rejects.toThrow(ReadLogBroken);
    });

    it('a log that was begun anew from its first entry: what the ledger holds is of another one', async () => {
      await rewrite(1);
      expect(doctor()).toMatchObject({ verdict: 'note', found: expect.stringMatching(/which are no heads of this log$/) });
    });

    it('a log whose end was cut off', async () => {
      await db().deleteFrom('read_log').where('number', '=', last).execute();
      expect(doctor()).toMatchObject({ verdict: 'fault', found: `entry ${last} is missing, and head ${number} is of it` });
      await expect(anchor()).rejects.toThrow(`entry ${last} of the read log is missing`);
    });

    it('a log whose end was cut off with its heads, as when a backup is restored', async () => {
      await look();
      const later = await anchoredHead();
      const kept = await heads();
      await db().deleteFrom('read_log').where('number', '>', last).execute();
      await db().deleteFrom('read_log_head').where('number', '=', later).execute();
      try {
        expect(doctor()).toMatchObject({ verdict: 'fault', found: expect.stringContaining(`the ledger holds head ${later}`) });
        await look(2);
        await expect(anchor()).rejects.toThrow(`the ledger holds another head ${later}`);
      } finally {
        await db().deleteFrom('read_log_head').execute();
        await db().insertInto('read_log_head').values(kept).execute();
      }
    });
  });

  it('is looked at beside the running server, and in a folder that has none yet', () => {
    expect(checkReadLog(join(world.folder, 'nothing'))).toMatchObject({ verdict: 'ok' });
    const database = new DatabaseSync(join(world.folder, 'store/store.db'), { readOnly: true });
    expect(database.prepare('SELECT count(*) AS many FROM read_log').get()?.many).toBe(before.length);
    database.close();
  });
});

describe('in an API of one province', () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await ApiWorld.create({ settings: { PROVINCE: '330000' } });
  });
  afterAll(() => world.close());

  it('the head is anchored by that province’s registrar, and by nobody where its key is elsewhere', async () => {
    const auditor = await world.agency('330000', ['auditor'], 'auditor');
    const { deps } = world.service;
    await world.get(`/v1/trace?case=${freshId('330000', 'case')}`, auditor);
    const keyless = { ...deps.wallet, holds: async () => false };
    expect(await anchorReadLog({ ...deps, wallet: keyless }, 0)).toBe('no key');
    expect(await anchorReadLog(deps, 0)).toBe('anchored');
    const [head] = await deps.store.db.selectFrom('read_log_head').selectAll().execute();
    expect(head?.agency).toBe(world.registrar('330000').agencyId);
  });
});
