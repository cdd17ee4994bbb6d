import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { document } from '../../scripts/demo/digest.js';
import { networkMissing } from '../support/fabric-network.js';
import {
  allCaughtUp,
  command,
  commandIn,
  expectDemonstration,
  freePort,
  freshFolder,
  height,
  killedFirstStart,
  startServer,
  verify,
} from '../support/first-run.js';
import { type OwnNetwork, ownNetwork } from '../support/own-network.js';

const missing = networkMissing();
const PATIENCE = 600_000;

describe('npm start on a network of four provinces', { timeout: PATIENCE }, () => {
  let network: OwnNetwork;
  let environment: Record<string, string> = {};
  const dataDir = freshFolder();
  beforeAll(async () => {
    if (missing) return;
    network = await ownNetwork();
    environment = { LEDGER: 'fabric', FABRIC_PROFILE: network.profile() };
  }, PATIENCE);
  afterAll(() => network?.remove(), PATIENCE);

  it('goes on with the demonstration where it was killed, and plays nothing twice', async (test) => {
    if (missing) return test.skip(missing);
    await killedFirstStart(dataDir, 'agencies registered', environment);
    const server = await startServer(dataDir, environment);
    try {
      await expectDemonstration(server.url, dataDir, server.port);
      expect((await verify(server.url, document('food-licence.pdf'))).verdict).toBe('valid');
      const ledger = await (await fetch(`${server.url}/v1/ledger`)).json();
      expect(ledger).toMatchObject({ kind: 'fabric', assurance: 'bft-4', channel: 'delta' });
      await allCaughtUp(server.url);
    } finally {
      expect(await server.stop()).toBe(0);
    }
  });

  it('knows that the records are there: in its own folder, and on the ledger when the folder is new', async (test) => {
    if (missing) return test.skip(missing);
    const again = await startServer(dataDir, environment);
    const before = await height(again.url);
    const second = commandIn(environment, 'start', dataDir, await freePort());
    expect(second).toMatchObject({ status: 1, stderr: expect.stringContaining('is in use by another process') });
    expect(await again.stop()).toBe(0);
    const elsewhere = await startServer(freshFolder(), environment);
    expect(elsewhere.output()).toContain('the demonstration records are on the ledger already');
    expect(elsewhere.output()).toContain('food-licence.pdf');
    expect(await height(elsewhere.url)).toBe(before);
    expect(await elsewhere.stop()).toBe(0);
  });

  it('plays a scenario over HTTP', async (test) => {
    if (missing) return test.skip(missing);
    const server = await startServer(dataDir, environment);
    const played = commandIn(environment, 'demo', dataDir, server.port, '4');
    expect(played.stderr).toBe('');
    expect(played.stdout).toContain('Scenario 4 is done');
    expect(await server.stop()).toBe(0);
  });

  it('refuses the folder of the other ledger, either way', async (test) => {
    if (missing) return test.skip(missing);
    const embedded = freshFolder();
    mkdirSync(join(embedded, 'ledger'));
    expect(commandIn(environment, 'start', embedded, await freePort())).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /^The data folder is refused \(other-ledger\): .* holds an embedded ledger: give another DATA_DIR/,
      ),
    });
    expect(command('start', dataDir, await freePort())).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^The data folder is refused \(other-ledger\): .* start with LEDGER=fabric/),
    });
  });
});
