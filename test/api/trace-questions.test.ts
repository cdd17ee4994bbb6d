import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectCasesOf } from '../../api/projection/person-cases.js';
import { selectTrace, TRACE_EXTENTS } from '../../api/projection/trace/read-trace.js';
import { TRACE_COLUMNS, TRACE_FILTERS } from '../../api/store/trace-table.js';
import { type Business, createBusiness, DATA_SET, expectStatus } from '../support/api-business.js';
import type { ApiAgency } from '../support/api-world.js';
import { followed, looksOf, playTraced, type Traced, use } from '../support/trace-world.js';

describe('a question about a trace', () => {
  let business: Business;
  let traced: Traced;
  /** of the persons' home province */
  let auditor: ApiAgency;
  beforeAll(async () => {
    business = await createBusiness();
    auditor = await business.world.agency('310000', ['auditor'], 'auditor');
    traced = await playTraced(business);
  });
  afterAll(() => business.world.close());

  const ask = (query: string, who: ApiAgency | undefined = auditor) => business.world.get(`/v1/trace?${query}`, who);
  const looks = () => looksOf(business);

  it.each(TRACE_FILTERS.filter((filter) => filter !== 'certificate'))(
    'by %s gives denied attempts alone when asked to',
    async (filter) => {
      const { first, stranger } = traced;
      const values = {
        subject: first.subject,
        grant: first.grantId,
        dataSet: DATA_SET,
        agency: stranger.agencyId,
        case: first.caseId,
      };
      const { items } = (await ask(`${filter}=${values[filter as keyof typeof values]}&decision=denied&limit=200`)).body;
      const all = (await ask(`${filter}=${values[filter as keyof typeof values]}&limit=200`)).body.items;
      expect(items.length).toBeGreaterThan(0);
      expect(items).toEqual(all.filter(({ decision }: { decision?: string }) => decision === 'denied'));
    },
  );

  describe('takes', () => {
    it.each([
      ['nothing to trace', ''],
      ['two things at once', `grant=31-grant-a&case=31-case-a`],
      ['one thing twice', 'grant=31-grant-a&grant=31-grant-b'],
      ['a filter that is none', 'officer=o-1'],
      ['a handle that is none', 'subject=abc'],
      ['an agency that is none', 'agency=11310000MB0D3101X5'],
      ['a day that is none', 'grant=31-grant-a&from=2026-02-30T00:00:00Z'],
      ['a time of another form', 'grant=31-grant-a&to=2026-02-03'],
      ['a period that ends before it begins', 'grant=31-grant-a&from=2026-02-03T00:00:00Z&to=2026-02-02T23:59:59Z'],
      ['permitted ones alone', 'grant=31-grant-a&decision=permitted'],
      [
        'the cursor of another trace',
        `grant=31-grant-a&cursor=${Buffer.from('["trace grant 31-grant-b","1"]').toString('base64url')}`,
      ],
    ])('not %s', async (_what, query) => {
      const before = await looks();
      const answer = await ask(query);
      expect([answer.status, answer.body.code]).toEqual([
        400,
        query.startsWith('agency') ? 'request.id-invalid' : 'request.invalid',
      ]);
      expect(await looks()).toBe(before);
    });

    it('no question of who is no auditor', async () => {
      for (const who of [traced.user, business.provider, business.world.registrar()])
        expect((await ask(`grant=${traced.first.grantId}`, who)).body.code).toBe('auth.role');
      expect((await business.world.get(`/v1/trace?grant=${traced.first.grantId}`)).body.code).toBe('auth.missing');
    });

    it('a period with its beginning and without its end, to the millisecond', async () => {
      const path = `grant=${traced.second.grantId}`;
      const { items } = (await ask(path)).body;
      const times = items.map(({ time }: { time: string }) => time) as string[];
      expect(times).toHaveLength(3);
      const [latest = '', , first = ''] = times;
      const shifted = (time: string, by: number) => new Date(Date.parse(time) + by).toISOString();
      const found = async (from: string, to: string) => (await ask(`${path}&from=${from}&to=${to}`)).body.items;
      expect(await found(first, shifted(latest, 1))).toEqual(items);
      expect(await found(first, latest)).toEqual(items.filter(({ time }: { time: string }) => time < latest));
      expect(await found(shifted(first, 1), shifted(latest, 1))).toEqual(
        items.filter(({ time }: { time: string }) => time > first),
      );
      expect(await found(first, first)).toEqual([]);
      const second = `${first.slice(0, 19)}Z`;
      expect((await ask(`${path}&from=${second}`)).body.items).toEqual(items);
      expect((await ask(`${path}&to=${second}`)).body.items).toEqual([]);
    });
  });

  it.each([1, 2, 3, 7])('comes page by page of %i, each item once and in order, while new uses come in', async (limit) => {
    const { user, second, first } = traced;
    const path = `/v1/trace?subject=${first.subject}&limit=${limit}`;
    const before = (await ask(`subject=${first.subject}&limit=200`)).body.items;
    const seen = await followed(business, path, auditor, async () => {
      await use(business, user, second.grantId, { subject: second.subject });
    });
    expect(seen).toEqual(before);
  });

  describe('is recorded', () => {
    it('before it is answered, once for each page, with what was asked', async () => {
      const { store } = business.world.service.deps;
      const before = await looks();
      await followed(business, `/v1/trace?certificate=${traced.certificateId}&limit=2`, auditor);
      const rows = await store.db.selectFrom('read_log').selectAll().where('number', '>', before).orderBy('number').execute();
      const entry = { action: 'trace.certificate', thing: traced.certificateId, agency: auditor.agencyId };
      expect(rows).toEqual([expect.objectContaining(entry), expect.objectContaining(entry)]);
    });

    it('or not answered: with the log broken nothing is shown', async () => {
      const { db } = business.world.service.deps.store;
      await db.schema.alterTable('read_log').renameTo('read_log_away').execute();
      try {
        for (const query of [
          `grant=${traced.first.grantId}`,
          `subject=${traced.first.subject}`,
          `agency=${traced.user.agencyId}`,
        ]) {
          const answer = await ask(query);
          expect([answer.status, answer.body.code, answer.body.items]).toEqual([503, 'ledger.unavailable', undefined]);
        }
      } finally {
        await db.schema.alterTable('read_log_away').renameTo('read_log').execute();
      }
      expectStatus(await ask(`grant=${traced.first.grantId}`), 200);
    });
  });

  const planOf = async ({ sql, parameters }: { readonly sql: string; readonly parameters: readonly unknown[] }) => {
    const { db } = business.world.service.deps.store;
    const { rows } = await db.executeQuery<{ detail: string }>(CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]));
    return rows.map(({ detail }) => detail);
  };

  it('about a person’s cases is read from one index, too', async () => {
    const asked = ['x', 9, 'y', 51];
    const { db } = business.world.service.deps.store;
    expect(await planOf(selectCasesOf(db, (index) => asked[index] as never).compile())).toEqual([
      'SEARCH case_index USING COVERING INDEX case_index_subject (subject=? AND (opened_at,case_id)<(?,?))',
      'SEARCH record USING INDEX sqlite_autoindex_record_1 (key=?)',
    ]);
  });

  it.each(TRACE_FILTERS.flatMap((filter) => TRACE_EXTENTS.map((extent) => [filter, extent] as const)))(
    'by %s over %s is read from one index, without a scan and without sorting',
    async (filter, extent) => {
      const { db } = business.world.service.deps.store;
      const asked = ['x', 0, 9, 9, 9, 9, 51];
      const plan = await planOf(selectTrace(filter, extent)(db, (index) => asked[index] as never).compile());
      const column = TRACE_COLUMNS[filter];
      const index = extent === 'denied' && filter !== 'certificate' ? `trace_denied_${column}` : `trace_${column}`;
      expect(plan).toEqual([
        `SEARCH trace USING INDEX ${index} (${column}=? AND time>? AND (time,block,position,place)<(?,?,?,?))`,
      ]);
    },
  );
});
