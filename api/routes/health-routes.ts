import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Deps } from '../deps.js';
import { Problem } from '../http/problem.js';
import { readDocument } from './document.js';

const tag = 'operations';
const ANSWER_MILLISECONDS = 2000;

export interface Readiness {
  /** the ledger answered in time */
  readonly ledger: boolean;
  /** this API's reads include every block that the ledger has */
  readonly projection: boolean;
  /** what earlier processes left open is settled */
  readonly operations: boolean;
  /** what a start prepares is there */
  readonly preparation: boolean;
}

export async function readiness({ ledger, projection, submissions, preparation }: Deps): Promise<Readiness> {
  const own = { operations: submissions.recovered, preparation: preparation.done };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the ledger did not answer')), ANSWER_MILLISECONDS);
  });
  try {
    const { height } = await Promise.race([ledger.info(), late]);
    return { ledger: true, projection: projection.fault === undefined && projection.block === height - 1, ...own };
  } catch {
    return { ledger: false, projection: false, ...own };
  } finally {
    clearTimeout(timer);
  }
}

const Checks = Type.Object({
  ledger: Type.Boolean(),
  projection: Type.Boolean(),
  operations: Type.Boolean(),
  preparation: Type.Boolean(),
});

/** Outside every limit: whoever watches over the process asks often. */
export async function healthRoutes(scope: FastifyInstance, deps: Deps): Promise<void> {
  scope.get(
    '/healthz',
    {
      schema: readDocument({
        tag,
        summary: { zh: '进程存活', en: 'The process is alive' },
        open: true,
        answer: Type.Object({ status: Type.Literal('ok') }),
      }),
    },
    async () => ({ status: 'ok' }),
  );
  scope.get(
    '/readyz',
    {
      schema: readDocument({
        tag,
        summary: { zh: '服务就绪', en: 'The service is ready' },
        open: true,
        answer: Type.Object({ status: Type.Literal('ready'), checks: Checks }),
      }),
    },
    async () => {
      const checks = await readiness(deps);
      if (!Object.values(checks).every(Boolean)) throw new Problem('ledger.unavailable', { checks: { ...checks } });
      return { status: 'ready', checks };
    },
  );
}
