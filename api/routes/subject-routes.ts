import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Role } from '../../chaincode/roles.js';
import { Closed, Code, OneOf, ProvinceId, Subject } from '../../chaincode/schemas/primitives.js';
import { eraseSubject } from '../../chaincode/transactions/subject/erase-subject.js';
import { principalOf } from '../auth/authentication.js';
import type { Principal } from '../auth/principal.js';
import type { Deps } from '../deps.js';
import { IdempotencyHeaders } from '../http/idempotency-key.js';
import { Problem } from '../http/problem.js';
import { requireRole } from '../plugins/authorisation.js';
import { recordLook } from '../store/read-log.js';
import { createSubject } from '../vault/create-subject.js';
import { eraseRecordedSubjects } from '../vault/erase-subjects.js';
import { findSubject, openSubject, type VaultSubject } from '../vault/find-subject.js';
import { PERSON_TYPES } from '../vault/person.js';
import type { Vault } from '../vault/vault.js';
import { createdDocument } from './document.js';
import { writeRoute } from './write-route.js';

const tag = 'subjects';
const MAKERS: readonly Role[] = ['case-handler', 'certificate-issuer', 'data-user'];

export const personFields = {
  type: OneOf(PERSON_TYPES),
  number: Type.String({ maxLength: 18, screened: false, description: '公民身份号码或统一社会信用代码 GB 11643 or GB 32100' }),
};
const Person = Closed({ ...personFields, homeProvince: Type.Optional(ProvinceId) });

const Opening = Closed({ reason: Code });
const Path = Closed({ subject: Subject });

/** @throws Problem `subject.not-found` */
async function known(vault: Vault, subject: string): Promise<VaultSubject> {
  const found = await findSubject(vault, subject);
  if (!found) throw new Problem('subject.not-found');
  return found;
}

/** Of the home province alone: who made the handle, and its auditors. */
function mayOpen({ agencyId, province, roles }: Principal, { agency, homeProvince }: VaultSubject): boolean {
  return province === homeProvince && (agencyId === agency || roles.includes('auditor'));
}

export async function subjectRoutes(scope: FastifyInstance, deps: Deps): Promise<void> {
  const { vault, settings } = deps;

  scope.post<{ Body: Static<typeof Person> }>(
    '/v1/subjects',
    {
      schema: {
        ...createdDocument({
          tag,
          summary: { zh: '为一件事生成主体代号', en: 'Make a handle for a person or company, for one matter' },
          answer: Type.Object({ subject: Subject }),
          problems: ['idempotency.mismatch', 'subject.state'],
        }),
        body: Person,
        headers: IdempotencyHeaders,
      },
      onRequest: requireRole(settings, MAKERS),
    },
    async (request, reply) => {
      const { agencyId, province } = principalOf(request);
      const { type, number, homeProvince = province } = request.body;
      // Another province's people are in another province's vault, when each runs its own.
      if (settings.province !== undefined && homeProvince !== settings.province) throw new Problem('auth.province');
      const operation = (request.headers as IdempotencyHeaders)['idempotency-key'];
      const created = await createSubject(vault, { person: { type, number }, homeProvince, agency: agencyId, operation });
      if (created.outcome === 'erased') throw new Problem('subject.state', { state: created.outcome });
      if (created.outcome === 'mismatch') throw new Problem('idempotency.mismatch');
      if (created.outcome === 'replayed') reply.header('idempotent-replayed', 'true');
      return reply.code(201).send({ subject: created.subject });
    },
  );

  scope.post<{ Params: Static<typeof Path>; Body: Static<typeof Opening> }>(
    '/v1/subjects/:subject/opening',
    {
      schema: {
        ...createdDocument({
          tag,
          summary: { zh: '打开主体代号（先留痕）', en: 'Open a handle; the look is recorded first' },
          answer: Type.Object({
            subject: Subject,
            ...personFields,
            salt: Type.String(),
          }),
          problems: ['subject.not-found', 'subject.state'],
        }),
        params: Path,
        body: Opening,
      },
      onRequest: requireRole(settings, [...MAKERS, 'auditor']),
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { subject } = request.params;
      const found = await known(vault, subject);
      if (!mayOpen(principal, found)) throw new Problem('auth.agency');
      // The ledger's entry counts from the moment it is there, whether or not the salt is gone yet.
      await eraseRecordedSubjects(vault);
      await recordLook(deps, { principal, action: 'subject.opening', thing: subject, reason: request.body.reason });
      const proof = await openSubject(vault, subject);
      if (!proof) throw new Problem('subject.state', { state: 'erased' });
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ subject, ...proof });
    },
  );

  await scope.register(async (erasure) => {
    // The answer says that the salt is gone, so it waits for that; a repeat that finds it left over too.
    erasure.addHook('onSend', async (_request, reply, payload) => {
      if (reply.statusCode === 200) await eraseRecordedSubjects(vault);
      return payload;
    });
    writeRoute(erasure, deps, {
      method: 'DELETE',
      path: '/v1/subjects/:subject',
      definition: eraseSubject,
      tag,
      summary: { zh: '删除主体代号的盐值', en: 'Erase the salt of a handle' },
      status: 200,
      answer: ({ subject }, transaction) => ({ subject, transaction }),
      answerFields: { subject: Subject },
      attach: async (_deps, { principal, params }) => {
        const { agency } = await known(vault, String(params.subject));
        if (agency !== principal.agencyId) throw new Problem('auth.agency');
        return {};
      },
    });
  });
}
