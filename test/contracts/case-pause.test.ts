import { beforeAll, describe, expect, it } from 'vitest';
import { caseCalls } from '../support/case-calls.js';
import { type CaseWorld, caseOf, createCaseWorld, handOver, openCase } from '../support/case-world.js';
import { caseSteps } from '../support/case-writes.js';

const HOUR = 3_600_000;

describe('pausing a case', () => {
  let here: CaseWorld;
  beforeAll(async () => {
    here = await createCaseWorld();
  });

  const pause = (caseId: string, until?: string) => ({ caseId, reason: 'material-awaited', ...(until ? { until } : {}) });
  const { refused } = caseCalls(() => here);
  const { step } = caseSteps(() => here);
  const opened = (changes: object = {}) => openCase(here.world, here.shanghai, { dueAt: '2026-12-01T00:00:00Z', ...changes });
  const pausedFor = async (caseId: string, milliseconds: number, until?: string) => {
    const { world, shanghai } = here;
    const startedAt = world.now;
    await world.submit(shanghai, 'case:PauseCase', pause(caseId, until));
    world.now = startedAt + milliseconds;
  };

  it('writes the case and the entry, and nothing else', async () => {
    const caseId = await opened();
    const given = { reason: 'material-awaited', until: '2026-12-24T00:00:00Z' };
    await step(here.shanghai, 'PauseCase', { caseId, ...given }, ({ time }) => ({
      type: 'pause',
      data: given,
      changes: { pause: { since: time, ...given } },
      answer: 'case',
    }));
  });

  it('moves the due time on by as long as the clock stood still', async () => {
    const caseId = await opened();
    await pausedFor(caseId, 36 * HOUR);
    const dueAt = '2026-12-02T12:00:00.000Z';
    await step(here.shanghai, 'ResumeCase', { caseId }, () => ({
      type: 'resumption',
      data: { stoodStillMilliseconds: 36 * HOUR, dueAt },
      changes: { pause: undefined, dueAt },
      answer: 'case',
    }));
  });

  it('counts no longer than its own end, and never backwards', async () => {
    const { shanghai, world } = here;
    const ended = await opened();
    await pausedFor(ended, 36 * HOUR, new Date(world.now + HOUR).toISOString());
    expect((await world.submit(shanghai, 'case:ResumeCase', { caseId: ended })).record.dueAt).toBe('2026-12-01T01:00:00.000Z');
    const past = await opened();
    await pausedFor(past, 36 * HOUR, '2026-10-01T00:00:00Z');
    expect((await world.submit(shanghai, 'case:ResumeCase', { caseId: past })).record.dueAt).toBe('2026-12-01T00:00:00.000Z');
  });

  it('adds up over several pauses', async () => {
    const { shanghai, world } = here;
    const caseId = await opened();
    await pausedFor(caseId, HOUR);
    await world.submit(shanghai, 'case:ResumeCase', { caseId });
    await pausedFor(caseId, 2 * HOUR);
    await world.submit(shanghai, 'case:ResumeCase', { caseId });
    expect(caseOf(world, caseId).dueAt).toBe('2026-12-01T03:00:00.000Z');
  });

  it('needs no due time, and never moves one past the last instant that can be written', async () => {
    const { shanghai, world } = here;
    const { caseId } = { caseId: await openCase(world, shanghai) };
    await pausedFor(caseId, HOUR);
    expect((await world.submit(shanghai, 'case:ResumeCase', { caseId })).record).not.toHaveProperty('dueAt');
    const last = await opened({ dueAt: '9999-12-31T23:59:59Z' });
    await pausedFor(last, HOUR);
    expect((await world.submit(shanghai, 'case:ResumeCase', { caseId: last })).record.dueAt).toBe('9999-12-31T23:59:59.999Z');
  });

  it('stays with the case when it changes hands, and ends with its decision', async () => {
    const { shanghai, jiangsu, world } = here;
    const caseId = await opened();
    const startedAt = world.now;
    await world.submit(shanghai, 'case:PauseCase', pause(caseId));
    await handOver(world, caseId, shanghai, jiangsu);
    expect(caseOf(world, caseId).pause?.reason).toBe('material-awaited');
    world.now = startedAt + HOUR;
    const { record } = await world.submit(jiangsu, 'case:DecideCase', { caseId, outcome: 'granted', certificates: [] });
    expect(record).toMatchObject({ status: 'decided', dueAt: '2026-12-01T01:00:00.000Z' });
    expect(record.pause).toBeUndefined();
  });

  it('is refused twice, and a resumption without a pause', async () => {
    const caseId = await opened();
    expect(await refused(here.shanghai, 'ResumeCase', { caseId })).toEqual(['case.state', 'open']);
    await here.world.submit(here.shanghai, 'case:PauseCase', pause(caseId));
    expect(await refused(here.shanghai, 'PauseCase', pause(caseId))).toEqual(['case.state', 'paused']);
  });

  it.each(['PauseCase', 'ResumeCase'])('%s is refused from others than the holder, and once decided', async (verb) => {
    const { shanghai, jiangsu, stranger, auditor, world } = here;
    const input = (caseId: string) => (verb === 'PauseCase' ? pause(caseId) : { caseId });
    const caseId = await opened();
    await handOver(world, caseId, shanghai, jiangsu);
    expect(await refused(shanghai, verb, input(caseId))).toEqual(['case.not-holder']);
    expect(await refused(stranger, verb, input(caseId))).toEqual(['auth.agency']);
    expect(await refused(auditor, verb, input(caseId))).toEqual(['auth.role']);
    expect(await refused(jiangsu, verb, input('31-nowhere'))).toEqual(['case.not-found']);
    await world.submit(jiangsu, 'case:DecideCase', { caseId, outcome: 'granted', certificates: [] });
    expect(await refused(jiangsu, verb, input(caseId))).toEqual(['case.state', 'decided']);
  });
});
