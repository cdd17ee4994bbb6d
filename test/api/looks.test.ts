import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstReadLogFault } from '../../api/store/read-log.js';
import { seeded } from '../../scripts/faults/random.js';
import { anyHandle, type Business, createBusiness } from '../support/api-business.js';
import type { ApiAgency } from '../support/api-world.js';
import { openSecondApi } from '../support/second-api.js';
import { PERSON, playTraced, type Traced } from '../support/trace-world.js';

const READS = Number(process.env.LOOKS ?? 300);

describe('looks at what is not for everybody', () => {
  let business: Business;
  let traced: Traced;
  let portal: ApiAgency;
  let auditor: ApiAgency;
  beforeAll(async () => {
    business = await createBusiness();
    traced = await playTraced(business);
    portal = await business.world.agency('310000', ['application'], 'portal');
    auditor = await business.world.agency('310000', ['auditor'], 'auditor');
  });
  afterAll(() => business.world.close());

  const recorded = async () => {
    const { db } = business.world.service.deps.store;
    return Number(
      (
        await db
          .selectFrom('read_log')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow()
      ).count,
    );
  };

  /** Routes that rule 13 is about, with things that are there and such as are not. */
  function routes() {
    const { first, second, user, certificateId } = traced;
    const get = (path: string) => (who: ApiAgency) => business.world.get(path, who);
    const post = (path: string, body: object) => (who: ApiAgency) => business.world.post(path, who, body);
    const things = [
      `subject=${first.subject}`,
      `subject=${anyHandle()}`,
      `grant=${second.grantId}&limit=1`,
      `dataSet=marriage-registration&decision=denied`,
      `agency=${user.agencyId}`,
      `certificate=${certificateId}`,
      `case=${first.caseId}`,
      'case=31&grant=31',
      '',
    ];
    return [
      ...things.map((query) => get(`/v1/trace?${query}`)),
      get(`/v1/grants/${first.grantId}/uses`),
      get('/v1/grants/31-no-grant/uses'),
      post('/v1/subjects/trace', PERSON),
      post('/v1/subjects/cases', PERSON),
      post('/v1/subjects/cases', { ...PERSON, number: '1' }),
      post(`/v1/subjects/${first.subject}/opening`, { reason: 'complaint' }),
      post(`/v1/subjects/${first.subject}/opening`, {}),
    ];
  }

  it(`are recorded once for each that was answered, and for no other, over ${READS} random ones`, async () => {
    const seed = 20_261_128;
    const random = seeded(seed);
    const of = <T>(options: readonly T[]) => options[Math.floor(random() * options.length)] as T;
    const asking = [
      auditor,
      business.auditor,
      portal,
      traced.user,
      traced.stranger,
      business.provider,
      business.world.registrar(),
    ];
    const before = await recorded();
    let answered = 0;
    for (let done = 0; done < READS; ) {
      // Some at once, so that entries queue for one another.
      const answers = await Promise.all(Array.from({ length: 1 + Math.floor(random() * 8) }, () => of(routes())(of(asking))));
      answered += answers.filter(({ status }) => status < 300).length;
      for (const { status, text } of answers) expect([200, 201, 400, 403, 404], text).toContain(status);
      done += answers.length;
    }
    expect(answered, `seed ${seed}`).toBeGreaterThan(READS / 10);
    expect((await recorded()) - before).toBe(answered);
    expect(await firstReadLogFault(business.world.service.deps.store)).toBeUndefined();
  });

  it('are kept from everybody while they cannot be recorded', async () => {
    const { db } = business.world.service.deps.store;
    await db.schema.alterTable('read_log').renameTo('read_log_away').execute();
    try {
      for (const route of routes())
        for (const who of [auditor, portal, traced.user]) {
          const { status, body } = await route(who);
          expect([400, 403, 404, 503]).toContain(status);
          expect([body.items, body.salt]).toEqual([undefined, undefined]);
        }
    } finally {
      await db.schema.alterTable('read_log_away').renameTo('read_log').execute();
    }
  });

  it('show the same in another API, whose tables the blocks alone have made', async () => {
    const second = await openSecondApi(business.world);
    try {
      await second.catchUp();
      const { first, stranger, certificateId } = traced;
      for (const query of [
        `grant=${first.grantId}`,
        `agency=${stranger.agencyId}`,
        `certificate=${certificateId}`,
        `case=${first.caseId}`,
      ]) {
        const here = await business.world.get(`/v1/trace?${query}`, auditor);
        const there = await second.send('GET', `/v1/trace?${query}`, auditor);
        expect([there.status, there.body]).toEqual([200, here.body]);
      }
    } finally {
      await second.close();
    }
  });
});
