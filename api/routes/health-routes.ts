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
  /** the disk took every commit that had to be durable */
  readonly store: boolean;
}

/** A value, unless it is too late for it. */
function inTime<T>(value: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    value.then(resolve, reject);
  });
}

/** New blocks keep coming while one looks: what counts is the block that was the last when one began. */
async function hasCaughtUp({ projection }: Pick<Deps, 'projection'>, height: number, signal: AbortSignal): Promise<boolean> {
  if (projection.fault) return false;
  try {
    await projection.waitFor(height - 1, signal);
    return true;
  } catch {
    return false;
  }
}

function isDurable({ store }: Pick<Deps, 'store'>): boolean {
  try {
    store.checkDisk();
    return true;
  } catch {
    return false;
  }
}

export async function readiness(
  deps: Pick<Deps, 'ledger' | 'store' | 'projection' | 'submissions' | 'anchors' | 'envelopesSettled' | 'preparation'>,
  milliseconds = ANSWER_MILLISECONDS,
): Promise<Readiness> {
  const { submissions, anchors, envelopesSettled, preparation } = deps;
  const operations = submissions.recovered && anchors.recovered && envelopesSettled();
  const own = { operations, preparation: preparation.done, store: isDurable(deps) };
  const signal = AbortSignal.timeout(milliseconds);
  const info = await inTime(deps.ledger.info(), signal).catch(() => undefined);
  if (!info?.provinces.some(({ reachable }) => reachable)) return { ledger: false, projection: false, ...own };
  return { ledger: true, projection: await hasCaughtUp(deps, info.height, signal), ...own };
}

const Checks = Type.Object({
  ledger: Type.Boolean(),
  projection: Type.Boolean(),
  operations: Type.Boolean(),
  preparation: Type.Boolean(),
  store: Type.Boolean(),
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
