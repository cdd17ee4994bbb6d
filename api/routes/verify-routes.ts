import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { check } from '../../chaincode/schemas/check.js';
import { Closed, Digest, Time } from '../../chaincode/schemas/primitives.js';
import type { Deps } from '../deps.js';
import { JSON_TYPE } from '../http/answer.js';
import { compileValidator } from '../plugins/validation.js';
import { FORM_LIMITS, readForm } from '../verification/read-form.js';
import { type Answer, type Question, verify, writeAnswer } from '../verification/verify.js';
import { verifyAttested } from '../verification/verify-attested.js';
import { VerdictAnswer } from './answers/certificates.js';
import { readDocument } from './document.js';

const tag = 'verification';
const BATCH_LIMIT = 100;

const MinHeight = Type.Integer({
  minimum: 0,
  maximum: 999_999_999_999_999,
  description: 'number of blocks that the answer must know at least, as seen in a receipt or another answer',
});
const times = { asOf: Type.Optional(Time), knownAt: Type.Optional(Time), minHeight: Type.Optional(MinHeight) };
const DigestQuestion = Closed({ digest: Digest, ...times });
type DigestQuestion = Static<typeof DigestQuestion>;
const SingleQuestion = Closed({
  ...DigestQuestion.properties,
  attest: Type.Optional(Type.Boolean({ description: 'true: with a receipt that peers of three provinces signed' })),
});

const DocumentForm = Type.Object({
  file: Type.Unsafe<unknown>({ type: 'string', format: 'binary' }),
  ...times,
});

const BatchQuestion = Closed({ items: Type.Array(DigestQuestion, { minItems: 1, maxItems: BATCH_LIMIT }) });

function questionOf({ digest, ...asked }: DigestQuestion): Question {
  return { digests: [digest], ...asked };
}

function singleQuestionOf({ attest = false, ...asked }: Static<typeof SingleQuestion>): Question {
  return { ...questionOf(asked), attest };
}

/** Who asks is told apart by address only: these routes ask nobody who they are. */
async function answer(deps: Deps, request: FastifyRequest, questions: readonly Question[]): Promise<string[]> {
  const limited = deps.settings.rateLimit;
  if (limited) deps.guesses.ensureLeft(request.ip);
  const answers: Answer[] = [];
  for (const question of questions)
    answers.push(await (question.attest ? verifyAttested(deps, question) : verify(deps, question)));
  if (limited) deps.guesses.count(request.ip, answers.filter(({ verdict }) => verdict === 'unknown').length);
  return answers.map(writeAnswer);
}

function send(reply: FastifyReply, json: string): FastifyReply {
  return reply.type(JSON_TYPE).send(json);
}

/** Anybody may ask whether a certificate is good. */
export async function verifyRoutes(everybody: FastifyInstance, deps: Deps): Promise<void> {
  await everybody.register(async (scope) => {
    await scope.register(multipart, { limits: FORM_LIMITS, throwFileSizeLimit: false });

    scope.post(
      '/v1/verify',
      {
        schema: {
          ...readDocument({
            tag,
            summary: { zh: '核验证照：摘要或文件', en: 'Verify a certificate by digest or by file' },
            open: true,
            answer: VerdictAnswer,
            problems: ['request.too-large', 'request.media-type', 'ledger.behind'],
          }),
          body: {
            content: { 'application/json': { schema: SingleQuestion }, 'multipart/form-data': { schema: DocumentForm } },
          },
        },
        config: { streamed: (request) => (request.isMultipart() ? 'steady' : undefined) },
        // A form is read part by part in the handler, and a JSON body is checked there too.
        validatorCompiler: (part) => (part.httpPart === 'body' ? (value) => ({ value }) : compileValidator(part)),
      },
      async (request, reply) => {
        if (deps.settings.rateLimit) deps.guesses.ensureLeft(request.ip);
        let question: Question;
        if (request.isMultipart()) question = await readForm(deps.hasher, request);
        else {
          check(SingleQuestion, request.body);
          question = singleQuestionOf(request.body as Static<typeof SingleQuestion>);
        }
        const [first] = await answer(deps, request, [question]);
        return send(reply, first as string);
      },
    );
  });

  everybody.post<{ Body: Static<typeof BatchQuestion> }>(
    '/v1/verify/batch',
    {
      schema: {
        ...readDocument({
          tag,
          summary: { zh: '批量核验证照', en: 'Verify up to 100 digests' },
          open: true,
          answer: Type.Object({ items: Type.Array(VerdictAnswer) }),
          problems: ['request.too-large', 'request.media-type', 'ledger.behind'],
        }),
        body: BatchQuestion,
      },
    },
    async (request, reply) => {
      const items = await answer(deps, request, request.body.items.map(questionOf));
      return send(reply, `{"items":[${items.join(',')}]}`);
    },
  );
}
