import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { Closed, Hash, OneOf, ProvinceId } from '../../chaincode/schemas/primitives.js';
import type { Deps } from '../deps.js';
import { findRecord } from '../projection/records.js';
import { transactionStatus } from '../submission/transaction-status.js';
import { CODE_AGREEMENTS, codeAgreement } from './answers/code-agreement.js';
import { readDocument } from './document.js';

const tag = 'ledger';

const LedgerAnswer = Type.Object({
  kind: Type.Union([Type.Literal('embedded'), Type.Literal('fabric')]),
  assurance: Type.Union([Type.Literal('single-operator'), Type.Literal('bft-4')]),
  channel: Type.String(),
  height: Type.Integer({ description: 'number of blocks, genesis included' }),
  codeDigest: Hash,
  code: OneOf(CODE_AGREEMENTS, { description: 'whether the four provinces say that they run the same contracts' }),
  provinces: Type.Array(
    Type.Object({
      code: ProvinceId,
      mspId: Type.String(),
      registrar: Type.String(),
      reachable: Type.Boolean(),
      height: Type.Integer(),
      codeDigest: Type.Optional(Hash),
    }),
  ),
});

export async function publicLedgerRoutes(scope: FastifyInstance, { ledger, store }: Deps): Promise<void> {
  scope.get(
    '/v1/ledger',
    {
      schema: readDocument({
        tag,
        summary: { zh: '账本概况', en: 'The ledger: what it is, how high, who runs it' },
        open: true,
        answer: LedgerAnswer,
      }),
    },
    async () => {
      const info = await ledger.info();
      const provinces = await Promise.all(
        info.provinces.map(async ({ code, mspId, reachable, height, codeDigest }) => {
          const founder = await findRecord<{ agencyId: string }>(store, 'founder', code);
          return { code, mspId, registrar: founder?.agencyId, reachable, height, codeDigest };
        }),
      );
      const { kind, assurance, channel, height, codeDigest } = info;
      return { kind, assurance, channel, height, codeDigest, code: codeAgreement(info.provinces), provinces };
    },
  );
}

const TransactionAnswer = Type.Object({
  id: Hash,
  status: Type.Union([Type.Literal('pending'), Type.Literal('valid'), Type.Literal('invalid')]),
  code: Type.Optional(Type.String({ description: 'why it is invalid' })),
  block: Type.Optional(Type.Integer()),
  time: Type.Optional(Type.String({ format: 'date-time' })),
  transaction: Type.Optional(Type.String({ description: 'the transaction that carried the write in the end' })),
});

export async function transactionRoutes(scope: FastifyInstance, deps: Deps): Promise<void> {
  scope.get<{ Params: { id: string } }>(
    '/v1/transactions/:id',
    {
      schema: readDocument({
        tag,
        summary: { zh: '交易结果', en: 'What became of a transaction' },
        params: Closed({ id: Hash }),
        answer: TransactionAnswer,
      }),
    },
    ({ params }) => transactionStatus(deps, params.id),
  );
}
