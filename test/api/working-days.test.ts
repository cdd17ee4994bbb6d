import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANSWER_DAYS } from '../../api/calendar/answer-days.js';
import { dueAt, overdueBefore, readCalendar, WEEKENDS_ONLY } from '../../api/calendar/working-days.js';
import { Refusal } from '../../chaincode/errors.js';

const late = (now: string, days: number, calendar = WEEKENDS_ONLY) =>
  new Date(overdueBefore(calendar, Date.parse(now), days)).toISOString();

function calendarOf(value: unknown) {
  const file = join(mkdtempSync(join(tmpdir(), 'calendar-')), 'calendar.json');
  writeFileSync(file, JSON.stringify(value));
  return readCalendar(file);
}

describe('working days', () => {
  it('are counted in Beijing: a request of Monday evening has had its one day on Wednesday at midnight', () => {
    // 2026-11-02 is a Monday.
    expect(late('2026-11-03T15:59:59.999Z', 1)).toBe('2026-11-01T16:00:00.000Z');
    expect(late('2026-11-03T16:00:00.000Z', 1)).toBe('2026-11-02T16:00:00.000Z');
  });

  it('leave weekends out', () => {
    expect(late('2026-11-09T04:00:00Z', 1)).toBe('2026-11-05T16:00:00.000Z');
    expect(late('2026-11-09T04:00:00Z', 10)).toBe('2026-10-25T16:00:00.000Z');
  });

  it('leave holidays out and count make-up days', () => {
    const calendar = calendarOf({ holidays: ['2026-11-06', '2026-11-05'], workdays: ['2026-11-07'] });
    expect(late('2026-11-09T04:00:00Z', 1, calendar)).toBe('2026-11-06T16:00:00.000Z');
    expect(late('2026-11-09T04:00:00Z', 2, calendar)).toBe('2026-11-03T16:00:00.000Z');
  });

  it('end for a request at the instant from which on it counts as overdue', () => {
    const days = Array.from({ length: 30 }, (_, index) => `2026-11-${String(index + 1).padStart(2, '0')}`);
    const calendars = fc
      .record({ holidays: fc.subarray(days), workdays: fc.subarray(days) })
      .map(({ holidays, workdays }) => ({ ...WEEKENDS_ONLY, holidays: new Set(holidays), workdays: new Set(workdays) }));
    const since = fc.integer({ min: Date.parse('2026-10-25T00:00:00Z'), max: Date.parse('2026-12-05T00:00:00Z') });
    fc.assert(
      fc.property(calendars, since, fc.integer({ min: 1, max: 12 }), (calendar, instant, count) => {
        const due = dueAt(calendar, instant, count);
        expect(instant < overdueBefore(calendar, due, count)).toBe(true);
        expect(instant < overdueBefore(calendar, due - 1, count)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('may be as many for an answer as the file says, and are as many as usual where it says nothing', () => {
    const named = calendarOf({ holidays: [], workdays: [], answerDays: { conditional: 7, handoff: 2 } });
    expect(named.answerDays).toEqual({ ...ANSWER_DAYS, conditional: 7, handoff: 2 });
    expect(calendarOf({ holidays: [], workdays: [] }).answerDays).toEqual({
      unconditional: 1,
      conditional: 10,
      withheld: 20,
      handoff: 5,
    });
  });

  it('are not read from a file of another form', () => {
    expect(() => calendarOf({ holidays: [], workdays: [], answerDays: { handoff: 0 } })).toThrow(Refusal);
    expect(() => calendarOf({ holidays: [], workdays: [], answerDays: { handoffs: 3 } })).toThrow(Refusal);
    expect(() => calendarOf({ holidays: ['6 November'], workdays: [] })).toThrow(Refusal);
    expect(() => calendarOf({ holidays: [] })).toThrow(Refusal);
  });
});
