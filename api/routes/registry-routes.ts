import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { AgencyId, Closed, Identifier, OneOf } from '../../chaincode/schemas/primitives.js';
import { acceptOfficer } from '../../chaincode/transactions/registry/accept-officer.js';
import { acceptPartner } from '../../chaincode/transactions/registry/accept-partner.js';
import { approveFeature } from '../../chaincode/transactions/registry/approve-feature.js';
import { deactivateAgency } from '../../chaincode/transactions/registry/deactivate-agency.js';
import { deactivateOfficer } from '../../chaincode/transactions/registry/deactivate-officer.js';
import { proposePartner } from '../../chaincode/transactions/registry/propose-partner.js';
import { reactivateAgency } from '../../chaincode/transactions/registry/reactivate-agency.js';
import { registerAgency } from '../../chaincode/transactions/registry/register-agency.js';
import { registerCentre } from '../../chaincode/transactions/registry/register-centre.js';
import { registerInstrument } from '../../chaincode/transactions/registry/register-instrument.js';
import { registerOfficer } from '../../chaincode/transactions/registry/register-officer.js';
import { replaceAgencyKey } from '../../chaincode/transactions/registry/replace-agency-key.js';
import { setAgencyRoles } from '../../chaincode/transactions/registry/set-agency-roles.js';
import { withdrawPartner } from '../../chaincode/transactions/registry/withdraw-partner.js';
import type { Deps } from '../deps.js';
import { ListQuery, type PageQuery, pageOf, sendPage, sendPageOf } from '../http/page.js';
import { Problem } from '../http/problem.js';
import { listOfficers, type OfficerFilter } from '../projection/lists.js';
import { findRecord, findVersions } from '../projection/records.js';
import { agencyKeyDigest, anotherKeyDigest } from './agency-key.js';
import { AgencyVersion, OfficerAnswer } from './answers/registry.js';
import { ListAnswer, readDocument } from './document.js';
import { type WriteRoute, writeRoute } from './write-route.js';

const tag = 'registry';
const agency = (record: Record<string, unknown>) => `/v1/agencies/${record.agencyId}`;
const centre = (record: Record<string, unknown>) => `/v1/centres/${record.centreId}`;
const officer = (record: Record<string, unknown>) => `/v1/officers/${record.officerId}`;

const WRITES: readonly Omit<WriteRoute, 'tag' | 'method'>[] = [
  {
    path: '/v1/agencies',
    definition: registerAgency,
    summary: { zh: '登记机构', en: 'Register an agency' },
    location: agency,
    attach: agencyKeyDigest,
    multiline: ['/certificate'],
  },
  {
    path: '/v1/agencies/:agencyId/roles',
    definition: setAgencyRoles,
    summary: { zh: '调整机构角色', en: 'Set the roles of an agency' },
    location: agency,
  },
  {
    path: '/v1/agencies/:agencyId/key',
    definition: replaceAgencyKey,
    summary: { zh: '更换机构密钥', en: 'Replace the key of an agency' },
    location: agency,
    attach: anotherKeyDigest,
    multiline: ['/certificate'],
  },
  {
    path: '/v1/agencies/:agencyId/deactivation',
    definition: deactivateAgency,
    summary: { zh: '停用机构', en: 'Deactivate an agency' },
    location: agency,
  },
  {
    path: '/v1/agencies/:agencyId/reactivation',
    definition: reactivateAgency,
    summary: { zh: '恢复机构', en: 'Reactivate an agency' },
    location: agency,
  },
  {
    path: '/v1/features/:feature/approvals',
    definition: approveFeature,
    summary: { zh: '同意启用新特性', en: 'Approve a feature of new code' },
    location: (record) => `/v1/features/${record.feature}`,
  },
  {
    path: '/v1/instruments',
    definition: registerInstrument,
    summary: { zh: '登记依据文件', en: 'Register a legal instrument' },
    location: (record) => `/v1/instruments/${record.code}`,
  },
  {
    path: '/v1/centres',
    definition: registerCentre,
    summary: { zh: '登记签约服务中心', en: 'Register a service centre' },
    location: centre,
  },
  {
    path: '/v1/centres/:centreId/partners',
    definition: proposePartner,
    summary: { zh: '邀约合作方', en: 'Propose a partner' },
    location: centre,
  },
  {
    path: '/v1/centres/:centreId/partners/:partner/acceptance',
    definition: acceptPartner,
    summary: { zh: '接受合作', en: 'Accept a partnership' },
    location: centre,
  },
  {
    path: '/v1/centres/:centreId/partners/:partner/withdrawal',
    definition: withdrawPartner,
    summary: { zh: '退出合作', en: 'Withdraw from a partnership' },
    location: centre,
  },
  {
    path: '/v1/officers',
    definition: registerOfficer,
    summary: { zh: '登记异地网办专员', en: 'Register an officer' },
    location: officer,
  },
  {
    path: '/v1/officers/:officerId/acceptance',
    definition: acceptOfficer,
    summary: { zh: '接受异地网办专员', en: 'Accept an officer as host' },
    location: officer,
  },
  {
    path: '/v1/officers/:officerId/deactivation',
    definition: deactivateOfficer,
    summary: { zh: '停用异地网办专员', en: 'Deactivate an officer' },
    location: officer,
  },
];

/** What agencies do in the registry, and what only they may read of it. */
export async function registryRoutes(scope: FastifyInstance, deps: Deps): Promise<void> {
  const { store } = deps;
  for (const route of WRITES) writeRoute(scope, deps, { ...route, tag, method: 'POST' });

  scope.get<{ Params: { agencyId: string }; Querystring: PageQuery }>(
    '/v1/agencies/:agencyId/history',
    {
      schema: readDocument({
        tag,
        summary: { zh: '机构变更历史', en: 'All versions of an agency' },
        params: Closed({ agencyId: AgencyId }),
        querystring: ListQuery({}),
        answer: ListAnswer(AgencyVersion),
        problems: ['agency.not-found'],
      }),
    },
    async (request, reply) => {
      const { agencyId } = request.params;
      const versions = await findVersions(store, 'agency', agencyId);
      if (versions.length === 0) throw new Problem('agency.not-found');
      return sendPageOf(request, reply, `agency history ${agencyId}`, request.query, versions);
    },
  );

  scope.get<{ Querystring: OfficerFilter & PageQuery }>(
    '/v1/officers',
    {
      schema: readDocument({
        tag,
        summary: { zh: '异地网办专员列表', en: 'List officers' },
        querystring: ListQuery({
          centre: Type.Optional(AgencyId),
          status: Type.Optional(OneOf(['proposed', 'active', 'inactive'])),
        }),
        answer: ListAnswer(OfficerAnswer),
      }),
    },
    async (request, reply) => {
      const page = pageOf('officers', request.query);
      const rows = await listOfficers(store, request.query, page);
      return sendPage(request, reply, 'officers', page, rows, ({ value }) => JSON.parse(value));
    },
  );

  scope.get<{ Params: { officerId: string } }>(
    '/v1/officers/:officerId',
    {
      schema: readDocument({
        tag,
        summary: { zh: '读取异地网办专员', en: 'Read an officer' },
        params: Closed({ officerId: Identifier }),
        answer: OfficerAnswer,
        problems: ['officer.not-found'],
      }),
    },
    async ({ params: { officerId } }) => {
      const found = await findRecord<object>(store, 'officer', officerId);
      if (!found) throw new Problem('officer.not-found');
      return found;
    },
  );
}
