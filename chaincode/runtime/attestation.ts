/**
 * What peers sign when a receipt is asked for: an answer that says everything a verifier is to believe,
 * so that nothing beside the signed bytes has to be trusted. Its `format` is what no writing function ever
 * answers with, so the endorsement of a write cannot be passed off as such an answer.
 */
import canonicalize from 'canonicalize';
import type { Context } from 'fabric-contract-api';
import { Refusal } from '../errors.js';
import { CODE_DIGEST } from '../generated/code-digest.js';
import { transactionTime } from './execute.js';

export const ANSWER_FORMAT = 'yrd-answer/1';

/** A key that was read. Its version stands in the signed read set. */
export interface AttestedRecord {
  readonly key: string;
  /** the record as stored, null where there is none; left out of an answer for the public, which may not see all of it */
  readonly value?: unknown;
}

export interface Attestation {
  readonly format: typeof ANSWER_FORMAT;
  readonly ledger: { readonly channel: string; readonly codeDigest: string };
  readonly question: 'records' | 'certificate';
  readonly records: readonly AttestedRecord[];
  /** what the contract made of the records, where the question asks for more than them */
  readonly result?: unknown;
  /** declared time of the question, held to five minutes by the peers: the answer is as of then */
  readonly time: string;
}

/** @returns canonical JSON */
export function attestation(ctx: Context, answer: Pick<Attestation, 'question' | 'records' | 'result'>): string {
  return canonicalize({
    format: ANSWER_FORMAT,
    ledger: { channel: ctx.stub.getChannelID(), codeDigest: CODE_DIGEST },
    ...answer,
    time: transactionTime(ctx),
  } satisfies Attestation) as string;
}

/** The argument of a question. @throws Refusal `request.invalid` for anything but canonical JSON (RFC 8785) */
export function decodeQuestion(argument: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(argument);
  } catch {
    value = undefined;
  }
  if (value === undefined || canonicalize(value) !== argument)
    throw new Refusal('request.invalid', { fields: [{ path: '', message: 'question is not canonical JSON (RFC 8785)' }] });
  return value;
}
