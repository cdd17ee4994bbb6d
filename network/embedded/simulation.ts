/**
 * Executes one proposal against committed state and records what it read, with versions, and what it
 * would write: Fabric's simulation. Nothing changes until a block commits.
 */
import type { Dispatcher } from './dispatcher.js';

/** Where a key was last written: Fabric's version of a key. */
export interface Version {
  readonly block: number;
  readonly position: number;
}

export interface VersionedValue {
  readonly value: Uint8Array;
  readonly version: Version;
}

/** Committed state; reads give one consistent value each, MVCC at commit does the rest. */
export interface StateReader {
  get(key: string): VersionedValue | undefined;
}

export interface Proposal {
  readonly transactionId: string;
  readonly channel: string;
  readonly chaincode: string;
  /** milliseconds since the epoch, declared by the client */
  readonly timestamp: number;
  readonly creator: { readonly mspId: string; readonly certificate: string };
  /** `contract:Function`, then its arguments */
  readonly args: readonly string[];
}

export interface Read {
  readonly key: string;
  /** undefined when the key did not exist */
  readonly version: Version | undefined;
}

export interface Write {
  readonly key: string;
  /** undefined deletes the key */
  readonly value: Uint8Array | undefined;
}

export interface Simulation {
  readonly status: number;
  readonly message: string;
  readonly payload: Uint8Array;
  /** in byte order of the keys, as Fabric's read-write sets are */
  readonly reads: readonly Read[];
  readonly writes: readonly Write[];
}

const EMPTY = Buffer.alloc(0);

function inKeyOrder<T extends { readonly key: string }>(entries: Iterable<T>): T[] {
  return [...entries].sort((left, right) => Buffer.compare(Buffer.from(left.key), Buffer.from(right.key)));
}

/**
 * The part of fabric-shim's stub that our contracts may use. As on a peer, a read never sees the
 * transaction's own writes, and range or rich queries are not offered at all.
 */
class SimulationStub {
  readonly reads = new Map<string, Read>();
  readonly writes = new Map<string, Write>();
  readonly #proposal: Proposal;
  readonly #state: StateReader;

  constructor(proposal: Proposal, state: StateReader) {
    this.#proposal = proposal;
    this.#state = state;
  }

  getBufferArgs(): Buffer[] {
    return this.#proposal.args.map((argument) => Buffer.from(argument, 'utf8'));
  }

  getArgs(): string[] {
    return [...this.#proposal.args];
  }

  getFunctionAndParameters(): { fcn: string; params: string[] } {
    const [fcn = '', ...params] = this.#proposal.args;
    return { fcn, params };
  }

  getTxID(): string {
    return this.#proposal.transactionId;
  }

  getChannelID(): string {
    return this.#proposal.channel;
  }

  getCreator(): { mspid: string; idBytes: Uint8Array } {
    const { mspId, certificate } = this.#proposal.creator;
    return { mspid: mspId, idBytes: Buffer.from(certificate, 'utf8') };
  }

  getMspID(): string {
    return this.#proposal.creator.mspId;
  }

  getTxTimestamp(): { seconds: number; nanos: number } {
    const { timestamp } = this.#proposal;
    return { seconds: Math.floor(timestamp / 1000), nanos: (timestamp % 1000) * 1_000_000 };
  }

  async getState(key: string): Promise<Uint8Array> {
    const found = this.#state.get(key);
    if (!this.reads.has(key)) this.reads.set(key, { key, version: found?.version });
    return found?.value ?? EMPTY;
  }

  async putState(key: string, value: Uint8Array): Promise<void> {
    this.writes.set(key, { key, value });
  }

  async deleteState(key: string): Promise<void> {
    this.writes.set(key, { key, value: undefined });
  }
}

export async function simulate(dispatcher: Dispatcher, state: StateReader, proposal: Proposal): Promise<Simulation> {
  const stub = new SimulationStub(proposal, state);
  const response = await dispatcher.Invoke(stub);
  return {
    status: response.status,
    message: response.message,
    payload: response.payload ?? EMPTY,
    reads: inKeyOrder(stub.reads.values()),
    writes: inKeyOrder(stub.writes.values()),
  };
}
