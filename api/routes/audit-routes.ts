/** What auditors ask of the whole ledger. Who asked is on the log of looks before anything is shown. */
import type { FastifyInstance } from 'fastify';
import { Closed, OneOf } from '../../chaincode/schemas/primitives.js';
import { formatInstant } from '../../chaincode/time.js';
import { COLUMNS } from '../audit/export/csv.js';
import { EXPORT_FORMS, exportStream } from '../audit/export/export-stream.js';
import { EXPORT_FORMAT } from '../audit/export/format.js';
import { listUnreconciled, type Unreconciled } from '../audit/list-unreconciled.js';
import { PeriodParameters, type PeriodQuery, periodOf } from '../audit/period.js';
import { releaseDueAt } from '../audit/reconcile.js';
import { principalOf } from '../auth/authentication.js';
import type { Calendar } from '../calendar/working-days.js';
import type { Deps } from '../deps.js';
import { ListQuery, type PageQuery, pageOf, sendPage } from '../http/page.js';
import { requireRole } from '../plugins/authorisation.js';
import { recordLook } from '../store/read-log.js';
import { UnreconciledItem } from './answers/audit.js';
import { ListAnswer, readDocument, textStreamDocument } from './document.js';

const tag = 'audit';

/** What the log of looks says was looked at. */
function named({ from = '', to = '' }: PeriodQuery): string {
  return `${from}/${to}`;
}

function shownUnreconciled({ useId, findings, use, release }: Unreconciled, calendar: Calendar) {
  return {
    useId,
    findings,
    ...(use && {
      releaseDueAt: formatInstant(releaseDueAt(use, calendar)),
      use: {
        grantId: use.grantId,
        dataSet: use.dataSet,
        version: use.version,
        agency: use.agency,
        provider: use.provider,
        decision: use.decision,
        purpose: use.purpose,
        count: use.count,
        time: use.recordedAt,
        transaction: use.transaction,
      },
    }),
    ...(release && {
      release: {
        provider: release.provider,
        recordCount: release.recordCount,
        releasedAt: release.releasedAt,
        time: release.recordedAt,
        transaction: release.transaction,
      },
    }),
  };
}

const EXPORT_TEXT = `流式输出。In the order of recorded time, up to the last block known when it begins. \`ndjson\`: a head \`{ format: "${EXPORT_FORMAT}", channel, block, from?, to? }\`, a line \`{ number, kind, time, block, position, transaction, key, record }\` for each use (denied ones too), release, entry of a case, request and step of a grant, issue and change of a certificate, and an end \`{ rows, sha256 }\`, the hash over all bytes before it. Without its end an export is not whole; whatever breaks off midway also ends the connection. \`record\` of a use, release or entry is what stands on the ledger, byte for byte; of a request or an issue the record as it then was, of a step or a change what it added. \`csv\`: every cell quoted, a leading \`'\` where a cell would else be a formula; the end is a line of kind \`end\` with the number of rows and, as \`record\`, the hash. Columns: ${COLUMNS.map(({ name, meaning }) => `\`${name}\` ${meaning}`).join('; ')}.`;

export async function auditRoutes(scope: FastifyInstance, deps: Deps): Promise<void> {
  const { store, calendar, ledger, projection, settings } = deps;
  const onRequest = requireRole(settings, ['auditor']);

  scope.get<{ Querystring: PeriodQuery & PageQuery }>(
    '/v1/audit/reconciliation',
    {
      schema: readDocument({
        tag,
        summary: {
          zh: '用数与供数双向核对（有用无供、有供无用、逾期、数量不符）',
          en: 'Reconcile uses with releases: missing on either side, late, or of another count',
        },
        querystring: ListQuery(PeriodParameters),
        answer: ListAnswer(UnreconciledItem),
      }),
      onRequest,
    },
    async (request, reply) => {
      const { query } = request;
      const list = `reconciliation ${named(query)}`;
      const page = pageOf(list, query);
      const period = periodOf(query);
      await recordLook(deps, { principal: principalOf(request), action: 'audit.reconciliation', thing: named(query) });
      const rows = await listUnreconciled(deps, period, page);
      return sendPage(request, reply, list, page, rows, (row) => shownUnreconciled(row, calendar));
    },
  );

  scope.get<{ Querystring: PeriodQuery & { format: keyof typeof EXPORT_FORMS } }>(
    '/v1/audit/export',
    {
      schema: textStreamDocument({
        tag,
        summary: { zh: '审计导出（流式）', en: 'Export what happened, streamed' },
        description: EXPORT_TEXT,
        querystring: Closed({ format: OneOf(['ndjson', 'csv']), ...PeriodParameters }),
        types: Object.values(EXPORT_FORMS).map(({ contentType }) => contentType.slice(0, contentType.indexOf(';'))),
      }),
      onRequest,
    },
    async (request, reply) => {
      const { format, ...asked } = request.query;
      const period = periodOf(asked);
      const form = EXPORT_FORMS[format];
      await recordLook(deps, { principal: principalOf(request), action: 'audit.export', thing: `${format} ${named(asked)}` });
      reply.type(form.contentType).header('content-disposition', `attachment; filename="audit-export.${format}"`);
      // Nobody would read it, and so nobody would slow it down.
      if (request.method === 'HEAD') return reply.send();
      const { channel } = await ledger.info();
      return exportStream(store, form, { format: EXPORT_FORMAT, channel, block: projection.block, ...asked }, period);
    },
  );
}
