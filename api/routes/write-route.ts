/**
 * Routes that write, as a table: each names its path, its transaction and what it says about itself.
 * Who may call it, what it takes and what it answers follow from the transaction's definition.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TProperties } from 'typebox';
import type { Answer, TransactionDefinition } from '../../chaincode/runtime/definition.js';
import { principalOf } from '../auth/authentication.js';
import type { Principal } from '../auth/principal.js';
import type { Deps } from '../deps.js';
import { sendAnswer } from '../http/answer.js';
import { IdempotencyHeaders } from '../http/idempotency-key.js';
import type { ProblemCode } from '../http/problem-table.js';
import { requireRole } from '../plugins/authorisation.js';
import { contextOf, pathOf } from '../plugins/problems.js';
import { fingerprintOf, type Params } from '../submission/command.js';
import { type Bilingual, writeDocument } from './document.js';

export interface WriteRequest {
  readonly principal: Principal;
  readonly params: Params;
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
  /** where what was written can be read; path only */
  readonly location?: (record: Answer, params: Params) => string;
  /** fields of the ledger's input that the API adds (the definition's `attached`); the body has its shape by then */
  readonly attach?: (deps: Deps, write: WriteRequest) => Promise<Readonly<Record<string, unknown>>>;
  /** what denials there are, for the document */
  readonly denials?: readonly ProblemCode[];
  /** the code of a denial that the ledger recorded as a valid transaction: answered with 403 and `transaction` */
  readonly denial?: (record: Answer) => ProblemCode | undefined;
  /** 201 unless said */
  readonly status?: 200 | 201;
  /** the answer's body; `{ record, transaction }` unless said */
  readonly answer?: (record: Answer, transaction: Readonly<Record<string, unknown>>) => unknown;
  /** for the document: what stands beside `transaction` in that body */
  readonly answerFields?: TProperties;
  /** largest body in bytes; 64 KiB unless said */
  readonly bodyLimit?: number;
  /** JSON pointers of the body's strings that may break lines */
  readonly multiline?: readonly string[];
  /** codes that the contract may refuse with, for the document; all of its contract's unless said */
  readonly refusals?: readonly ProblemCode[];
}

function formOf(route: WriteRoute, name: string) {
  return {
    name,
    status: route.status ?? 201,
    location: route.location ?? (() => undefined),
    denial: route.denial ?? (() => undefined),
    body: route.answer,
  };
}

/** A verb that takes nothing may come without a body, which then counts as `{}`. */
async function emptyBody(request: FastifyRequest): Promise<void> {
  if (request.body === undefined) request.body = {};
}

async function inputOf(deps: Deps, route: WriteRoute, write: WriteRequest): Promise<Readonly<Record<string, unknown>>> {
  return { ...write.params, ...write.body, ...(await route.attach?.(deps, write)) };
}

/** The scope must be one where `authentication` runs. */
export function writeRoute(scope: FastifyInstance, deps: Deps, route: WriteRoute): void {
  const { definition, method, path: url } = route;
  const name = `${method} ${url}`;
  const functionName = `${definition.contract}:${definition.name}`;
  deps.submissions.register(formOf(route, name));
  scope.route({
    method,
    url,
    ...(route.bodyLimit !== undefined && { bodyLimit: route.bodyLimit }),
    ...(route.multiline && { config: { multiline: route.multiline } }),
    schema: { ...writeDocument(route), params: definition.path, body: definition.body, headers: IdempotencyHeaders },
    onRequest: requireRole(deps.settings, definition.roles),
    preValidation: emptyBody,
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const principal = principalOf(request);
      const params = request.params as Params;
      const body = request.body as Readonly<Record<string, unknown>>;
      const { answer, replayed } = await deps.submissions.submit({
        principal,
        function: functionName,
        key: (request.headers as IdempotencyHeaders)['idempotency-key'],
        fingerprint: fingerprintOf(method, pathOf(request), body),
        context: { ...contextOf(request), form: name, params },
        asked: { ...params, ...body },
        inputOf: () => inputOf(deps, route, { principal, params, body, request }),
      });
      if (replayed) reply.header('idempotent-replayed', 'true');
      return sendAnswer(reply, answer);
    },
  });
}
