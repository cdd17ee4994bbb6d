/** Every error leaves as problem+json in the caller's language; what nobody foresaw is logged and told nothing of. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError, FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { sendAnswer } from '../http/answer.js';
import { problemOf } from '../http/errors.js';
import { negotiateLanguage } from '../http/language.js';
import { Problem, problemAnswer } from '../http/problem.js';
import type { ProblemCode } from '../http/problem-table.js';

/** The request's path: query strings may name what should not be repeated. */
export function pathOf(request: FastifyRequest): string {
  const end = request.url.indexOf('?');
  return end < 0 ? request.url : request.url.slice(0, end);
}

export function contextOf(request: FastifyRequest) {
  return { language: negotiateLanguage(request.headers['accept-language']), instance: pathOf(request) };
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  return sendAnswer(reply, problemAnswer(problem.code, problem.facts, contextOf(request)));
}

function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  const { id, method } = request;
  if (!problem) request.log.error({ err: error, request: id, method, path: pathOf(request) }, 'request failed');
  // The caller is told to wait; why is for whoever runs this.
  else if (problem.code.startsWith('ledger.') && !(error instanceof Problem))
    request.log.warn({ reason: (error as Error).message, request: id, method, path: pathOf(request) }, problem.code);
  else if (problem.code === 'auth.invalid')
    request.log.info({ reason: (error as FastifyError).message, request: id, method }, 'credentials refused');
  return sendProblem(request, reply, problem ?? new Problem('internal.error'));
}

/** `/v1/cases/:caseId` as an expression over real paths. */
function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${source}$`);
}

export const problems = fastifyPlugin(
  async (app) => {
    const routes: { pattern: RegExp; methods: string[] }[] = [];
    app.addHook('onRoute', ({ url, method }) => {
      routes.push({ pattern: patternOf(url), methods: [method].flat() });
    });
    app.setErrorHandler(handleError);
    // Before a body is looked at: what comes to no route has no content type that could be right or wrong.
    app.addHook('onRequest', async (request, reply) => {
      if (!request.is404) return;
      const path = pathOf(request);
      const methods = routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods);
      if (methods.length === 0) throw new Problem('route.not-found');
      reply.header('allow', [...new Set(methods)].sort().join(', '));
      throw new Problem('request.method');
    });
    app.setNotFoundHandler((request, reply) => sendProblem(request, reply, new Problem('route.not-found')));
  },
  { name: 'problems' },
);

/** An address that cannot be decoded never reaches a route. */
export function handleBadUrl(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  handleError(error, request, reply);
}

const SOCKET_PROBLEMS: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request.timeout',
  HPE_HEADER_OVERFLOW: 'request.too-large',
};

/** What is no HTTP at all is answered on the bare socket, and the connection ends. */
export function handleClientError(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = SOCKET_PROBLEMS[error.code] ?? 'request.invalid';
  const { status, headers, body } = problemAnswer(code, {}, { language: 'zh-CN', instance: '' });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
