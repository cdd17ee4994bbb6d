import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { overdueBefore, readCalendar, WEEKENDS_ONLY } from '../../api/calendar/working-days.js';
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

  it('are not read from a file of another form', () => {
    expect(() => calendarOf({ holidays: ['6 November'], workdays: [] })).toThrow(Refusal);
    expect(() => calendarOf({ holidays: [] })).toThrow(Refusal);
  });
});
