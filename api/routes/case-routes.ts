import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { AgencyId, ClientIdReference, Closed, Code, OneOf } from '../../chaincode/schemas/primitives.js';
import { ordinal } from '../../chaincode/state/keys.js';
import { formatInstant } from '../../chaincode/time.js';
import type { AnchoredRecord } from '../../chaincode/transactions/anchor/record.js';
import { CASE_STATUSES } from '../../chaincode/transactions/case/case-record.js';
import type { HandoffRecord } from '../../chaincode/transactions/case/handoff.js';
import { HandoffNumber } from '../../chaincode/transactions/case/handoff-number.js';
import { principalOf } from '../auth/authentication.js';
import { readableCase, seesAll } from '../auth/reading.js';
import { type Calendar, dueAt, overdueBefore } from '../calendar/working-days.js';
import type { Deps } from '../deps.js';
import { ListQuery, type PageQuery, pageOf, sendPage } from '../http/page.js';
import { Problem } from '../http/problem.js';
import { type AnchoredRow, listAnchored } from '../projection/anchored.js';
import { type CaseFilter, listCases } from '../projection/case-lists.js';
import { listRecords } from '../projection/lists.js';
import { findRecord } from '../projection/records.js';
import { AnchoredItem } from './answers/anchors.js';
import { CaseAnswer, HandoffAnswer, TimelineEntry } from './answers/cases.js';
import { caseWrites } from './case-writes.js';
import { ListAnswer, readDocument } from './document.js';
import { handoffWrites } from './handoff-writes.js';
import { writeRoute } from './write-route.js';

const tag = 'cases';
const Path = Closed({ caseId: ClientIdReference });
type Path = { Params: { caseId: string } };

function shownAnchored({ record, place, batch_id: batchId, time, reader }: AnchoredRow) {
  const { recordId, kind, digest, occurredAt, agency } = JSON.parse(record) as AnchoredRecord;
  const transaction = { id: batchId, time };
  return { recordId, kind, digest, occurredAt, agency, party: reader !== null, batchId, index: place, transaction };
}

/** Whichever comes first: what the offerer asked for, or the working days that an answer may take. */
function answerDueAt(calendar: Calendar, { dueAt: asked, offeredAt }: HandoffRecord): string {
  const days = dueAt(calendar, Date.parse(offeredAt), calendar.answerDays.handoff);
  return formatInstant(Math.min(Date.parse(asked), days));
}

export async function caseRoutes(scope: FastifyInstance, deps: Deps): Promise<void> {
  const { store, clock, calendar } = deps;
  const answerDays = calendar.answerDays.handoff;
  for (const route of [...caseWrites, ...handoffWrites]) writeRoute(scope, deps, route);

  scope.get<{ Querystring: CaseFilter & PageQuery }>(
    '/v1/cases',
    {
      schema: readDocument({
        tag,
        summary: { zh: '办件列表（仅列出可查阅的）', en: 'List the cases that the caller may read' },
        querystring: ListQuery({
          holder: Type.Optional(AgencyId),
          status: Type.Optional(OneOf(CASE_STATUSES)),
          item: Type.Optional(Code),
          overdue: Type.Optional(OneOf(['true', 'false'])),
        }),
        answer: ListAnswer(CaseAnswer),
      }),
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const page = pageOf('cases', request.query);
      const reader = seesAll(principal) ? undefined : principal.agencyId;
      const now = clock();
      const at = { now, offeredBefore: overdueBefore(calendar, now, answerDays) };
      const rows = await listCases(store, reader, request.query, at, page);
      return sendPage(request, reply, 'cases', page, rows, ({ value }) => JSON.parse(value));
    },
  );

  scope.get<Path>(
    '/v1/cases/:caseId',
    {
      schema: readDocument({
        tag,
        summary: { zh: '读取办件', en: 'Read a case' },
        params: Path,
        answer: CaseAnswer,
        problems: ['case.not-found'],
      }),
    },
    (request) => readableCase(store, principalOf(request), request.params.caseId),
  );

  scope.get<Path & { Querystring: PageQuery }>(
    '/v1/cases/:caseId/timeline',
    {
      schema: readDocument({
        tag,
        summary: { zh: '办件全程记录', en: 'The entries of a case, numbered and chained by hash' },
        params: Path,
        querystring: ListQuery({}),
        answer: ListAnswer(TimelineEntry),
        problems: ['case.not-found'],
      }),
    },
    async (request, reply) => {
      const { caseId } = request.params;
      await readableCase(store, principalOf(request), caseId);
      const list = `timeline ${caseId}`;
      const page = pageOf(list, request.query);
      const rows = await listRecords(store, 'entry', [caseId], page);
      return sendPage(request, reply, list, page, rows, ({ value }) => JSON.parse(value));
    },
  );

  scope.get<Path & { Querystring: PageQuery }>(
    '/v1/cases/:caseId/anchored',
    {
      schema: readDocument({
        tag,
        summary: { zh: '办件的存证节点（不编号）', en: 'Records anchored under a case, in block order and unnumbered' },
        params: Path,
        querystring: ListQuery({}),
        answer: ListAnswer(AnchoredItem),
        problems: ['case.not-found'],
      }),
    },
    async (request, reply) => {
      const { caseId } = request.params;
      await readableCase(store, principalOf(request), caseId);
      const list = `anchored ${caseId}`;
      const page = pageOf(list, request.query);
      return sendPage(request, reply, list, page, await listAnchored(store, caseId, page), shownAnchored);
    },
  );

  scope.get<{ Params: { caseId: string; handoff: number } }>(
    '/v1/cases/:caseId/handoffs/:handoff',
    {
      schema: readDocument({
        tag,
        summary: { zh: '读取交接', en: 'Read a hand-off' },
        params: Closed({ caseId: ClientIdReference, handoff: HandoffNumber }),
        answer: HandoffAnswer,
        problems: ['case.not-found', 'handoff.not-found'],
      }),
    },
    async (request) => {
      const { caseId, handoff } = request.params;
      await readableCase(store, principalOf(request), caseId);
      const record = await findRecord<HandoffRecord>(store, 'handoff', caseId, ordinal(handoff));
      if (!record) throw new Problem('handoff.not-found');
      return { ...record, ...(record.status === 'open' && { answerDueAt: answerDueAt(calendar, record) }) };
    },
  );
}
