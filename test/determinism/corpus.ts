/** The transactions that are run again elsewhere: whole histories, so that every function and refusal is among them. */
import fc from 'fast-check';
import type { Proposal, VersionedValue } from '../../network/embedded/simulation.js';
import { FAR_RUNS, FAR_SEED, histories } from '../model/commands.js';
import { HistoryLedger } from '../model/ledger.js';
import type { Prepared } from '../model/prepared.js';
import type { History } from '../model/step.js';

/** As it travels to another process: values in base64. */
export interface Corpus {
  readonly prepared: readonly (readonly [key: string, value: string])[];
  /** each from the prepared state on, but for the founding, which starts from nothing */
  readonly histories: readonly { readonly fromNothing: boolean; readonly proposals: readonly Proposal[] }[];
}

/** The queries, asked about a record that is there and one that is not. */
function queries(sample: Proposal, state: ReadonlyMap<string, VersionedValue>): Proposal[] {
  const [present = ''] = state.keys();
  return [
    ['ledger:ReadRecord', present],
    ['ledger:ReadRecord', 'case~31-nowhere'],
    ['ledger:ReadRecord', 'no such key'],
    ['ledger:GetCodeInfo'],
  ].map((args) => ({ ...sample, args }));
}

function founding(prepared: Prepared): Proposal[] {
  const ledger = new HistoryLedger(prepared.dispatcher, prepared.state);
  return prepared
    .model()
    .actors('registrar')
    .map((actor, index) => {
      const call = { actor, input: {}, time: Date.parse('2026-11-02T00:00:00Z'), transactionId: String(index).repeat(64) };
      return ledger.proposal('registry:FoundRegistrar', call, `founding-of-ledger-${index}`);
    });
}

/** Keeps a history when in it a function is accepted, a function is refused, or a code is given for the first time. */
export async function collectCorpus(prepared: Prepared): Promise<Corpus> {
  const covered = new Set<string>();
  const kept: { fromNothing: boolean; proposals: Proposal[] }[] = [];
  for (const steps of fc.sample(histories, { seed: FAR_SEED, numRuns: FAR_RUNS })) {
    const ledger = new HistoryLedger(prepared.dispatcher, prepared.state);
    const { size } = covered;
    const seen = (fn: string, code: string | undefined) => {
      covered.add(code === undefined ? `${fn} accepted` : `${fn} refused`);
      if (code) covered.add(code);
    };
    const real: History = { ledger, impostors: prepared.impostors, seen, steps: 0 };
    await fc.asyncModelRun(() => ({ model: prepared.model(), real }), steps);
    if (covered.size > size) kept.push({ fromNothing: false, proposals: ledger.proposals });
  }
  const first = founding(prepared);
  const [sample] = first as [Proposal];
  kept.push({ fromNothing: true, proposals: first }, { fromNothing: false, proposals: queries(sample, prepared.state) });
  const values = [...prepared.state].map(([key, { value }]) => [key, Buffer.from(value).toString('base64')] as const);
  return { prepared: values, histories: kept };
}
