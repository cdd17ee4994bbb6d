import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { networkMissing } from '../support/fabric-network.js';
import { freeBasePort } from '../support/free-ports.js';

const missing = networkMissing();
const run = promisify(execFile);

/** The quick ones; `npm run faults -- fabric` runs all. */
it.skipIf(missing !== undefined)(
  `a killed peer, two acceptances at once and a wrong clock break no promise${missing ? ` (skipped: ${missing})` : ''}`,
  async () => {
    const names = ['fabric-peer-killed', 'fabric-two-acceptances', 'fabric-clock-fast'];
    const env = { ...process.env, FAULT_PORTS: String(await freeBasePort()) };
    const { stdout } = await run(process.execPath, ['dist/scripts/faults.js', ...names], { env, timeout: 580_000 });
    const lines = stdout.trim().split('\n');
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      ...names.map((name) => `passed ${name}`),
      '3 passed, 0 failed, 0 skipped',
    ]);
  },
  600_000,
);

it('a fault that there is not is refused with the list of those that there are', async () => {
  const refused = run(process.execPath, ['dist/scripts/faults.js', 'fabric-no-such']).then(
    () => undefined,
    (error: { code: number; stderr: string }) => error,
  );
  expect(await refused).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^no fault fabric-no-such; there are .*fabric-leader-killed/),
  });
});

it('without the programs every fault of the network is skipped and says why', async () => {
  const env = { PATH: '/nowhere', HOME: '/nowhere' };
  const { stdout } = await run(process.execPath, ['dist/scripts/faults.js', 'fabric-leader-killed'], { env });
  expect(stdout).toMatch(
    /^skipped fabric-leader-killed: Fabric's peer, orderer, configtxgen, osnadmin not found.*\n0 passed, 0 failed, 1 skipped\n$/,
  );
});
