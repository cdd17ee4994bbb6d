import { beforeAll, describe, expect, it } from 'vitest';
import { agency } from '../../scripts/demo/agencies.js';
import { type Client, createClient } from '../../scripts/demo/client.js';
import { inProcess } from '../../scripts/demo/in-process.js';
import { type Memory, memoryInProcess } from '../../scripts/demo/memory.js';
import { SCENARIOS } from '../../scripts/demo/scenarios/index.js';
import { seed } from '../../scripts/demo/seed.js';
import { Stage } from '../../scripts/demo/stage.js';
import { tokensOf } from '../../scripts/demo/tokens.js';
import { ApiWorld } from '../support/api-world.js';
import { networkMissing } from '../support/fabric-network.js';
import { byKey, type Exchange, expectSame, recorded } from '../support/recorded-client.js';

const missing = networkMissing();
const RUN = 'SAME';

interface Played {
  readonly seeding: Exchange[];
  readonly scenarios: ReadonlyMap<number, Exchange[]>;
  readonly reading: Exchange[];
}

/** Times and salts of a run are the other's too, but an instant that is waited for. */
function memoryBeside(other: Memory): Memory {
  const own = memoryInProcess();
  const keeper = (name: string) => (name.endsWith('-due') ? own : other);
  return { known: (name) => keeper(name).known(name), recall: (name, make) => keeper(name).recall(name, make) };
}

const AUDITOR = agency('shanghai.audit');
/** Lists that everything the scenarios did stands in. */
const LISTS = [
  '/v1/agencies?limit=200',
  '/v1/catalogue/service-items?limit=200',
  '/v1/catalogue/data-sets?limit=200',
  '/v1/centres?limit=200',
  '/v1/cases?limit=200',
  '/v1/grants?limit=200',
];

async function play(client: Client, memory: Memory): Promise<Played> {
  const seeding: Exchange[] = [];
  await seed({ client: recorded(client, seeding), progress: () => {} });
  const scenarios = new Map<number, Exchange[]>();
  // One after another: then the order on the ledger is the order of the script, on both.
  for (const { number, play: perform } of SCENARIOS) {
    const exchanges: Exchange[] = [];
    scenarios.set(number, exchanges);
    const telling = { tell: () => {} };
    const stage = { telling, scenario: number, run: RUN, memory, originals: true };
    await perform(new Stage({ client: recorded(client, exchanges), ...stage }));
  }
  const reading: Exchange[] = [];
  const reader = recorded(client, reading);
  for (const path of LISTS) await reader.ask('GET', path, AUDITOR);
  return { seeding, scenarios, reading };
}

async function playOn(ledger: 'embedded' | 'fabric', memory: Memory): Promise<Played> {
  const world = await ApiWorld.create({ ledger });
  try {
    const { app } = world.service;
    return await play(createClient({ address: 'http://api.test', token: tokensOf(world.issuer), send: inProcess(app) }), memory);
  } finally {
    await world.close();
  }
}

describe('the six scenarios on both ledgers', () => {
  let embedded: Played;
  let fabric: Played;
  beforeAll(async () => {
    if (missing) return;
    const memory = memoryInProcess();
    embedded = await playOn('embedded', memoryBeside(memory));
    fabric = await playOn('fabric', memoryBeside(memory));
  }, 1_800_000);

  it('are answered the same while the ledger is seeded', (test) => {
    if (missing) return test.skip(missing);
    expect(embedded.seeding.length).toBeGreaterThan(400);
    // The one answer that must differ: whose ledger it is, and what that is worth.
    const isLedger = ({ asked }: Exchange) => asked.includes('GET /v1/ledger');
    const kinds = [embedded, fabric].map(({ seeding }) => seeding.find(isLedger)?.answer);
    expect(kinds).toMatchObject([
      { kind: 'embedded', assurance: 'single-operator' },
      { kind: 'fabric', assurance: 'bft-4' },
    ]);
    const [left, right] = [embedded, fabric].map(({ seeding }) => byKey(seeding.filter((each) => !isLedger(each))));
    expectSame(left ?? [], right ?? []);
  });

  it.for(SCENARIOS.map(({ number, title }) => [number, title.en] as const))(
    'are answered the same in scenario %i: %s',
    ([number], test) => {
      if (missing) return test.skip(missing);
      const [left, right] = [embedded.scenarios.get(number) ?? [], fabric.scenarios.get(number) ?? []];
      expect(left.length).toBeGreaterThan(10);
      expectSame(left, right);
    },
  );

  it('leave the same lists', (test) => {
    if (missing) return test.skip(missing);
    expect(embedded.reading.map(({ answer }) => (answer as { status: number }).status)).toEqual(LISTS.map(() => 200));
    expectSame(embedded.reading, fabric.reading);
  });
});
