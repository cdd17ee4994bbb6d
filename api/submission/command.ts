/** A write as it is sent to the ledger, and what its answer is made from. */
import { hashJson } from '../../chaincode/runtime/argument.js';
import type { Committed } from '../../network/ledger.js';
import type { Principal } from '../auth/principal.js';
import type { HttpAnswer } from '../http/answer.js';
import type { ProblemContext } from '../http/problem.js';
import type { ProblemCode } from '../http/problem-table.js';

/** How a committed transaction becomes an answer; kept by name, so that another process can make the same. */
export interface AnswerForm {
  /** `POST /v1/cases/:caseId/handoffs` */
  readonly name: string;
  readonly status: number;
  readonly location: (record: Record<string, unknown>, params: Params) => string | undefined;
  readonly denial: (record: Record<string, unknown>) => ProblemCode | undefined;
  /** undefined for `{ record, transaction }` */
  readonly body: ((record: Record<string, unknown>, transaction: Record<string, unknown>) => unknown) | undefined;
}

export type Params = Readonly<Record<string, string | number>>;

/** What an answer depends on besides the transaction; stored with the write. */
export interface AnswerContext extends ProblemContext {
  readonly form: string;
  readonly params: Params;
}

export interface Command {
  readonly principal: Pick<Principal, 'agencyId' | 'province' | 'roles' | 'withheld' | 'keyDigest'>;
  /** `contract:Function` */
  readonly function: string;
  /** path and body fields */
  readonly asked: Readonly<Record<string, unknown>>;
  /** the ledger's input; asked for once, and only when the write is new */
  readonly inputOf: () => Promise<Readonly<Record<string, unknown>>>;
  /** the client's idempotency key; undefined makes every request an operation of its own */
  readonly key: string | undefined;
  readonly fingerprint: string;
  readonly context: AnswerContext;
}

/** SHA-256 over what makes two requests the same: method, path and canonical body. */
export function fingerprintOf(method: string, path: string, body: unknown): string {
  return hashJson([method, path, body ?? null]);
}

/** The answer to a committed write: the same bytes whoever makes it, from the transaction and its context alone. */
export type MakeAnswer = (committed: Committed, context: AnswerContext) => HttpAnswer;
