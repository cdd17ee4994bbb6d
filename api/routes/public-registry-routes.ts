import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { AgencyId, AgencyKind, Closed, Code, ProvinceId } from '../../chaincode/schemas/primitives.js';
import type { Deps } from '../deps.js';
import { ListQuery, type PageQuery, pageOf, sendPage } from '../http/page.js';
import { Problem } from '../http/problem.js';
import { type AgencyFilter, listAgencies, listPartners, listRecords } from '../projection/lists.js';
import { findAgency, findRecord } from '../projection/records.js';
import { AgencyAnswer, CentreAnswer, FeatureAnswer, InstrumentAnswer } from './answers/registry.js';
import { ListAnswer, readDocument } from './document.js';

const tag = 'registry';

/** What everybody may know of who takes part. */
export async function publicRegistryRoutes(scope: FastifyInstance, { store }: Deps): Promise<void> {
  scope.get<{ Querystring: AgencyFilter & PageQuery }>(
    '/v1/agencies',
    {
      schema: readDocument({
        tag,
        summary: { zh: '机构列表', en: 'List agencies' },
        open: true,
        querystring: ListQuery({ province: Type.Optional(ProvinceId), kind: Type.Optional(AgencyKind) }),
        answer: ListAnswer(AgencyAnswer),
      }),
    },
    async (request, reply) => {
      const page = pageOf('agencies', request.query);
      const rows = await listAgencies(store, request.query, page);
      return sendPage(request, reply, 'agencies', page, rows, ({ value }) => JSON.parse(value));
    },
  );

  scope.get<{ Params: { agencyId: string } }>(
    '/v1/agencies/:agencyId',
    {
      schema: readDocument({
        tag,
        summary: { zh: '读取机构', en: 'Read an agency' },
        open: true,
        params: Closed({ agencyId: AgencyId }),
        answer: AgencyAnswer,
        problems: ['agency.not-found'],
      }),
    },
    async ({ params: { agencyId } }) => {
      const agency = await findAgency(store, agencyId);
      if (!agency) throw new Problem('agency.not-found');
      return agency;
    },
  );

  scope.get<{ Querystring: PageQuery }>(
    '/v1/instruments',
    {
      schema: readDocument({
        tag,
        summary: { zh: '依据文件列表', en: 'List legal instruments' },
        open: true,
        querystring: ListQuery({}),
        answer: ListAnswer(InstrumentAnswer),
      }),
    },
    async (request, reply) => {
      const page = pageOf('instruments', request.query);
      const rows = await listRecords(store, 'instrument', [], page);
      return sendPage(request, reply, 'instruments', page, rows, ({ value }) => JSON.parse(value));
    },
  );

  scope.get<{ Params: { code: string } }>(
    '/v1/instruments/:code',
    {
      schema: readDocument({
        tag,
        summary: { zh: '读取依据文件', en: 'Read a legal instrument' },
        open: true,
        params: Closed({ code: Code }),
        answer: InstrumentAnswer,
        problems: ['instrument.not-found'],
      }),
    },
    async ({ params: { code } }) => {
      const instrument = await findRecord<object>(store, 'instrument', code);
      if (!instrument) throw new Problem('instrument.not-found');
      return instrument;
    },
  );

  scope.get<{ Params: { feature: string } }>(
    '/v1/features/:feature',
    {
      schema: readDocument({
        tag,
        summary: { zh: '读取新特性的启用情况', en: 'Read which provinces approved a feature, and whether it is active' },
        open: true,
        params: Closed({ feature: Code }),
        answer: FeatureAnswer,
        problems: ['feature.not-found'],
      }),
    },
    async ({ params: { feature } }) => {
      const record = await findRecord<object>(store, 'feature', 'approvals', feature);
      if (!record) throw new Problem('feature.not-found');
      return record;
    },
  );

  scope.get<{ Querystring: PageQuery }>(
    '/v1/centres',
    {
      schema: readDocument({
        tag,
        summary: { zh: '服务中心及其合作方列表', en: 'List service centres with their partners' },
        open: true,
        querystring: ListQuery({}),
        answer: ListAnswer(CentreAnswer),
      }),
    },
    async (request, reply) => {
      const page = pageOf('centres', request.query);
      const rows = await listRecords(store, 'centre', [], page);
      const centres = rows.map(({ key, value }) => ({ key, record: JSON.parse(value) as { centreId: string } }));
      const partners = await listPartners(
        store,
        centres.map(({ record }) => record.centreId),
      );
      return sendPage(request, reply, 'centres', page, centres, ({ record }) => ({
        ...record,
        partners: partners.get(record.centreId),
      }));
    },
  );

  scope.get<{ Params: { centreId: string } }>(
    '/v1/centres/:centreId',
    {
      schema: readDocument({
        tag,
        summary: { zh: '读取服务中心', en: 'Read a service centre' },
        open: true,
        params: Closed({ centreId: AgencyId }),
        answer: CentreAnswer,
        problems: ['centre.not-found'],
      }),
    },
    async ({ params: { centreId } }) => {
      const centre = await findRecord<object>(store, 'centre', centreId);
      if (!centre) throw new Problem('centre.not-found');
      return { ...centre, partners: (await listPartners(store, [centreId])).get(centreId) };
    },
  );
}
