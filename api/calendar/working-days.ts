/** Working days 工作日 as the provinces count them, in China's one time zone, with its holidays and make-up days. */
import { readFileSync } from 'node:fs';
import Type, { type Static } from 'typebox';
import { check } from '../../chaincode/schemas/check.js';
import { Closed } from '../../chaincode/schemas/primitives.js';
import { parseStrictJson } from '../http/strict-json.js';
import { ANSWER_DAYS, type AnswerDays } from './answer-days.js';

const DAY = 86_400_000;
const BEIJING_OFFSET = 8 * 60 * 60_000;

const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', screened: false });
const Days = Type.Integer({ minimum: 1, maximum: 250 });
const CalendarFile = Closed({
  /** days off that fall on weekdays */
  holidays: Type.Array(Day, { maxItems: 10_000 }),
  /** make-up working days 调休上班日 that fall on weekends */
  workdays: Type.Array(Day, { maxItems: 10_000 }),
  answerDays: Type.Optional(
    Closed({
      unconditional: Type.Optional(Days),
      conditional: Type.Optional(Days),
      withheld: Type.Optional(Days),
      handoff: Type.Optional(Days),
    }),
  ),
});

export interface Calendar {
  readonly holidays: ReadonlySet<string>;
  readonly workdays: ReadonlySet<string>;
  readonly answerDays: AnswerDays;
}

export const WEEKENDS_ONLY: Calendar = { holidays: new Set(), workdays: new Set(), answerDays: ANSWER_DAYS };

/** @throws Refusal naming the field when the file does not have its form */
export function readCalendar(file: string): Calendar {
  const value = parseStrictJson(readFileSync(file)) as Static<typeof CalendarFile>;
  check(CalendarFile, value);
  return {
    holidays: new Set(value.holidays),
    workdays: new Set(value.workdays),
    answerDays: { ...ANSWER_DAYS, ...value.answerDays },
  };
}

/** A day in Beijing, as the number of days since 1970-01-01. */
function dayOf(instant: number): number {
  return Math.floor((instant + BEIJING_OFFSET) / DAY);
}

function isWorkingDay({ holidays, workdays }: Calendar, day: number): boolean {
  const date = new Date(day * DAY);
  const name = date.toISOString().slice(0, 10);
  if (workdays.has(name)) return true;
  return !holidays.has(name) && date.getUTCDay() % 6 !== 0;
}

/**
 * What came in before this instant has had `days` full working days since, and is overdue now. The day on
 * which it came in does not count, nor does today, which is not over.
 */
export function overdueBefore(calendar: Calendar, now: number, days: number): number {
  let day = dayOf(now);
  for (let left = days; left > 0; ) {
    day -= 1;
    if (isWorkingDay(calendar, day)) left -= 1;
  }
  return day * DAY - BEIJING_OFFSET;
}

/** The instant from which on `overdueBefore` counts what came in at `since` as overdue: `days` full working days after its day. */
export function dueAt(calendar: Calendar, since: number, days: number): number {
  let day = dayOf(since);
  for (let left = days; left > 0; ) {
    day += 1;
    if (isWorkingDay(calendar, day)) left -= 1;
  }
  return (day + 1) * DAY - BEIJING_OFFSET;
}
