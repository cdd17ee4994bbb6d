/** How tests of cases speak to the contract: a call, a refusal, a hand-off. */
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import type { Simulation } from '../../network/embedded/simulation.js';
import { type CaseWorld, offer, openCase } from './case-world.js';
import type { Actor } from './contract-world.js';
import { sha256 } from './digests.js';
import { isFresh } from './freshness.js';

const numbered = (number: number) => String(number).padStart(8, '0');

/** @param here the world, which a test file makes before its first test */
export function caseCalls(here: () => CaseWorld) {
  return {
    call: (actor: Actor, verb: string, input: object) => here().world.submit(actor, `case:${verb}`, input),
    /** the refusal's code, and the state where one is in the way */
    refused: async (actor: Actor, verb: string, input: object) => {
      const { code, facts } = await here().world.refusal(actor, `case:${verb}`, input);
      return facts.state === undefined ? [code] : [code, facts.state];
    },
  };
}

export function handoffCalls(here: () => CaseWorld) {
  const opened = () => openCase(here().world, here().shanghai);
  return {
    opened,
    /** a new case, offered to Jiangsu */
    offered: async (changes: object = {}) => {
      const caseId = await opened();
      const { world, shanghai, jiangsu } = here();
      await world.submit(shanghai, 'case:OfferHandoff', offer(caseId, jiangsu, changes));
      return { caseId, handoff: 1 };
    },
    handoffOf: ({ caseId, handoff }: { caseId: string; handoff: number }) =>
      here().world.read(`handoff~${caseId}~${numbered(handoff)}`),
  };
}

/** Transactions that are simulated before others commit, and whether they still may. */
export function racingCalls(here: () => CaseWorld) {
  let operations = 0;
  return {
    simulated: (actor: Actor, verb: string, input: object): Promise<Simulation> => {
      const operation = `invariant-test-${numbered(++operations)}`;
      return here().world.simulate(actor, `case:${verb}`, encodeArgument({ operation, input }));
    },
    fresh: (simulation: Simulation) => isFresh(here().world, simulation),
  };
}

export const milestone = (caseId: string, name = 'site-visit') => ({
  caseId,
  name,
  occurredAt: '2026-11-02T00:30:00Z',
  digest: sha256(name),
});
