import { describe, expect, it } from 'vitest';
import type { Alarm } from '../../network/audit/monitor.js';
import { AlarmQueue } from '../../scripts/audit/alarm-queue.js';

const alarm = (index: number): Alarm => ({
  format: 'yrd-audit-alarm/1',
  alarm: 'gap',
  time: `2026-01-01T00:00:0${index}.000Z`,
  source: 'x',
  problem: `${index}`,
});
const alarms = (count: number) => Array.from({ length: count }, (_, index) => alarm(index));

/** A receiver that never answers: only the stop ends it. */
const silent = (_alarm: Alarm, stop: AbortSignal) =>
  new Promise<void>((settle) => stop.addEventListener('abort', () => settle(), { once: true }));

describe('alarms on their way to a webhook', () => {
  it('are sent one behind the other, in order, and all before it has drained', async () => {
    const [events, warned]: [string[], string[]] = [[], []];
    const send = async ({ problem }: Alarm) => {
      events.push(`${problem} begins`);
      await new Promise((settle) => setTimeout(settle, 5));
      events.push(`${problem} ends`);
    };
    const queue = new AlarmQueue(send, (line) => warned.push(line));
    for (const one of alarms(2)) queue.put(one);
    await queue.drain();
    expect(events).toEqual(['0 begins', '0 ends', '1 begins', '1 ends']);
    expect(warned).toEqual([]);
  });

  it('are sent too when they come after all before were', async () => {
    const sent: string[] = [];
    const queue = new AlarmQueue(
      async ({ problem }) => void sent.push(problem),
      () => {},
    );
    queue.put(alarm(0));
    await expect.poll(() => sent).toEqual(['0']);
    queue.put(alarm(1));
    await queue.drain();
    expect(sent).toEqual(['0', '1']);
  });

  it('keep nobody longer than the time for them, and are told of when they were not sent', async () => {
    const warned: string[] = [];
    const queue = new AlarmQueue(silent, (line) => warned.push(line), { waiting: 9, drainMs: 50 });
    for (const one of alarms(3)) queue.put(one);
    await queue.drain();
    expect(warned).toEqual(["2 alarms were not sent within 0.05 s of the end: look at the webhook's receiver"]);
  });

  it('are no more than so many: the oldest that waits goes, and is told of', async () => {
    const [sent, warned]: [string[], string[]] = [[], []];
    let answer = () => {};
    const send = async ({ problem }: Alarm) => {
      sent.push(problem);
      const answered = new Promise<void>((settle) => {
        answer = settle;
      });
      if (problem === '0') await answered;
    };
    const queue = new AlarmQueue(send, (line) => warned.push(line), { waiting: 2, drainMs: 10_000 });
    for (const one of alarms(4)) queue.put(one);
    answer();
    await queue.drain();
    expect(sent).toEqual(['0', '2', '3']);
    expect(warned).toEqual([expect.stringContaining('an alarm (gap, 2026-01-01T00:00:01.000Z) was not sent')]);
  });
});
