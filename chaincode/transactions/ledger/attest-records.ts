/** Records as they stand, for a receipt: each with the key it was read under. */
import type { Context } from 'fabric-contract-api';
import Type, { type Static } from 'typebox';
import { Refusal } from '../../errors.js';
import { attestation, decodeQuestion } from '../../runtime/attestation.js';
import { check } from '../../schemas/check.js';
import { Closed, ListOf } from '../../schemas/primitives.js';
import { parseKey } from '../../state/keys.js';
import { State } from '../../state/state.js';

export const ATTESTED_RECORDS_LIMIT = 100;

export const RecordsQuestion = Closed({
  keys: ListOf(Type.String({ maxLength: 600, screened: false }), 1, ATTESTED_RECORDS_LIMIT),
});
export type RecordsQuestion = Static<typeof RecordsQuestion>;

/** @throws Refusal `request.invalid`, and `request.id-invalid` for what is no key */
export async function attestRecords(ctx: Context, argument: string): Promise<string> {
  const question = decodeQuestion(argument);
  check(RecordsQuestion, question);
  const { keys } = question as RecordsQuestion;
  const wrong = keys.findIndex((key) => !parseKey(key));
  if (wrong >= 0) throw new Refusal('request.id-invalid', { fields: [{ path: `/keys/${wrong}`, message: 'no such key' }] });
  const state = new State(ctx.stub);
  const records = [];
  for (const key of keys) records.push({ key, value: (await state.get<unknown>(key)) ?? null });
  return attestation(ctx, { question: 'records', records });
}
