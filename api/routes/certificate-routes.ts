import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { CertificateId, Closed, Hash, Time } from '../../chaincode/schemas/primitives.js';
import { isBefore } from '../../chaincode/time.js';
import type { CertificateRecord } from '../../chaincode/transactions/certificate/certificate.js';
import { statusAt } from '../../chaincode/transactions/certificate/status.js';
import { knownCertificate } from '../auth/reading.js';
import type { Deps } from '../deps.js';
import { ListQuery, type PageQuery, pageOf, sendPage, sendPageOf } from '../http/page.js';
import { Problem } from '../http/problem.js';
import { findRecord } from '../projection/records.js';
import { listCopies } from '../projection/standing-certificates.js';
import { presentOf } from '../verification/verify.js';
import { BatchAnswer, CertificateAnswer, CopyAnswer, HistoryItem } from './answers/certificates.js';
import { certificateWrites } from './certificate-writes.js';
import { ListAnswer, readDocument } from './document.js';
import { writeRoute } from './write-route.js';

const tag = 'certificates';
const Path = Closed({ certificateId: CertificateId });
type Path = { Params: { certificateId: string } };
type Moments = { Querystring: { asOf?: string; knownAt?: string } };

/** The issue as the first line of what happened to a certificate. */
function issueOf({ validFrom, issuedAt, transaction }: CertificateRecord) {
  return { change: 'issued', effectiveAt: validFrom, recordedAt: issuedAt, transaction };
}

export async function certificateRoutes(scope: FastifyInstance, deps: Deps): Promise<void> {
  const { store, clock } = deps;
  for (const route of certificateWrites) writeRoute(scope, deps, route);

  scope.get<Path & Moments>(
    '/v1/certificates/:certificateId',
    {
      schema: readDocument({
        tag,
        summary: { zh: '读取证照及其在某一时点的状态', en: 'Read a certificate with its status at a time' },
        params: Path,
        querystring: Closed({ asOf: Type.Optional(Time), knownAt: Type.Optional(Time) }),
        answer: CertificateAnswer,
        problems: ['certificate.not-found'],
      }),
    },
    async ({ params, query }) => {
      const certificate = await knownCertificate(store, params.certificateId);
      const present = presentOf(clock, certificate);
      const { asOf = present, knownAt = present } = query;
      const { verdict, change } = statusAt(certificate, { asOf, knownAt });
      if (verdict === 'unknown') throw new Problem('certificate.not-found');
      const changes = certificate.changes.filter(({ recordedAt }) => !isBefore(knownAt, recordedAt));
      return { ...certificate, changes, status: verdict, change, asOf, knownAt };
    },
  );

  scope.get<Path & { Querystring: PageQuery }>(
    '/v1/certificates/:certificateId/history',
    {
      schema: readDocument({
        tag,
        summary: { zh: '证照状态变更历史', en: 'The issue and every change of status' },
        params: Path,
        querystring: ListQuery({}),
        answer: ListAnswer(HistoryItem),
        problems: ['certificate.not-found'],
      }),
    },
    async (request, reply) => {
      const { certificateId } = request.params;
      const certificate = await knownCertificate(store, certificateId);
      const changes = [issueOf(certificate), ...certificate.changes];
      return sendPageOf(request, reply, `certificate history ${certificateId}`, request.query, changes);
    },
  );

  scope.get<Path & { Querystring: PageQuery }>(
    '/v1/certificates/:certificateId/copies',
    {
      schema: readDocument({
        tag,
        summary: { zh: '加注件列表', en: 'List annotated copies' },
        params: Path,
        querystring: ListQuery({}),
        answer: ListAnswer(CopyAnswer),
        problems: ['certificate.not-found'],
      }),
    },
    async (request, reply) => {
      const { certificateId } = await knownCertificate(store, request.params.certificateId);
      const list = `copies ${certificateId}`;
      const page = pageOf(list, request.query);
      const rows = await listCopies(store, certificateId, page);
      return sendPage(request, reply, list, page, rows, ({ copy }) => copy);
    },
  );

  scope.get<{ Params: { batchId: string } }>(
    '/v1/certificate-batches/:batchId',
    {
      schema: readDocument({
        tag,
        summary: { zh: '读取证照批次', en: 'Read a batch: its size and root' },
        params: Closed({ batchId: Hash }),
        answer: BatchAnswer,
        problems: ['certificate.not-found'],
      }),
    },
    async ({ params }) => {
      const batch = await findRecord<object>(store, 'certificate-batch', params.batchId);
      if (!batch) throw new Problem('certificate.not-found');
      return batch;
    },
  );
}
