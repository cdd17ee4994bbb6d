import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { AgencyId, CertificateId, ClientIdReference, Code, OneOf, Subject } from '../../chaincode/schemas/primitives.js';
import { PeriodParameters, type PeriodQuery, periodOf } from '../audit/period.js';
import { principalOf } from '../auth/authentication.js';
import type { Deps } from '../deps.js';
import { ListQuery, type PageQuery, pageOf, sendPage } from '../http/page.js';
import { Problem } from '../http/problem.js';
import { requireRole } from '../plugins/authorisation.js';
import { TRACE_FILTERS, type TraceFilter } from '../store/trace-table.js';
import { type Question, trace } from '../trace/trace.js';
import { TraceItem } from './answers/trace.js';
import { ListAnswer, readDocument } from './document.js';
import { shownTrace } from './shown-trace.js';

type Query = { [Filter in TraceFilter]?: string } & { decision?: 'denied' } & PeriodQuery & PageQuery;

const DESCRIPTION = [
  '必须且只能给出 subject、grant、dataSet、agency、certificate、case 之一。由新到旧排列；from 含，to 不含。先留痕，后答复；不能留痕则不答复。',
  'Exactly one of subject, grant, dataSet, agency, certificate and case. The newest first, by the declared time; `from` included, `to` not, so that adjoining periods share nothing. Each page is recorded before it is answered, and not answered when that fails.',
  '按主体查询仅限主体所在省的审计机构，并涵盖本省保管库关联的同一人的全部代号；保管库未知的代号只查其本身。',
  'By subject only for auditors of the home province, over all handles that its vault links to the person; a handle that the vault does not know, or whose salt was erased, is traced alone.',
  '办件的批量存证节点见 GET /v1/cases/{id}/anchored。 What was anchored under a case is listed there.',
].join('\n\n');

/** @throws Problem `request.invalid` unless one thing is asked about, and a period that does not end before it begins */
function questionOf(query: Query): Question {
  const named = TRACE_FILTERS.filter((filter) => query[filter] !== undefined);
  const [filter] = named;
  if (!filter || named.length > 1)
    throw new Problem('request.invalid', { errors: [{ path: '', message: `must have one of ${TRACE_FILTERS.join(', ')}` }] });
  return { filter, value: query[filter] as string, extent: query.decision ?? 'all', ...periodOf(query) };
}

export async function traceRoutes(scope: FastifyInstance, deps: Deps): Promise<void> {
  scope.get<{ Querystring: Query }>(
    '/v1/trace',
    {
      schema: {
        ...readDocument({
          tag: 'audit',
          summary: { zh: '追溯：谁在何时做了什么（先留痕）', en: 'Trace who did what, when, and who was denied; recorded first' },
          querystring: ListQuery({
            subject: Type.Optional(Subject),
            grant: Type.Optional(ClientIdReference),
            dataSet: Type.Optional(Code),
            agency: Type.Optional(AgencyId),
            certificate: Type.Optional(CertificateId),
            case: Type.Optional(ClientIdReference),
            ...PeriodParameters,
            decision: Type.Optional(OneOf(['denied'], { description: '仅被拒绝的用数 denied attempts alone' })),
          }),
          answer: ListAnswer(TraceItem),
        }),
        description: DESCRIPTION,
      },
      onRequest: requireRole(deps.settings, ['auditor']),
    },
    async (request, reply) => {
      const question = questionOf(request.query);
      const list = `trace ${question.filter} ${question.value}`;
      const page = pageOf(list, request.query);
      const rows = await trace(deps, principalOf(request), question, page);
      return sendPage(request, reply, list, page, rows, shownTrace);
    },
  );
}
