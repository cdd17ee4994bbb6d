/** The guard against pressure answers so on a machine that has other work, and asks for another try. */
import { setTimeout as pause } from 'node:timers/promises';

const BUSY = 'ledger.unavailable';
const PAUSE_MS = 200;
const PATIENCE_MS = 60_000;

async function isBusy(answer: Response): Promise<boolean> {
  return answer.status === 503 && ((await answer.clone().json()) as { code?: string }).code === BUSY;
}

/** Asks again while the server is too busy to answer, for a minute at most; any other answer is the caller's to judge. */
export async function whenNotBusy(ask: () => Promise<Response>): Promise<Response> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await pause(PAUSE_MS)) {
    const answer = await ask();
    if (Date.now() > deadline || !(await isBusy(answer))) return answer;
  }
}
