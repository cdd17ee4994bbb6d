/** One block of a chain, judged with everything before it: codes computed, transactions executed, writes compared. */
import { setImmediate } from 'node:timers/promises';
import type { Dispatcher } from '../embedded/dispatcher.js';
import type { StateReader, VersionedValue } from '../embedded/simulation.js';
import type { StateUpdate } from '../format/commit-hash.js';
import { decodeEnvelope, decodeTransaction } from '../format/envelope.js';
import { decodeResponsePayload } from '../format/response.js';
import { VALIDATION_CODE, validationCodeName } from '../format/validation-code.js';
import type { Member } from '../identity/msp.js';
import type { AuditedState } from './audited-state.js';
import { CannotTell, Differs } from './difference.js';
import type { EndorsedCall, JudgedTransaction } from './judge-transaction.js';
import type { LedgerRules, Settled } from './ledger-rules.js';
import type { BlockAhead } from './look-ahead.js';
import { isThisBuild, reExecute } from './re-execute.js';
import type { BlockSource } from './source.js';

export interface BlockDeps {
  readonly source: BlockSource;
  readonly rules: LedgerRules;
  readonly state: AuditedState;
  readonly dispatcher: Dispatcher;
}

export interface AuditedBlock {
  readonly updates: readonly StateUpdate[];
  readonly executed: number;
  /** of these, endorsed under another version of the contracts */
  readonly otherCode: number;
  /** whose signatures under its transactions hold, as often as they do */
  readonly signers: readonly Member[];
}

/** Endorsed by enough provinces, so it must be what the contracts do, whether it took effect or not. */
const EXECUTED: readonly number[] = [VALIDATION_CODE.VALID, VALIDATION_CODE.MVCC_READ_CONFLICT, VALIDATION_CODE.DUPLICATE_TXID];
/** The signatures' thread is handed its work between two turns of the event loop. */
const EXECUTIONS_A_TURN = 8;

function place(number: number, position: number, { id }: JudgedTransaction) {
  return { block: number, position, ...(id ? { transaction: id } : {}) };
}

function said(number: number, position: number, problem: string): string {
  return `block ${number}, transaction ${position}: ${problem}`;
}

/** Why a code depends on what came before. */
function reasonFor(state: AuditedState, { code, reason }: Settled, { id, reads, ...judged }: JudgedTransaction): string {
  const own = reason ?? (code === judged.code ? judged.reason : undefined);
  if (own) return own;
  const before = state.transaction(id);
  if (code === VALIDATION_CODE.DUPLICATE_TXID)
    return before
      ? `its id stands in block ${before.block}, transaction ${before.position}`
      : 'its id stands in this block before it';
  const stale = reads.find(({ key, version }) => {
    const current = state.version(key);
    return current?.block !== version?.block || current?.position !== version?.position;
  });
  return stale ? `it read an older version of ${stale.key}` : 'it read what a transaction before it in the block wrote';
}

function compareCodes(
  { state, rules }: BlockDeps,
  { block, channel }: BlockAhead,
  judged: readonly JudgedTransaction[],
): number[] {
  const { number } = block.header;
  const codes = rules.settle(state, channel, judged);
  for (const [position, transaction] of judged.entries()) {
    const [settled, marked] = [codes[position] as Settled, block.filter[position] ?? VALIDATION_CODE.INVALID_OTHER_REASON];
    const { code } = settled;
    if (code === marked) continue;
    const [expected, found] = [validationCodeName(code), validationCodeName(marked)];
    const reason = code === VALIDATION_CODE.VALID ? 'nothing is wrong with it' : reasonFor(state, settled, transaction);
    const problem = said(number, position, `it is marked ${found} and deserves ${expected}: ${reason}`);
    throw new Differs({ check: 'validation-code', ...place(number, position, transaction), problem, expected, found });
  }
  return codes.map(({ code }) => code);
}

