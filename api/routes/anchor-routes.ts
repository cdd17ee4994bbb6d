import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { AgencyId, Closed, Hash, Identifier, OneOf } from '../../chaincode/schemas/primitives.js';
import { recordTag } from '../../chaincode/transactions/anchor/record.js';
import { type Shown, showAnchored } from '../anchors/anchor-proof.js';
import { tagOfDigest, tagsOfRecordId } from '../anchors/find-anchored.js';
import { principalOf } from '../auth/authentication.js';
import type { Principal } from '../auth/principal.js';
import { seesAll } from '../auth/reading.js';
import type { Deps } from '../deps.js';
import { Problem } from '../http/problem.js';
import { postAnchors } from './anchor-posts.js';
import { AnchorAnswer } from './answers/anchors.js';
import { readDocument } from './document.js';

const tag = 'anchors';
const OfAgency = Type.Optional({
  ...AgencyId,
  description: '仅审计机构需要 whose record: for auditors; everybody else reads their own',
});

/** Whose records are asked for: an auditor's question is about all agencies unless it names one. */
function agencyAsked(principal: Principal, named: string | undefined): string | undefined {
  if (seesAll(principal)) return named;
  if (named !== undefined && named !== principal.agencyId) throw new Problem('auth.agency');
  return principal.agencyId;
}

export async function anchorRoutes(scope: FastifyInstance, deps: Deps): Promise<void> {
  const { store } = deps;
  await postAnchors(scope, deps);

  const show = async (request: FastifyRequest, found: { agency: string; tag: string } | undefined) => {
    const shown: Shown | undefined = found && (await showAnchored(store, found.agency, found.tag));
    if (!shown) throw new Problem('anchor.not-found');
    return deps.rootReceipts.prove(principalOf(request).agencyId, shown);
  };

  scope.get<{ Querystring: { digest: string; alg?: string; agency?: string } }>(
    '/v1/anchors',
    {
      schema: readDocument({
        tag,
        summary: { zh: '按摘要查存证', en: 'The anchored record with a digest, and its proof' },
        querystring: Closed({ digest: Hash, alg: Type.Optional(OneOf(['sha-256', 'sm3'])), agency: OfAgency }),
        answer: AnchorAnswer,
        problems: ['anchor.not-found'],
      }),
    },
    async (request) => {
      const { digest, alg, agency } = request.query;
      return show(request, await tagOfDigest(store, agencyAsked(principalOf(request), agency), digest, alg));
    },
  );

  scope.get<{ Params: { recordId: string }; Querystring: { agency?: string } }>(
    '/v1/anchors/:recordId',
    {
      schema: readDocument({
        tag,
        summary: { zh: '按记录编号查存证', en: 'An anchored record by its id, and its proof' },
        params: Closed({ recordId: Identifier }),
        querystring: Closed({ agency: OfAgency }),
        answer: AnchorAnswer,
        problems: ['anchor.not-found'],
      }),
    },
    async (request) => {
      const { recordId } = request.params;
      const agency = agencyAsked(principalOf(request), request.query.agency);
      if (agency !== undefined) return show(request, { agency, tag: recordTag(agency, recordId) });
      return show(request, await tagsOfRecordId(store, recordId));
    },
  );
}
