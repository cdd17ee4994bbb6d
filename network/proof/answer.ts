/** What the peers signed: Fabric's `ProposalResponsePayload`, with the chaincode's answer and the set of keys it read. */
import { Malformed, textOf } from './bytes.js';
import { fieldsOf, type Json, type JsonObject, listOf, parseCanonical, stringOf } from './canonical-json.js';
import { Fault, require } from './faults.js';
import { Message } from './protobuf.js';

const ANSWER_FORMAT = 'yrd-answer/1';
const FAMILY = 'yrd-answer/';
const QUESTIONS = ['records', 'certificate'] as const;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const MOST_RECORDS = 1000;

/** Where a key's value was committed. */
export interface Version {
  readonly block: number;
  readonly position: number;
}

/** What the chaincode says of a key; `value` is null where there is no record, undefined where it is not shown. */
export interface StatedRecord {
  readonly key: string;
  readonly value: Json | undefined;
}

export interface Answer {
  readonly chaincode: { readonly name: string; readonly version: string };
  readonly channel: string;
  /** SHA-256 over the contracts' sources, as the contracts state it */
  readonly codeDigest: string;
  readonly question: (typeof QUESTIONS)[number];
  readonly records: readonly StatedRecord[];
  readonly result: JsonObject | undefined;
  /** declared time of the question, RFC 3339 */
  readonly time: string;
  /** the peers' own record of what was read: each key's version, undefined where there was none */
  readonly reads: ReadonlyMap<string, Version | undefined>;
}

interface Simulation {
  readonly reads: Map<string, Version | undefined>;
  readonly chaincode: Answer['chaincode'];
  readonly payload: Uint8Array;
}

/** `KVRWSet`: reads 1, range queries 2, writes 3, metadata 4. */
function readsOf(set: Message): Map<string, Version | undefined> {
  if (set.has(2)) throw new Malformed('a range was read');
  const reads = new Map<string, Version | undefined>();
  for (const read of set.messages(1)) {
    const key = read.text(1);
    if (reads.has(key)) throw new Malformed(`${key} was read twice`);
    const version = read.message(2);
    reads.set(key, read.has(2) ? { block: version.integer(1), position: version.integer(2) } : undefined);
  }
  return reads;
}

function simulationOf(payload: Uint8Array): Simulation {
  const response = new Message(payload);
  if (response.bytes(1).length !== 32) throw new Malformed('no proposal hash');
  const action = response.message(2);
  const [id, result] = [action.message(4), action.message(3)];
  const chaincode = { name: id.text(2), version: id.text(3) };
  let reads = new Map<string, Version | undefined>();
  for (const namespace of action.message(1).messages(2)) {
    const set = namespace.message(2);
    const writes = set.has(3) || set.has(4) || namespace.has(3);
    require(!writes && action.bytes(2).length === 0, 'proof.write', 'the signed bytes write: they endorse a transaction');
    if (namespace.text(1) === chaincode.name) reads = readsOf(set);
  }
  if (result.integer(1) !== 200) throw new Malformed('the chaincode did not answer');
  return { reads, chaincode, payload: result.bytes(3) };
}

function recordOf(value: Json): StatedRecord {
  const fields = fieldsOf(value, ['key'], ['value']);
  return { key: stringOf(fields.key), value: fields.value };
}

function parse(payload: Uint8Array): Answer {
  const { reads, chaincode, payload: text } = simulationOf(payload);
  const value = parseCanonical(textOf(text));
  const format = (value as { readonly format?: unknown } | null)?.format;
  if (typeof format === 'string' && format !== ANSWER_FORMAT && format.startsWith(FAMILY))
    throw new Fault('format.unknown', `${format} is not known here: get a newer verifier`);
  const fields = fieldsOf(value, ['format', 'ledger', 'question', 'records', 'time'], ['result']);
  const question = QUESTIONS.find((known) => known === fields.question);
  if (format !== ANSWER_FORMAT || !question) throw new Malformed('not the answer to a question of a receipt');
  const { channel, codeDigest } = fieldsOf(fields.ledger, ['channel', 'codeDigest']);
  const time = stringOf(fields.time);
  if (!INSTANT.test(time) || Number.isNaN(Date.parse(time))) throw new Malformed('no declared time');
  return {
    chaincode,
    channel: stringOf(channel),
    codeDigest: stringOf(codeDigest),
    question,
    records: listOf(fields.records, MOST_RECORDS).map(recordOf),
    result: fields.result === undefined ? undefined : fieldsOf(fields.result, [], Object.keys(fields.result as object)),
    time,
    reads,
  };
}

/** @throws Fault `proof.answer`, `proof.write`, `format.unknown` */
export function decodeAnswer(payload: Uint8Array): Answer {
  try {
    return parse(payload);
  } catch (error) {
    if (error instanceof Malformed) throw new Fault('proof.answer', error.message);
    throw error;
  }
}
