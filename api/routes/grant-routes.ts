import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { AgencyId, ClientIdReference, Closed, Code, OneOf } from '../../chaincode/schemas/primitives.js';
import { formatInstant } from '../../chaincode/time.js';
import type { GrantCountRecord, GrantRecord } from '../../chaincode/transactions/grant/grant.js';
import { GRANT_STATUSES, grantStatus } from '../../chaincode/transactions/grant/grant-status.js';
import type { ReleaseRecord, UseRecord } from '../../chaincode/transactions/grant/use.js';
import { principalOf } from '../auth/authentication.js';
import { readableGrant, seesAll } from '../auth/reading.js';
import { type Calendar, dueAt, overdueBefore } from '../calendar/working-days.js';
import type { Deps } from '../deps.js';
import { ListQuery, type PageQuery, pageOf, sendPage } from '../http/page.js';
import { awaitingSince } from '../projection/grant.js';
import { type GrantFilter, type ListedUse, listGrants, listUses } from '../projection/grant-lists.js';
import { findRecord } from '../projection/records.js';
import { recordLook } from '../store/read-log.js';
import { GrantAnswer, UseItem } from './answers/grants.js';
import { ListAnswer, readDocument } from './document.js';
import { grantWrites } from './grant-writes.js';
import { writeRoute } from './write-route.js';

const tag = 'grants';
const SHARE_CLASSES = ['unconditional', 'conditional', 'withheld'] as const;
const Path = Closed({ grantId: ClientIdReference });
type Path = { Params: { grantId: string } };

function shown(grant: GrantRecord, calendar: Calendar, now: number) {
  const since = awaitingSince(grant);
  return {
    ...grant,
    status: grantStatus(grant, formatInstant(now)),
    ...(since !== undefined && { answerDueAt: formatInstant(dueAt(calendar, since, calendar.answerDays[grant.shareClass])) }),
  };
}

function shownUse({ value, release }: ListedUse) {
  const { useId, agency, decision, reason, purpose, fields, caseId, subject, count, recordedAt, transaction } = JSON.parse(
    value,
  ) as UseRecord;
  const released = release === null ? undefined : (JSON.parse(release) as ReleaseRecord);
  return {
    useId,
    agency,
    decision,
    reason,
    purpose,
    fields,
    caseId,
    subject,
    count,
    time: recordedAt,
    transaction,
    release: released && { releasedAt: released.releasedAt, recordCount: released.recordCount, time: released.recordedAt },
  };
}

export async function grantRoutes(scope: FastifyInstance, deps: Deps): Promise<void> {
  const { store, clock, calendar } = deps;
  for (const route of grantWrites) writeRoute(scope, deps, route);

  const deadlines = (now: number) =>
    Object.fromEntries(SHARE_CLASSES.map((name) => [name, overdueBefore(calendar, now, calendar.answerDays[name])]));

  scope.get<{ Querystring: GrantFilter & PageQuery }>(
    '/v1/grants',
    {
      schema: readDocument({
        tag,
        summary: { zh: '数据授权列表（仅列出可查阅的）', en: 'List the grants that the caller may read' },
        querystring: ListQuery({
          grantee: Type.Optional(AgencyId),
          provider: Type.Optional(AgencyId),
          dataSet: Type.Optional(Code),
          status: Type.Optional(OneOf(GRANT_STATUSES)),
          overdue: Type.Optional(OneOf(['true', 'false'])),
        }),
        answer: ListAnswer(GrantAnswer),
      }),
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const page = pageOf('grants', request.query);
      const reader = seesAll(principal) ? undefined : principal.agencyId;
      const now = clock();
      const rows = await listGrants(store, reader, request.query, { now, overdueBefore: deadlines(now) }, page);
      return sendPage(request, reply, 'grants', page, rows, ({ value }) => shown(JSON.parse(value), calendar, now));
    },
  );

  scope.get<Path>(
    '/v1/grants/:grantId',
    {
      schema: readDocument({
        tag,
        summary: { zh: '读取数据授权', en: 'Read a grant' },
        params: Path,
        answer: GrantAnswer,
        problems: ['grant.not-found'],
      }),
    },
    async (request) => {
      const grant = await readableGrant(store, principalOf(request), request.params.grantId);
      if (grant.maxUses === undefined) return shown(grant, calendar, clock());
      const count = await findRecord<GrantCountRecord>(store, 'grant-count', grant.grantId);
      return { ...shown(grant, calendar, clock()), used: count?.used ?? 0 };
    },
  );

  scope.get<Path & { Querystring: PageQuery }>(
    '/v1/grants/:grantId/uses',
    {
      schema: readDocument({
        tag,
        summary: { zh: '用数记录（含被拒绝的）', en: 'Every attempt to use a grant, denied ones too' },
        params: Path,
        querystring: ListQuery({}),
        answer: ListAnswer(UseItem),
        problems: ['grant.not-found'],
      }),
    },
    async (request, reply) => {
      const { grantId } = request.params;
      const principal = principalOf(request);
      await readableGrant(store, principal, grantId);
      const list = `uses ${grantId}`;
      const page = pageOf(list, request.query);
      await recordLook(deps, { principal, action: 'grant.uses', thing: grantId });
      const rows = await listUses(store, grantId, page);
      return sendPage(request, reply, list, page, rows, shownUse);
    },
  );
}
