/** Errors as RFC 9457 `application/problem+json`. */
import type { Said } from '../../network/errors.js';
import type { HttpAnswer } from './answer.js';
import type { Language } from './language.js';
import { PROBLEMS, type ProblemCode } from './problem-table.js';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** What an error tells besides its code; nothing in it is secret or personal. */
export interface ProblemFacts {
  /** the fields at fault, as JSON pointers into the body, or names of parameters and headers */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  /** the thing that stands in the way, where the request names more than one */
  readonly id?: string;
  /** the present state, for `<thing>.state` */
  readonly state?: string;
  /** who says what, where provinces' peers disagree: digests of their answers */
  readonly said?: readonly Said[];
  /** the transaction that recorded a denial, or that first applied an operation */
  readonly transaction?: unknown;
  /** what is ready and what is not, for a service that is not ready yet */
  readonly checks?: Readonly<Record<string, boolean>>;
  /** seconds to wait */
  readonly retryAfter?: number;
}

/** An error of the API's own. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly facts: ProblemFacts;

  constructor(code: ProblemCode, facts: ProblemFacts = {}) {
    super(code);
    this.code = code;
    this.facts = facts;
  }
}

/** Who asked for what, as far as the answer depends on it. */
export interface ProblemContext {
  readonly language: Language;
  /** the request's path */
  readonly instance: string;
}

const RETRY_AFTER_SECONDS: Readonly<Partial<Record<ProblemCode, number>>> = {
  'ledger.unavailable': 5,
  'ledger.behind': 5,
  'ledger.clock': 5,
  'ledger.disagreement': 5,
  'ledger.conflict': 1,
  'idempotency.in-progress': 1,
};

/** `status` is the table's unless another one is asked for, as for a use that was denied. */
export function problemAnswer(
  code: ProblemCode,
  facts: ProblemFacts,
  { language, instance }: ProblemContext,
  status: number = PROBLEMS[code].status,
): HttpAnswer {
  const entry = PROBLEMS[code];
  const { title, detail } = language === 'en' ? entry.en : entry.zh;
  const { retryAfter = RETRY_AFTER_SECONDS[code], ...told } = facts;
  const type = `/v1/problems/${code}`;
  return {
    status,
    headers: {
      'content-type': PROBLEM_TYPE,
      'content-language': language,
      vary: 'Accept-Language',
      'cache-control': 'no-store',
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    },
    body: JSON.stringify({ type, title, status, detail, code, retryable: entry.retryable, instance, ...told }),
  };
}
