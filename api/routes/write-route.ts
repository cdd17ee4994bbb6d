/**
 * Routes that write, as a table: each names its path, its transaction and what it says about itself.
 * Who may call it, what it takes and what it answers follow from the transaction's definition.
 */
import type { FastifyRequest } from 'fastify';
import type { Answer, TransactionDefinition } from '../../chaincode/runtime/definition.js';
import type { Principal } from '../auth/principal.js';
import type { Deps } from '../deps.js';
import type { ProblemCode } from '../http/problem-table.js';

/** A text in both languages. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

export interface WriteRequest {
  readonly principal: Principal;
  readonly params: Readonly<Record<string, string | number>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly request: FastifyRequest;
}

export interface WriteRoute {
  readonly method: 'POST' | 'DELETE';
  /** as Fastify takes it; parameter names are those of the definition's `path` fields */
  readonly path: string;
  readonly definition: TransactionDefinition;
  readonly tag: string;
  readonly summary: Bilingual;
  /** where the written record can be read; path only */
  readonly location: (record: Answer, params: WriteRequest['params']) => string;
  /** fields of the ledger's input that the API adds (the definition's `attached`); runs after the body's shape was checked */
  readonly attach?: (deps: Deps, write: WriteRequest) => Promise<Record<string, unknown>>;
  /** the code of a denial that the ledger recorded as a valid transaction: answered with its status and `transaction` */
  readonly denial?: (record: Answer) => ProblemCode | undefined;
  /** 201 unless said */
  readonly status?: 200 | 201;
  /** the answer's body; `{ record, transaction }` unless said */
  readonly answer?: (record: Answer, transaction: Record<string, unknown>) => Record<string, unknown>;
  /** largest body in bytes; 64 KiB unless said */
  readonly bodyLimit?: number;
  /** other refusals that can happen, for the document: all codes of the definition's contract unless said */
  readonly refusals?: readonly ProblemCode[];
}
