import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { Closed, Code, OneOf, ProvinceId } from '../../chaincode/schemas/primitives.js';
import { ordinal } from '../../chaincode/state/keys.js';
import { VERSION_PATH } from '../../chaincode/transactions/catalogue/catalogue-head.js';
import {
  CATALOGUE_KINDS,
  type CatalogueVersionRecord,
  type ContentOf,
} from '../../chaincode/transactions/catalogue/catalogue-version.js';
import { DOMAINS } from '../../chaincode/transactions/catalogue/service-item.js';
import type { Deps } from '../deps.js';
import { diff } from '../http/diff.js';
import { ListQuery, type PageQuery, pageOf, sendPage } from '../http/page.js';
import { Problem } from '../http/problem.js';
import { type CatalogueFilter, listCatalogue, listRecords } from '../projection/lists.js';
import { findRecord } from '../projection/records.js';
import type { Store } from '../store/store.js';
import { DiffAnswer, EntryAnswer, GuideAnswer, VersionAnswer } from './answers/catalogue.js';
import { ListAnswer, readDocument } from './document.js';

const tag = 'catalogue';
const STATUSES = ['draft', 'consultation', 'consulted', 'published', 'suspended', 'withdrawn', 'superseded'] as const;
const KIND = { kind: OneOf(CATALOGUE_KINDS) };
const ENTRY = { ...KIND, code: Code };

type Entry = { readonly kind: string; readonly code: string };
type Version = Entry & { readonly version: number };

/** @throws Problem `catalogue.not-found` */
async function readVersion(store: Store, { kind, code, version }: Version): Promise<CatalogueVersionRecord> {
  const record = await findRecord<CatalogueVersionRecord>(store, 'catalogue-version', kind, code, ordinal(version));
  if (!record) throw new Problem('catalogue.not-found');
  return record;
}

export async function publicCatalogueRoutes(scope: FastifyInstance, { store }: Deps): Promise<void> {
  scope.get<{ Params: { kind: string }; Querystring: CatalogueFilter & PageQuery }>(
    '/v1/catalogue/:kind',
    {
      schema: readDocument({
        tag,
        summary: { zh: '目录列表', en: 'List catalogue entries' },
        open: true,
        params: Closed(KIND),
        querystring: ListQuery({
          status: Type.Optional(OneOf(STATUSES)),
          domain: Type.Optional(OneOf([...DOMAINS.enterprise, ...DOMAINS.individual])),
          audience: Type.Optional(OneOf(['enterprise', 'individual'])),
          province: Type.Optional(ProvinceId),
        }),
        answer: ListAnswer(VersionAnswer),
      }),
    },
    async (request, reply) => {
      const { kind } = request.params;
      const list = `catalogue/${kind}`;
      const page = pageOf(list, request.query);
      const rows = await listCatalogue(store, kind, request.query, page);
      return sendPage(request, reply, list, page, rows, ({ value }) => JSON.parse(value));
    },
  );

  scope.get<{ Params: Entry }>(
    '/v1/catalogue/:kind/:code',
    {
      schema: readDocument({
        tag,
        summary: { zh: '读取目录条目', en: 'Read an entry: the published version, else the latest' },
        open: true,
        params: Closed(ENTRY),
        answer: EntryAnswer,
        problems: ['catalogue.not-found'],
      }),
    },
    async ({ params: { kind, code } }) => {
      const head = await findRecord<{ latest: number; published?: number }>(store, 'catalogue-head', kind, code);
      if (!head) throw new Problem('catalogue.not-found');
      return { ...(await readVersion(store, { kind, code, version: head.published ?? head.latest })), latest: head.latest };
    },
  );

  scope.get<{ Params: Version }>(
    '/v1/catalogue/:kind/:code/versions/:version',
    {
      schema: readDocument({
        tag,
        summary: { zh: '读取目录条目的版本', en: 'Read one version of an entry' },
        open: true,
        params: Closed(VERSION_PATH),
        answer: VersionAnswer,
        problems: ['catalogue.not-found'],
      }),
    },
    ({ params }) => readVersion(store, params),
  );

  scope.get<{ Params: Version }>(
    '/v1/catalogue/:kind/:code/versions/:version/diff',
    {
      schema: readDocument({
        tag,
        summary: { zh: '与上一版本的差异', en: 'What a version changes against the one before' },
        open: true,
        params: Closed(VERSION_PATH),
        answer: DiffAnswer,
        problems: ['catalogue.not-found'],
      }),
    },
    async ({ params }) => {
      const { kind, code, version } = params;
      const after = await readVersion(store, params);
      const before = version === 1 ? undefined : await readVersion(store, { kind, code, version: version - 1 });
      const content = (before?.content ?? {}) as Partial<ContentOf[keyof ContentOf]>;
      return {
        kind,
        code,
        ...(before && { from: before.version }),
        to: version,
        changes: diff({ ...content }, { ...after.content }),
      };
    },
  );

  scope.get<{ Params: { code: string }; Querystring: PageQuery }>(
    '/v1/catalogue/service-items/:code/guides',
    {
      schema: readDocument({
        tag,
        summary: { zh: '办事指南', en: 'Guides of a service item' },
        open: true,
        params: Closed({ code: Code }),
        querystring: ListQuery({}),
        answer: ListAnswer(GuideAnswer),
        problems: ['catalogue.not-found'],
      }),
    },
    async (request, reply) => {
      const { code } = request.params;
      if (!(await findRecord(store, 'catalogue-head', 'service-items', code))) throw new Problem('catalogue.not-found');
      const list = `guides/${code}`;
      const page = pageOf(list, request.query);
      const rows = await listRecords(store, 'guide', [code], page);
      return sendPage(request, reply, list, page, rows, ({ value }) => JSON.parse(value));
    },
  );
}
