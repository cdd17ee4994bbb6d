/** The guard against pressure answers so on a machine that has other work: it asks for another try. */
import { setTimeout as pause } from 'node:timers/promises';

const SERVICE_UNAVAILABLE = 503;
const PAUSE_MS = 200;

/** Asks again while the server is too busy to answer. */
export async function whenNotBusy(ask: () => Promise<Response>): Promise<Response> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== SERVICE_UNAVAILABLE) return answer;
    await answer.text();
    await pause(PAUSE_MS);
  }
}