/** What an invalid transaction read, by the versions it names: the state has moved on since, or never was like that. */
async function stateAsRead(source: BlockSource, number: number, { response }: EndorsedCall): Promise<StateReader | string> {
  const values = new Map<string, VersionedValue>();
  for (const { key, version } of response.reads) {
    if (!version) continue;
    const block = version.block < number ? await source.block(version.block) : undefined;
    const envelope = block?.filter[version.position] === VALIDATION_CODE.VALID ? block.data[version.position] : undefined;
    const call = envelope && decodeResponsePayload(decodeTransaction(decodeEnvelope(envelope)).responsePayload);
    const value = call?.writes.find((write) => write.key === key)?.value;
    if (!value) return `it read ${key} as block ${version.block}, transaction ${version.position} never wrote it`;
    values.set(key, { value, version });
  }
  return values;
}

async function execute(deps: BlockDeps, number: number, code: number, { id }: JudgedTransaction, call: EndorsedCall) {
  const state = code === VALIDATION_CODE.VALID ? deps.state : await stateAsRead(deps.source, number, call);
  return typeof state === 'string' ? { problem: state } : reExecute(deps.dispatcher, state, id, call);
}

async function executeAll(deps: BlockDeps, ahead: BlockAhead, judged: readonly JudgedTransaction[], codes: readonly number[]) {
  const { number } = ahead.block.header;
  let [executed, otherCode] = [0, 0];
  for (const [position, transaction] of judged.entries()) {
    const code = codes[position] as number;
    const { call } = transaction;
    if (!call || !EXECUTED.includes(code)) continue;
    const mismatch = await execute(deps, number, code, transaction, call);
    executed += 1;
    if (!isThisBuild(call)) otherCode += 1;
    if (executed % EXECUTIONS_A_TURN === 0) await setImmediate();
    if (!mismatch) continue;
    const problem = said(number, position, mismatch.problem);
    if (!isThisBuild(call))
      throw new CannotTell(
        `${problem}, but it was endorsed under contracts ${call.response.chaincode.version}, not this build's: audit with the build that has them`,
      );
    throw new Differs({ check: 'execution', ...place(number, position, transaction), ...mismatch, problem });
  }
  return { executed, otherCode };
}

function checkFault(number: number, position: number, transaction: JudgedTransaction, fault: JudgedTransaction['fault']): void {
  if (!fault) return;
  const { check, problem } = fault;
  throw new Differs({ check, ...place(number, position, transaction), problem: said(number, position, problem) });
}

/** @throws Differs, CannotTell */
export async function auditBlock(deps: BlockDeps, ahead: BlockAhead, previousCommitHash: Uint8Array): Promise<AuditedBlock> {
  const { block } = ahead;
  const { number } = block.header;
  const fault = await ahead.orderers;
  if (fault) throw fault;
  const judged = await Promise.all(ahead.transactions);
  for (const [position, transaction] of judged.entries()) checkFault(number, position, transaction, transaction.fault);
  const codes = compareCodes(deps, ahead, judged);
  for (const [position, transaction] of judged.entries()) {
    if (codes[position] !== VALIDATION_CODE.VALID) continue;
    const problem = deps.rules.foreign(transaction);
    checkFault(number, position, transaction, problem === undefined ? transaction.ifValid : { check: 'execution', problem });
  }
  const counts = ahead.signatures === 'check' ? await executeAll(deps, ahead, judged, codes) : { executed: 0, otherCode: 0 };
  const updates = deps.rules.updates(number, judged, codes);
  const expected = deps.rules.commitHash(block, updates, previousCommitHash);
  if (!expected.equals(block.commitHash))
    throw new Differs({
      check: 'commit-hash',
      block: number,
      problem: `block ${number}: its commit hash is not that of its writes`,
      expected: expected.toString('hex'),
      found: Buffer.from(block.commitHash).toString('hex'),
    });
  const transactions = judged.map(({ id }, position) => ({ id, code: codes[position] as number }));
  deps.state.apply(number, transactions, updates);
  deps.state.mark(number, { hash: ahead.hash, commitHash: block.commitHash });
  return { updates, signers: judged.flatMap(({ signers = [] }) => signers), ...counts };
}
