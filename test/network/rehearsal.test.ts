import { describe, expect, it } from 'vitest';
import { locate } from '../../network/operation/programs.js';
import { freeBasePort } from '../support/free-ports.js';
import { fabricMissing, network } from '../support/network-command.js';

const missing = fabricMissing() ?? (locate('configtxlator') ? undefined : "Fabric's configtxlator is not here");

/** The rest, which takes minutes: `npm run network -- rehearse`. */
const RUNBOOKS = ['identities', 'peer', 'registrar', 'upgrade'];

describe('the runbooks, on a network of their own', () => {
  it.for(RUNBOOKS)('%s: every check holds', { timeout: 600_000 }, async (runbook, context) => {
    if (missing) context.skip(missing);
    const { output, complaint } = await network(['rehearse', runbook, '--ports', String(await freeBasePort())]);
    const seen = output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { check: string; held: boolean });
    expect(complaint).toBe('');
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.filter(({ held }) => !held).map(({ check }) => check)).toEqual([]);
  });

  it('are told by name when one is asked for that there is not', async () => {
    const { code, complaint } = await network(['rehearse', 'nothing']);
    expect([code, complaint.trim()]).toEqual([1, expect.stringMatching(/^nothing is not known here: give one of identities, /)]);
  });
});
