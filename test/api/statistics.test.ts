import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handoffMeasure, monthOf } from '../../api/projection/statistic.js';
import {
  activeGrant,
  type Business,
  certificateOf,
  createBusiness,
  expectStatus,
  ITEM,
  offerTo,
  openedCase,
  useOf,
  workerOf,
} from '../support/api-business.js';
import type { ApiAgency } from '../support/api-world.js';

describe('public statistics', () => {
  let business: Business;
  let shanghai: ApiAgency;
  let jiangsu: ApiAgency;
  beforeAll(async () => {
    business = await createBusiness();
    shanghai = workerOf(business, '310000');
    jiangsu = workerOf(business, '320000');
  });
  afterAll(() => business.world.close());

  const read = async (query = '') => expectStatus(await business.world.get(`/v1/statistics${query}`), 200).body;
  const does = async (path: string, agency: ApiAgency, body: object = {}, status = 201) =>
    expectStatus(await business.world.post(path, agency, body), status);
  const times = async (count: number, work: () => Promise<unknown>) => {
    for (let index = 0; index < count; index++) await work();
  };

  it('say nothing of four cases, and five of five', async () => {
    await times(4, () => openedCase(business, shanghai));
    expect(await read()).toMatchObject({ groupSize: 5, total: {}, by: {} });
    await openedCase(business, shanghai);
    const { total, by } = await read();
    expect(total).toEqual({ cases: 5 });
    const month = monthOf(new Date().toISOString());
    expect(by).toEqual({
      month: [{ value: month, cases: 5 }],
      item: [{ value: ITEM, cases: 5 }],
      domain: [{ value: 'entry', cases: 5 }],
      mode: [{ value: 'standard', cases: 5 }],
      channel: [{ value: 'online', cases: 5 }],
      province: [{ value: '310000', cases: 5 }],
    });
    expect((await read(`?month=${month}`)).by.item).toEqual(by.item);
    expect(await read('?month=2026-01')).toMatchObject({ month: '2026-01', total: {}, by: {} });
  });

  it('do not change with the next four, anywhere', async () => {
    const { block: _before, ...before } = await read();
    await times(4, () => openedCase(business, shanghai));
    const { block: _after, ...after } = await read();
    expect(after).toEqual(before);
  });

  it('count hand-offs where they were answered, and neither recalled ones nor returns', async () => {
    const handOff = async () => {
      const path = `/v1/cases/${await openedCase(business, shanghai)}/handoffs`;
      await does(path, shanghai, offerTo(jiangsu));
      return `${path}/1`;
    };
    await times(2, async () => does(`${await handOff()}/recall`, shanghai));
    await times(3, async () => does(`${await handOff()}/rejection`, jiangsu, { reason: 'incomplete' }));
    expect((await read()).total.handoffs).toBeUndefined();
    const accepted: string[] = [];
    await times(2, async () => {
      accepted.push(await handOff());
      await does(`${accepted.at(-1)}/acceptance`, jiangsu);
    });
    const { by } = await read();
    const handoffs = { count: 5, medianWaitHours: { atLeast: 0, below: 1 } };
    expect(by.province).toContainEqual({ value: '320000', handoffs });
    expect(by.channel[0].handoffs).toEqual(handoffs);
  });

  it('count uses permitted and denied by the user’s province, and no item that is not in the catalogue', async () => {
    const grantId = await activeGrant(business, shanghai);
    const listed = await activeGrant(business, shanghai, { purpose: { itemCode: ITEM, code: 'check' } });
    await times(5, () => does(`/v1/grants/${grantId}/uses`, shanghai, useOf(shanghai)));
    await times(5, () => does(`/v1/grants/${grantId}/uses`, shanghai, useOf(shanghai, { fields: ['place'] }), 403));
    const purpose = { itemCode: ITEM, code: 'check' };
    await times(5, () => does(`/v1/grants/${listed}/uses`, shanghai, useOf(shanghai, { purpose })));
    const { total, by } = await read();
    expect(total.uses).toEqual({ permitted: 10, denied: 5 });
    expect(by.item).toEqual([expect.objectContaining({ value: ITEM, uses: { permitted: 5 } })]);
  });

  it('count certificates of batches as those issued alone', async () => {
    const items = Array.from({ length: 4 }, (_, index) => certificateOf(jiangsu, `S-${index}`));
    await does('/v1/certificates/batch', jiangsu, { items });
    expect((await read()).total.certificates).toBeUndefined();
    await does('/v1/certificates', jiangsu, certificateOf(jiangsu, 'S-4'));
    const { total, by } = await read();
    expect(total.certificates).toBe(5);
    expect(by.province).toContainEqual(expect.objectContaining({ value: '320000', certificates: 5 }));
  });

  it.each(['?month=2026-13', '?month=1999-01', '?month=', '?by=item', '?month=2026-01&month=2026-02'])(
    'refuse %s',
    async (query) => {
      expect(await business.world.get(`/v1/statistics${query}`)).toMatchObject({
        status: 400,
        body: { code: 'request.invalid' },
      });
    },
  );
});

describe('what statistics sort by', () => {
  it('is the month in Beijing', () => {
    expect(monthOf('2026-10-31T15:59:59.999Z')).toBe('2026-10');
    expect(monthOf('2026-10-31T16:00:00.000Z')).toBe('2026-11');
  });

  it('is the range of hours that an answer took', () => {
    const answered = (hours: number) =>
      handoffMeasure('2026-11-02T00:00:00.000Z', new Date(Date.parse('2026-11-02T00:00:00Z') + hours * 3_600_000).toISOString());
    expect([0, 0.99, 1, 23.9, 24, 400].map(answered)).toEqual([
      'handoffs.0',
      'handoffs.0',
      'handoffs.1',
      'handoffs.2',
      'handoffs.3',
      'handoffs.6',
    ]);
  });
});
