/** Alarms to a URL of the operator's own choice. Nothing comes of the answer but whether it was taken. */
import type { Alarm } from '../../network/audit/monitor.js';

const PATIENCE_MS = 10_000;
const ATTEMPTS = 3;

type Fetch = (url: string, init: RequestInit) => Promise<{ readonly ok: boolean; readonly status: number }>;

/** @throws Error when it is no https URL */
export function webhookUrl(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:') throw new Error('give an https URL: an alarm in the open can be read and kept back.');
  return url.href;
}

/**
 * Never throws: an alarm that cannot be sent stands in the log all the same, and why it was not sent.
 * @param stop ends it, with no further attempt
 */
export async function postAlarm(
  url: string,
  alarm: Alarm,
  warn: (message: string) => void,
  ask: Fetch = fetch,
  stop: AbortSignal = new AbortController().signal,
): Promise<void> {
  let reason = '';
  for (let attempt = 0; attempt < ATTEMPTS && !stop.aborted; attempt += 1) {
    try {
      const answer = await ask(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alarm),
        redirect: 'error',
        signal: AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MS)]),
      });
      if (answer.ok) return;
      reason = `it answered ${answer.status}`;
    } catch (error) {
      reason = (error as Error).message;
    }
  }
  warn(`the alarm could not be sent to ${new URL(url).origin} (${reason}): look at the webhook's receiver`);
}
