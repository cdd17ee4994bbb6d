/** A clock that is 20 minutes off: of a client, and of an API. */
import { certificate } from '../acts.js';
import { entering, freshCode, openApi } from '../api-service.js';
import { type Agency, saidOf } from '../client.js';
import type { Drill } from '../drill.js';
import type { FabricFault } from '../fault.js';
import { AGENCIES } from '../stage.js';

const SKEW_MS = 20 * 60_000;

async function wrongClock(drill: Drill, offset: number): Promise<void> {
  const [agency] = AGENCIES as readonly [Agency];
  const wrong = await drill.open({ clock: () => Date.now() + offset });
  const right = await drill.open({ home: '320000' });
  const told = await wrong.write(certificate(agency));
  const message = saidOf(told);
  drill.expect(/^ClockRefused: .*clock/.test(message), `with a wrong clock a write ends with: ${message}`);
  drill.timely([told]);
  drill.expect((await right.write(certificate(agency))).kind === 'ok', "another province's client suffers from it");
}

/** The clock goes wrong while the API serves, and is set right again. */
async function wrongClockOfApi(drill: Drill, skew: number): Promise<void> {
  let offset = 0;
  const wrong = await openApi(drill, '310000', () => Date.now() + offset);
  const right = await openApi(drill, '320000');
  const before = await entering(wrong, freshCode());
  drill.expect(before.status === 201, `before its clock is off the API answers ${before.status} ${before.text}`);
  offset = skew;
  const code = freshCode();
  const off = await entering(wrong, code);
  drill.expect(
    off.status === 503 && off.text.includes('"ledger.clock"'),
    `with its clock off the API answers ${off.status} ${off.text}`,
  );
  const beside = await entering(right, freshCode());
  drill.expect(beside.status === 201, `another province's API answers ${beside.status} ${beside.text} meanwhile`);
  offset = 0;
  const again = await entering(wrong, code);
  drill.expect(again.status === 201, `its clock set right, the same request is answered with ${again.status} ${again.text}`);
}

export const CLOCK_FAULTS: Readonly<Record<string, FabricFault>> = {
  'clock-fast': { what: "the client's clock is 20 minutes fast", run: (drill) => wrongClock(drill, SKEW_MS) },
  'clock-slow': { what: "the client's clock is 20 minutes slow", run: (drill) => wrongClock(drill, -SKEW_MS) },
  'api-clock-fast': { what: "an API's clock is 20 minutes fast", run: (drill) => wrongClockOfApi(drill, SKEW_MS) },
  'api-clock-slow': { what: "an API's clock is 20 minutes slow", run: (drill) => wrongClockOfApi(drill, -SKEW_MS) },
};
