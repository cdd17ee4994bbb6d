import { negotiate } from '@fastify/accept-negotiator';
import type { FastifyInstance } from 'fastify';
import { Closed, VersionNumber } from '../../chaincode/schemas/primitives.js';
import type { Deps } from '../deps.js';
import { JSON_TYPE } from '../http/answer.js';
import { ListQuery, type PageQuery, pageOf, sendPage } from '../http/page.js';
import { Problem } from '../http/problem.js';
import { Editions, listEditions } from '../projection/editions.js';
import { EditionAnswer, EditionItem } from './answers/catalogue.js';
import { ListAnswer, readDocument } from './document.js';

const tag = 'catalogue';

/** Editions 清单版本: the whole published list after each change. */
export async function editionRoutes(scope: FastifyInstance, { store }: Deps): Promise<void> {
  const editions = new Editions(store);
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
      const rows = await listEditions(store, page);
      return sendPage(request, reply, 'editions', page, rows, ({ summary }) => JSON.parse(summary));
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
    async ({ params: { number }, headers }, reply) => {
      const edition = await editions.whole(number);
      if (!edition) throw new Problem('catalogue.not-found');
      const coding = negotiate(headers['accept-encoding'] ?? '', ['gzip', 'identity']);
      if (coding === 'gzip') reply.header('content-encoding', coding);
      return reply
        .header('vary', 'accept-encoding')
        .type(JSON_TYPE)
        .send(edition[coding ?? 'identity']);
    },
  );
}
