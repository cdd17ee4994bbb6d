/** From a committed transaction to the bytes of its answer: a pure function, so that a repeat gives the same ones. */
import type { Committed } from '../../network/ledger.js';
import { type HttpAnswer, JSON_TYPE } from '../http/answer.js';
import { problemAnswer } from '../http/problem.js';
import type { AnswerContext, AnswerForm, MakeAnswer } from './command.js';

function transactionOf({ transactionId, block, time, endorsers }: Committed) {
  return { id: transactionId, block, time, endorsers };
}

export function createMakeAnswer(forms: ReadonlyMap<string, AnswerForm>): MakeAnswer {
  return (committed: Committed, context: AnswerContext): HttpAnswer => {
    const form = forms.get(context.form);
    if (!form) throw new Error(`no answer form ${context.form}`);
    const record = JSON.parse(committed.payload) as Record<string, unknown>;
    const transaction = transactionOf(committed);
    const denied = form.denial(record);
    if (denied) return problemAnswer(denied, { transaction }, context, 403);
    const location = form.location(record, context.params);
    return {
      status: form.status,
      headers: { 'content-type': JSON_TYPE, ...(location !== undefined && { location }) },
      body: form.body
        ? JSON.stringify(form.body(record, transaction))
        : `{"record":${committed.payload},"transaction":${JSON.stringify(transaction)}}`,
    };
  };
}

/** The 202 of a write whose outcome is not known in time. */
export function pendingAnswer(transactionId: string): HttpAnswer {
  return {
    status: 202,
    headers: { 'content-type': JSON_TYPE, location: `/v1/transactions/${transactionId}` },
    body: JSON.stringify({ transaction: { id: transactionId, status: 'pending' } }),
  };
}
