import type { FastifyInstance } from 'fastify';
import Type, { type TSchema } from 'typebox';
import { CertificateId, ClientIdReference, Closed, Time } from '../../chaincode/schemas/primitives.js';
import type { ThingType } from '../../network/proof/evidence/bundle.js';
import { principalOf } from '../auth/authentication.js';
import type { Principal } from '../auth/principal.js';
import { knownCertificate, readableCase, readableGrant, readableUse } from '../auth/reading.js';
import type { Deps } from '../deps.js';
import { evidenceBundle } from '../evidence/evidence-bundle.js';
import type { ProblemCode } from '../http/problem-table.js';
import type { Store } from '../store/store.js';
import { EvidenceAnswer } from './answers/evidence-bundle.js';
import { type Bilingual, readDocument } from './document.js';

interface EvidenceRoute {
  readonly type: ThingType;
  readonly path: string;
  /** the path's parameter */
  readonly parameter: string;
  readonly form: TSchema;
  readonly summary: Bilingual;
  readonly problem: ProblemCode;
  /** @throws Problem unless the principal may read the thing */
  readonly readable: (store: Store, principal: Principal, id: string) => Promise<unknown>;
}

const ROUTES: readonly EvidenceRoute[] = [
  {
    type: 'case',
    path: '/v1/cases/:caseId/evidence',
    parameter: 'caseId',
    form: ClientIdReference,
    summary: {
      zh: '办件证据包（可离线核验）',
      en: 'Evidence of a case: timeline, anchored records, catalogue version, certificates, data used, proofs',
    },
    problem: 'case.not-found',
    readable: readableCase,
  },
  {
    type: 'certificate',
    path: '/v1/certificates/:certificateId/evidence',
    parameter: 'certificateId',
    form: CertificateId,
    summary: {
      zh: '证照证据包（可离线核验）',
      en: 'Evidence of a certificate: issue, changes, copies, status on a day, proofs',
    },
    problem: 'certificate.not-found',
    readable: (store, _anyAgency, id) => knownCertificate(store, id),
  },
  {
    type: 'grant',
    path: '/v1/grants/:grantId/evidence',
    parameter: 'grantId',
    form: ClientIdReference,
    summary: { zh: '数据授权证据包（可离线核验）', en: 'Evidence of a grant: steps, every use, catalogue version, proofs' },
    problem: 'grant.not-found',
    readable: readableGrant,
  },
  {
    type: 'use',
    path: '/v1/uses/:useId/evidence',
    parameter: 'useId',
    form: ClientIdReference,
    summary: { zh: '用数证据包（可离线核验）', en: 'Evidence of a use: the use, its release, its grant, proofs' },
    problem: 'use.not-found',
    readable: readableUse,
  },
];

export async function evidenceRoutes(scope: FastifyInstance, deps: Deps): Promise<void> {
  for (const { type, path, parameter, form, summary, problem, readable } of ROUTES)
    scope.get<{ Params: Record<string, string>; Querystring: { asOf?: string } }>(
      path,
      {
        schema: readDocument({
          tag: 'evidence',
          summary,
          params: Closed({ [parameter]: form }),
          querystring: Closed({ asOf: Type.Optional(Time) }),
          answer: EvidenceAnswer,
          problems: [problem, 'evidence.too-large', 'ledger.conflict'],
        }),
      },
      async (request, reply) => {
        const principal = principalOf(request);
        const id = request.params[parameter] as string;
        await readable(deps.store, principal, id);
        const bundle = await evidenceBundle(deps, principal, { thing: { type, id }, asOf: request.query.asOf });
        // Sent as the text it is: a bundle has one form only (RFC 8785).
        return reply.type('application/json').send(bundle);
      },
    );
}
