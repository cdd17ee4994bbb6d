/**
 * Runs a transaction again with the contracts of this build and compares all that the peers signed: what was
 * read, in which version, what was written and what was answered. Well-signed lies of three provinces end here.
 */
import { CHAINCODE_NAME, CHAINCODE_VERSION, CHANNEL } from '../channel.js';
import type { Dispatcher } from '../embedded/dispatcher.js';
import { type Simulation, type StateReader, simulate } from '../embedded/simulation.js';
import { encodeResponsePayload, type KeyVersion, type ProposalResponse } from '../format/response.js';
import { type Difference, shown } from './difference.js';
import type { EndorsedCall } from './judge-transaction.js';

export type Mismatch = Pick<Difference, 'problem' | 'key' | 'expected' | 'found'>;

function version(value: KeyVersion | undefined): string {
  return value ? `written in block ${value.block}, transaction ${value.position}` : 'not there';
}

type Entry = { readonly key: string };

/** The first key that only one side has, or on which the two differ. */
function firstKey<T extends Entry>(ours: readonly T[], theirs: readonly T[], text: (entry: T) => string): Mismatch | undefined {
  const rights = new Map(theirs.map((entry) => [entry.key, entry]));
  const lefts = new Map(ours.map((entry) => [entry.key, entry]));
  const keys = [...new Set([...lefts.keys(), ...rights.keys()])].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const key of keys) {
    const [left, right] = [lefts.get(key), rights.get(key)];
    const [expected, found] = [left ? text(left) : 'none', right ? text(right) : 'none'];
    if (expected !== found || !left || !right) return { problem: '', key, expected, found };
  }
  return undefined;
}

/** @returns the first thing on which execution and signed answer differ */
function compare(simulation: Simulation, response: ProposalResponse): Mismatch | undefined {
  if (simulation.status !== 200)
    return {
      problem: 'the contract refuses it, and the endorsed answer does not',
      expected: `refused: ${simulation.message}`,
      found: `${response.writes.length} writes`,
    };
  const write = firstKey(simulation.writes, response.writes, ({ value }) => (value ? shown(value) : 'deleted'));
  const differing = simulation.writes.find(({ key, value }) => {
    const other = response.writes.find((one) => one.key === key);
    return other && !Buffer.from(value ?? []).equals(Buffer.from(other.value ?? []));
  });
  if (write) return { ...write, problem: 'its write set is not what the contract writes' };
  if (differing) return { key: differing.key, problem: 'its write set is not what the contract writes' };
  const read = firstKey(simulation.reads, response.reads, (entry) => version(entry.version));
  if (read) return { ...read, problem: 'its read set is not what the contract reads' };
  if (Buffer.from(simulation.payload).equals(Buffer.from(response.payload))) return undefined;
  const [expected, found] = [shown(simulation.payload), shown(response.payload)];
  return { problem: 'its answer is not what the contract answers', expected, found };
}

/** @param state as it was when the transaction read it @returns undefined when the execution is the signed one, to the byte */
export async function reExecute(
  dispatcher: Dispatcher,
  state: StateReader,
  id: string,
  { creator, timestamp, args, response, responsePayload, besides }: EndorsedCall,
): Promise<Mismatch | undefined> {
  const { mspId, certificate } = creator;
  const proposal = {
    transactionId: id,
    channel: CHANNEL,
    chaincode: CHAINCODE_NAME,
    timestamp,
    creator: { mspId, certificate },
    args,
  };
  const simulation = await simulate(dispatcher, state, proposal);
  const { proposalHash, chaincode } = response;
  const { status, payload, reads, writes } = simulation;
  const expected = encodeResponsePayload({ proposalHash, chaincode, status, payload, reads, writes }, besides);
  if (expected.equals(responsePayload)) return undefined;
  return (
    compare(simulation, response) ?? { problem: 'its endorsed answer holds more than the contract’s reads, writes and answer' }
  );
}

/** The contracts of another build may well do otherwise: then nothing is told. */
export function isThisBuild({ response }: EndorsedCall): boolean {
  return response.chaincode.version === CHAINCODE_VERSION;
}
