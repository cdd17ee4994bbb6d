/** A ledger of one history: the contracts through fabric-shim's dispatcher over a copy of the prepared state. */
import { parseRefusal } from '../../chaincode/errors.js';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import type { Dispatcher } from '../../network/embedded/dispatcher.js';
import { type Proposal, type Simulation, simulate, type VersionedValue } from '../../network/embedded/simulation.js';
import type { Call, Input } from './verb.js';

export interface Outcome {
  /** the code of a refusal; undefined when the transaction is valid */
  readonly refused: string | undefined;
  readonly answer: Input;
  readonly simulation: Simulation;
}

/** What a transaction leaves behind, and what was there before. */
export interface Committed {
  readonly call: Call;
  readonly fn: string;
  readonly operation: string;
  readonly outcome: Outcome;
  readonly before: ReadonlyMap<string, VersionedValue>;
}

export class HistoryLedger {
  readonly state: Map<string, VersionedValue>;
  /** every proposal in its order, for running the history again elsewhere */
  readonly proposals: Proposal[] = [];
  readonly #dispatcher: Dispatcher;
  #block = 1_000_000;

  constructor(dispatcher: Dispatcher, prepared: ReadonlyMap<string, VersionedValue>) {
    this.#dispatcher = dispatcher;
    this.state = new Map(prepared);
  }

  proposal(fn: string, call: Call, operation: string): Proposal {
    return {
      transactionId: call.transactionId,
      channel: 'delta',
      chaincode: 'trust',
      timestamp: call.time,
      creator: { mspId: call.actor.mspId, certificate: call.actor.certificate },
      args: [fn, encodeArgument({ operation, input: call.input })],
    };
  }

  async execute(proposal: Proposal): Promise<Outcome> {
    const simulation = await simulate(this.#dispatcher, this.state, proposal);
    if (simulation.status === 200)
      return { refused: undefined, answer: JSON.parse(Buffer.from(simulation.payload).toString('utf8')), simulation };
    const refusal = parseRefusal(simulation.message);
    if (!refusal) throw new Error(`${proposal.args[0]} failed: ${simulation.message}`);
    if (simulation.writes.length > 0) throw new Error(`${proposal.args[0]} was refused and wrote`);
    return { refused: refusal.code, answer: {}, simulation };
  }

  /** Whether everything a transaction read is still as it read it. */
  isFresh({ reads }: Simulation): boolean {
    return reads.every(({ key, version }) => {
      const now = this.state.get(key)?.version;
      return now?.block === version?.block && now?.position === version?.position;
    });
  }

  /** @returns what the written keys held before */
  commit(proposal: Proposal, { simulation }: Outcome): Map<string, VersionedValue> {
    this.proposals.push(proposal);
    const before = new Map<string, VersionedValue>();
    this.#block += 1;
    for (const { key, value } of simulation.writes) {
      const old = this.state.get(key);
      if (old) before.set(key, old);
      if (value === undefined) throw new Error(`${proposal.args[0]} deleted ${key}`);
      this.state.set(key, { value, version: { block: this.#block, position: 0 } });
    }
    return before;
  }

  read<T>(key: string): T | undefined {
    const found = this.state.get(key);
    return found ? (JSON.parse(Buffer.from(found.value).toString('utf8')) as T) : undefined;
  }

  /** What a peer would sign for a record: the query's own answer. */
  async query(key: string, asker: Call): Promise<string> {
    const proposal = { ...this.proposal('ledger:ReadRecord', asker, 'query-operation-1'), args: ['ledger:ReadRecord', key] };
    const { payload } = await simulate(this.#dispatcher, this.state, proposal);
    return Buffer.from(payload).toString('utf8');
  }
}
