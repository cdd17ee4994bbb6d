import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monthOf } from '../../api/projection/statistic.js';
import { anyHandle, freshId } from '../support/api-business.js';
import { sessionOf } from '../support/authorisation/case-rows.js';
import { Stage } from '../support/authorisation/stage.js';

describe('public statistics of service centres', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.set();
  });
  afterAll(() => stage.world.close());

  const read = async () => (await stage.world.get('/v1/statistics')).body;
  const opens = async (agency = stage.centre()) => {
    const caseId = freshId(agency.province, 'case');
    const item = { itemCode: stage.item, itemVersion: 1, mode: 'standard', channel: 'virtual-window', materials: [] };
    await stage.does(agency, '/v1/cases', { caseId, ...item, subject: anyHandle() });
    return `/v1/cases/${caseId}`;
  };
  const times = async (count: number, work: () => Promise<unknown>) => {
    for (let index = 0; index < count; index++) await work();
  };

  it('count the cases that a centre opened, five at a time', async () => {
    const centre = stage.centre().agencyId;
    await times(4, () => opens());
    expect((await read()).by.centre).toBeUndefined();
    await opens();
    const { by, total } = await read();
    expect(by.centre).toEqual([{ value: centre, cases: 5 }]);
    expect(total).toEqual({ cases: 5 });
  });

  it('count no department for a centre', async () => {
    const { by: before } = await read();
    await times(5, () => opens(stage.owner()));
    const { by, total } = await read();
    expect(by.centre).toEqual(before.centre);
    expect(total.cases).toBe(10);
  });

  it('count the remote sessions of a centre when they are recorded, and not again when they are acknowledged', async () => {
    const [centre, counterpart] = [stage.centre(), stage.owner('320000')];
    const session = await sessionOf(stage, centre, counterpart);
    const path = await opens();
    const holds = async () => {
      const sessionId = freshId('310000', 'session');
      await stage.does(centre, `${path}/sessions`, { ...session, sessionId });
      return sessionId;
    };
    const held: string[] = [];
    await times(4, async () => held.push(await holds()));
    for (const sessionId of held) await stage.does(counterpart, `${path}/sessions/${sessionId}/acknowledgement`);
    expect((await read()).total.sessions).toBeUndefined();
    await holds();
    const { by, total } = await read();
    expect(total.sessions).toBe(5);
    expect(by.centre).toContainEqual({ value: centre.agencyId, cases: 5, sessions: 5 });
    expect(by.month).toContainEqual(expect.objectContaining({ value: monthOf(new Date().toISOString()), sessions: 5 }));
  });
});
