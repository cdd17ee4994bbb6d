/**
 * Runs one transaction definition: argument → identity → role → shape → once only → rules → writes.
 * A refusal at any step leaves no write behind.
 */
import canonicalize from 'canonicalize';
import type { Context } from 'fabric-contract-api';
import { Refusal } from '../errors.js';
import { check } from '../schemas/check.js';
import { key } from '../state/keys.js';
import { State } from '../state/state.js';
import { formatInstant } from '../time.js';
import { activeFeatures } from '../transactions/registry/feature.js';
import { decodeArgument, hashJson } from './argument.js';
import { type Caller, caller } from './caller.js';
import type { TransactionDefinition } from './definition.js';
import type { Tx } from './tx.js';

/** The ledger's memory of an applied operation; a second application of it is refused. */
export interface OperationRecord {
  readonly transaction: string;
  readonly function: string;
  /** SHA-256 over what the client asked: the input without the fields that an API attached */
  readonly inputDigest: string;
  /** declared time of that transaction; absent from operations of before receipts */
  readonly time?: string;
}

export function transactionTime(ctx: Context): string {
  const { seconds, nanos } = ctx.stub.getTxTimestamp() as unknown as { seconds: number | { toNumber(): number }; nanos: number };
  const whole = typeof seconds === 'number' ? seconds : seconds.toNumber();
  return formatInstant(whole * 1000 + Math.floor(nanos / 1_000_000));
}

function checkPrefixes(definition: TransactionDefinition, input: Record<string, unknown>, who: Caller): void {
  const prefix = who.province.code.slice(0, 2);
  for (const [field, schema] of Object.entries(definition.body.properties)) {
    const value = input[field];
    if ((schema as { clientId?: boolean }).clientId && typeof value === 'string' && !value.startsWith(prefix))
      throw new Refusal('request.id-invalid', { fields: [{ path: `/${field}`, message: `must begin with ${prefix}` }] });
  }
}

/**
 * What a repeat must have in common with the first try. Attached fields are made from the state of the
 * moment (which items are taken, what proves a leaf), so a repeat may rightly come with others.
 */
function askedOf(definition: TransactionDefinition, input: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([field]) => !(field in definition.attached.properties)));
}

/** @returns the transaction's answer as canonical JSON. @throws Refusal */
export async function execute(ctx: Context, definition: TransactionDefinition, argument: string): Promise<string> {
  const { operation, input } = decodeArgument(argument);
  const state = new State(ctx.stub);
  const who = await caller(state, ctx.clientIdentity);
  const { roles } = definition;
  if (roles !== 'any' && !roles.some((role) => who.roles.includes(role))) throw new Refusal('auth.role');
  check(definition.input, input);
  checkPrefixes(definition, input as Record<string, unknown>, who);

  const operationKey = key('operation', who.agencyId, operation);
  const applied = await state.get<OperationRecord>(operationKey);
  if (applied) throw new Refusal('operation.applied', { transaction: applied.transaction });

  const tx: Tx = {
    id: ctx.stub.getTxID(),
    time: transactionTime(ctx),
    caller: who,
    state,
    features: await activeFeatures(state),
  };
  const answer = await definition.apply(tx, input as never);
  state.put(operationKey, {
    transaction: tx.id,
    function: `${definition.contract}:${definition.name}`,
    inputDigest: hashJson(askedOf(definition, input as Record<string, unknown>)),
    time: tx.time,
  } satisfies OperationRecord);
  await state.flush();
  return canonicalize(answer) as string;
}
