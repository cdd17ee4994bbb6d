import type { FastifyInstance } from 'fastify';
import { Closed, VersionNumber } from '../../chaincode/schemas/primitives.js';
import { ordinal } from '../../chaincode/state/keys.js';
import type { EditionEntry, EditionRecord } from '../../chaincode/transactions/catalogue/edition.js';
import type { Deps } from '../deps.js';
import { ListQuery, type PageQuery, pageOf, sendPage } from '../http/page.js';
import { Problem } from '../http/problem.js';
import { listRecords } from '../projection/lists.js';
import { findRecord } from '../projection/records.js';
import { EditionAnswer, EditionItem } from './answers/catalogue.js';
import { ListAnswer, readDocument } from './document.js';

const tag = 'catalogue';

function without(entries: readonly EditionEntry[], others: readonly EditionEntry[]): EditionEntry[] {
  const there = new Set(others.map(({ kind, code, version }) => `${kind}/${code}/${version}`));
  return entries.filter(({ kind, code, version }) => !there.has(`${kind}/${code}/${version}`));
}

/** Editions 清单版本: the whole published list after each change. */
export async function editionRoutes(scope: FastifyInstance, { store }: Deps): Promise<void> {
  scope.get<{ Querystring: PageQuery }>(
    '/v1/catalogue/editions',
    {
      schema: readDocument({
        tag,
        summary: { zh: '清单历次版本', en: 'List editions of the published list, without their entries' },
        open: true,
        querystring: ListQuery({}),
        answer: ListAnswer(EditionItem),
      }),
    },
    async (request, reply) => {
      const page = pageOf('editions', request.query);
      const rows = await listRecords(store, 'edition', [], page);
      return sendPage(request, reply, 'editions', page, rows, ({ value }) => {
        const { entries: _whole, ...edition } = JSON.parse(value) as EditionRecord;
        return edition;
      });
    },
  );

  scope.get<{ Params: { number: number } }>(
    '/v1/catalogue/editions/:number',
    {
      schema: readDocument({
        tag,
        summary: { zh: '读取清单版本', en: 'Read an edition with its entries and what it changed' },
        open: true,
        params: Closed({ number: VersionNumber }),
        answer: EditionAnswer,
        problems: ['catalogue.not-found'],
      }),
    },
    async ({ params: { number } }) => {
      const edition = await findRecord<EditionRecord>(store, 'edition', ordinal(number));
      if (!edition) throw new Problem('catalogue.not-found');
      const before = number === 1 ? undefined : await findRecord<EditionRecord>(store, 'edition', ordinal(number - 1));
      const listed = before?.entries ?? [];
      return { ...edition, diff: { added: without(edition.entries, listed), removed: without(listed, edition.entries) } };
    },
  );
}
