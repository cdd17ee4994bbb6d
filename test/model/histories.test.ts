import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { findDefinitions } from '../support/definitions.js';
import { histories } from './commands.js';
import { HistoryLedger } from './ledger.js';
import { type Prepared, prepare } from './prepared.js';
import type { History } from './step.js';
import { VERBS } from './verbs/verbs.js';

const HISTORIES = Number(process.env.HISTORIES ?? 1000);
const SEED = Number(process.env.SEED ?? randomInt(2 ** 31));
/** Seeds that run every time: any that ever breaks a rule is added. */
const REGRESSION_SEEDS = [1, 20261123, 1310000, 340000];

describe('random histories of all agencies over all contracts', () => {
  let prepared: Prepared;
  beforeAll(async () => {
    prepared = await prepare();
  });

  /** Fails with the seed, the path and the shortest history that breaks a rule. */
  const run = async (seed: number, numRuns: number) => {
    let accepted = 0;
    const seen = (_fn: string, code: string | undefined) => {
      if (code === undefined) accepted += 1;
    };
    const property = fc.asyncProperty(histories, async (steps) => {
      const ledger = new HistoryLedger(prepared.dispatcher, prepared.state);
      const real: History = { ledger, impostors: prepared.impostors, seen, steps: 0 };
      await fc.asyncModelRun(() => ({ model: prepared.model(), real }), steps);
    });
    await fc.assert(property, { seed, numRuns });
    return accepted;
  };

  it('know every function that writes', async () => {
    const defined = (await findDefinitions()).map(({ definition }) => `${definition.contract}:${definition.name}`);
    expect(VERBS.map((verb) => verb.fn).sort()).toEqual(defined.sort());
  });

  it.each(REGRESSION_SEEDS)(
    'keep rules 1 to 12 from seed %i',
    async (seed) => {
      expect(await run(seed, 20)).toBeGreaterThan(0);
    },
    600_000,
  );

  it(`keep rules 1 to 12 over ${HISTORIES} histories from seed ${SEED}`, async () => {
    console.log(`model: SEED=${SEED} HISTORIES=${HISTORIES}`);
    expect(await run(SEED, HISTORIES)).toBeGreaterThan(HISTORIES);
  }, 3_600_000);
});
