/** `POST /v1/anchors`: lines as a stream, judged and entered while they come. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { Closed, OneOf } from '../../chaincode/schemas/primitives.js';
import { WRITERS } from '../../chaincode/transactions/anchor/anchor-records.js';
import { AnchorLine } from '../../chaincode/transactions/anchor/record.js';
import { postLines } from '../anchors/post-lines.js';
import { ArraySplitter, type LineSplitter, NdjsonSplitter } from '../anchors/split-lines.js';
import type { Body } from '../anchors/take-lines.js';
import { principalOf } from '../auth/authentication.js';
import type { Deps } from '../deps.js';
import { sendAnswer } from '../http/answer.js';
import { IdempotencyHeaders } from '../http/idempotency-key.js';
import { Problem } from '../http/problem.js';
import { requireRole } from '../plugins/authorisation.js';
import { checkEncoding, JSON_ONLY } from '../plugins/json-body.js';
import { contextOf } from '../plugins/problems.js';
import { compileValidator } from '../plugins/validation.js';
import { PostedAnswer } from './answers/anchors.js';
import { streamDocument } from './document.js';

const NDJSON = 'application/x-ndjson';
const NDJSON_ONLY = /^application\/x-ndjson(?:; ?charset=utf-8)?$/i;

interface Lines {
  readonly body: Body;
  readonly splitter: LineSplitter;
}

function linesOf(request: FastifyRequest, body: Body): Lines {
  checkEncoding(request);
  const type = request.headers['content-type'] ?? '';
  if (JSON_ONLY.test(type)) return { body, splitter: new ArraySplitter() };
  if (NDJSON_ONLY.test(type)) return { body, splitter: new NdjsonSplitter() };
  throw new Problem('request.media-type');
}

export async function postAnchors(parent: FastifyInstance, deps: Deps): Promise<void> {
  await parent.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The body is read in the handler, once it is known who sends it and that it may be sent.
    for (const type of ['application/json', NDJSON])
      scope.addContentTypeParser(type, async (request: FastifyRequest, body: Body) => linesOf(request, body));

    scope.post<{ Body: Lines | undefined; Querystring: { wait?: 'true' | 'false' } }>(
      '/v1/anchors',
      {
        config: { streamed: 'any' },
        schema: {
          ...streamDocument({
            tag: 'anchors',
            summary: { zh: '批量存证（流式）', en: 'Anchor records, as a stream of any length' },
            description: `角色 roles: ${WRITERS.join(', ')}. 逐行判定，落盘后应答；相同记录可重复提交。 Each line is judged for itself and on the disk before the answer; a record may be sent again. Two bodies under one Idempotency-Key are the same when their bytes are.`,
            answer: PostedAnswer,
            problems: ['auth.signer', 'idempotency.mismatch', 'idempotency.in-progress', 'request.media-type'],
          }),
          querystring: Closed({
            wait: Type.Optional(
              OneOf(['true', 'false'], { description: 'answer when all is anchored, or after 15 s with final: false' }),
            ),
          }),
          headers: IdempotencyHeaders,
          body: { content: { 'application/json': { schema: Type.Array(AnchorLine) }, [NDJSON]: { schema: AnchorLine } } },
        },
        validatorCompiler: (part) => (part.httpPart === 'body' ? (value) => ({ value }) : compileValidator(part)),
        onRequest: requireRole(deps.settings, WRITERS),
      },
      async (request, reply) => {
        try {
          return await post(deps, request, request.body, request.query.wait === 'true', reply);
        } catch (error) {
          // Whatever else is on its way would be read to no end.
          if (!request.raw.complete) reply.header('connection', 'close');
          throw error;
        }
      },
    );
  });
}

async function post(deps: Deps, request: FastifyRequest, lines: Lines | undefined, wait: boolean, reply: FastifyReply) {
  const { agencyId: agency, keyDigest } = principalOf(request);
  if (!(await deps.wallet.holds(agency, keyDigest))) throw new Problem('auth.signer');
  // Without a body there is no content type to tell what it would have been.
  if (!lines) throw new Problem('request.media-type');
  const { answer, replayed } = await postLines(
    { ...deps, prove: async (shown) => shown && deps.rootReceipts.prove(agency, shown) },
    {
      agency,
      ...lines,
      waitMilliseconds: wait ? deps.deadlineMilliseconds : undefined,
      key: (request.headers as IdempotencyHeaders)['idempotency-key'],
      context: contextOf(request),
    },
  );
  if (replayed) reply.header('idempotent-replayed', 'true');
  return sendAnswer(reply, answer);
}
