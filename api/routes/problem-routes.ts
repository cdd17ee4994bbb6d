import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { Closed } from '../../chaincode/schemas/primitives.js';
import { Problem } from '../http/problem.js';
import { isProblemCode, PROBLEM_CODES, PROBLEMS } from '../http/problem-table.js';
import { AnyObject, ListAnswer, readDocument } from './document.js';

const tag = 'problems';

/** What the `type` of a problem leads to: its meaning in both languages. */
export async function problemRoutes(scope: FastifyInstance): Promise<void> {
  scope.get(
    '/v1/problems',
    {
      schema: readDocument({
        tag,
        summary: { zh: '错误代码一览', en: 'All error codes' },
        open: true,
        answer: ListAnswer(AnyObject),
      }),
    },
    async () => ({ items: PROBLEM_CODES.map((code) => ({ code, ...PROBLEMS[code] })) }),
  );
  scope.get<{ Params: { code: string } }>(
    '/v1/problems/:code',
    {
      schema: readDocument({
        tag,
        summary: { zh: '错误代码说明', en: 'One error code' },
        open: true,
        params: Closed({ code: Type.String({ pattern: '^[a-z.-]{1,64}$' }) }),
        answer: AnyObject,
        problems: ['route.not-found'],
      }),
    },
    async ({ params: { code } }) => {
      if (!isProblemCode(code)) throw new Problem('route.not-found');
      return { code, ...PROBLEMS[code] };
    },
  );
}
