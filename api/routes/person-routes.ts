import type { FastifyInstance } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { Closed } from '../../chaincode/schemas/primitives.js';
import { principalOf } from '../auth/authentication.js';
import type { Deps } from '../deps.js';
import { type Listed, ListQuery, type Page, type PageQuery, pageOf, sendPage } from '../http/page.js';
import { requireRole } from '../plugins/authorisation.js';
import { casesOfPerson, traceOfPerson } from '../trace/person.js';
import { OwnCase, OwnUse } from './answers/trace.js';
import { type Bilingual, ListAnswer, readDocument } from './document.js';
import { shownOwnCase, shownOwnUse } from './shown-trace.js';
import { personFields } from './subject-routes.js';

const Person = Closed(personFields);

interface View<R extends Listed> {
  readonly path: string;
  readonly summary: Bilingual;
  readonly item: TSchema;
  readonly read: (...asked: Parameters<typeof traceOfPerson>) => Promise<R[]>;
  readonly show: (row: R) => unknown;
}

const DESCRIPTION = [
  '仅限门户（kind 为 portal、角色 application），代本人查询；覆盖门户所在省保管库关联的全部代号。先留痕，后答复。未知的人得到空列表。',
  'For portals (kind `portal`, role `application`) acting for the person, over all handles that the vault of the portal’s province links; the newest first. Recorded before it is answered. A person unknown to the vault gets an empty list. A further page is asked for with the same body.',
].join('\n\n');

/** What a person may see of their own records, shown to the portal that acts for them. */
function personView<R extends Listed>(scope: FastifyInstance, deps: Deps, view: View<R>): void {
  scope.post<{ Body: Static<typeof Person>; Querystring: PageQuery }>(
    view.path,
    {
      schema: {
        ...readDocument({
          tag: 'subjects',
          summary: view.summary,
          querystring: ListQuery({}),
          answer: ListAnswer(view.item),
          problems: ['request.too-large', 'request.media-type'],
        }),
        description: DESCRIPTION,
        body: Person,
      },
      onRequest: requireRole(deps.settings, ['application']),
    },
    async (request, reply) => {
      const page: Page = pageOf(view.path, request.query);
      const rows = await view.read(deps, principalOf(request), request.body, page);
      return sendPage(request, reply, view.path, page, rows, view.show);
    },
  );
}

export async function personRoutes(scope: FastifyInstance, deps: Deps): Promise<void> {
  personView(scope, deps, {
    path: '/v1/subjects/trace',
    summary: { zh: '本人查询：谁用过我的数据', en: 'For the person: who used my data, when, for what, under which grant' },
    item: OwnUse,
    read: traceOfPerson,
    show: shownOwnUse,
  });
  personView(scope, deps, {
    path: '/v1/subjects/cases',
    summary: { zh: '本人查询：我的办件办到哪里', en: 'For the person: where my cases stand' },
    item: OwnCase,
    read: casesOfPerson,
    show: shownOwnCase,
  });
}
