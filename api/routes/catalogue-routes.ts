import type { FastifyInstance } from 'fastify';
import { castVote } from '../../chaincode/transactions/catalogue/cast-vote.js';
import { draftDataSet } from '../../chaincode/transactions/catalogue/draft-data-set.js';
import { draftServiceItem } from '../../chaincode/transactions/catalogue/draft-service-item.js';
import { draftServiceStandard } from '../../chaincode/transactions/catalogue/draft-service-standard.js';
import { openConsultation } from '../../chaincode/transactions/catalogue/open-consultation.js';
import { publishGuide } from '../../chaincode/transactions/catalogue/publish-guide.js';
import { recordConsultationResult } from '../../chaincode/transactions/catalogue/record-consultation-result.js';
import { resumeEntry } from '../../chaincode/transactions/catalogue/resume-entry.js';
import { submitOpinion } from '../../chaincode/transactions/catalogue/submit-opinion.js';
import { suspendEntry } from '../../chaincode/transactions/catalogue/suspend-entry.js';
import { withdrawEntry } from '../../chaincode/transactions/catalogue/withdraw-entry.js';
import type { Deps } from '../deps.js';
import { Problem } from '../http/problem.js';
import { type WriteRequest, type WriteRoute, writeRoute } from './write-route.js';

const VERSION = '/v1/catalogue/:kind/:code/versions/:version';

function version({ kind, code, version: number }: Record<string, unknown>): string {
  return `/v1/catalogue/${kind}/${code}/versions/${number}`;
}

const WRITES: readonly Omit<WriteRoute, 'tag' | 'method'>[] = [
  {
    path: '/v1/catalogue/service-items',
    definition: draftServiceItem,
    summary: { zh: '起草服务事项', en: 'Draft a service item' },
    location: version,
  },
  {
    path: '/v1/catalogue/data-sets',
    definition: draftDataSet,
    summary: { zh: '起草共享数据集', en: 'Draft a data set' },
    location: version,
  },
  {
    path: '/v1/catalogue/service-standards',
    definition: draftServiceStandard,
    summary: { zh: '起草服务标准', en: 'Draft a service standard' },
    location: version,
  },
  {
    path: `${VERSION}/consultation`,
    definition: openConsultation,
    summary: { zh: '公开征求意见', en: 'Open a consultation' },
    location: version,
  },
  {
    path: `${VERSION}/consultation/opinions`,
    definition: submitOpinion,
    attach: ensurePortal,
    summary: { zh: '提交意见', en: 'Submit an opinion' },
    location: version,
  },
  {
    path: `${VERSION}/consultation/result`,
    definition: recordConsultationResult,
    summary: { zh: '登记征求意见结果', en: 'Record the result of the consultation' },
    location: version,
  },
  { path: `${VERSION}/votes`, definition: castVote, summary: { zh: '表决', en: 'Vote' }, location: version },
  {
    path: `${VERSION}/suspension`,
    definition: suspendEntry,
    summary: { zh: '紧急暂停', en: 'Suspend in an emergency' },
    location: version,
  },
  { path: `${VERSION}/resumption`, definition: resumeEntry, summary: { zh: '恢复', en: 'Resume' }, location: version },
  {
    path: `${VERSION}/withdrawal`,
    definition: withdrawEntry,
    summary: { zh: '表决撤下', en: 'Vote to withdraw' },
    location: version,
  },
  {
    path: '/v1/catalogue/service-items/:code/guides',
    definition: publishGuide,
    summary: { zh: '发布办事指南', en: 'Publish a guide' },
    location: (record) => `/v1/catalogue/service-items/${record.code}/guides`,
  },
];

/** The ledger knows the agency's roles, but not those that this credential was given. */
async function ensurePortal(_deps: Deps, { principal, body }: WriteRequest) {
  if (body.from === 'public' && principal.withheld.includes('application')) throw new Problem('auth.role');
  return {};
}

/** How the four provinces come to agree on their catalogue. */
export async function catalogueRoutes(scope: FastifyInstance, deps: Deps): Promise<void> {
  for (const route of WRITES) writeRoute(scope, deps, { ...route, tag: 'catalogue', method: 'POST' });
}
