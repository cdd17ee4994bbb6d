import type { FastifyInstance } from 'fastify';
import { Closed, Hash } from '../../chaincode/schemas/primitives.js';
import { principalOf } from '../auth/authentication.js';
import type { Deps } from '../deps.js';
import { trustFile } from '../evidence/receipts.js';
import { transactionReceipt } from '../evidence/transaction-receipt.js';
import { ReceiptAnswer, TrustAnswer } from './answers/evidence.js';
import { readDocument } from './document.js';

const tag = 'evidence';

/** The roots that receipts are checked against; whoever pins them gets them out of band as well, and compares. */
export async function trustRoutes(everybody: FastifyInstance, { ledger, settings }: Deps): Promise<void> {
  everybody.get(
    '/v1/trust-anchors',
    {
      schema: readDocument({
        tag,
        summary: { zh: '信任锚（四省市根证书）', en: 'Trust anchors: the four provinces’ root certificates' },
        open: true,
        answer: TrustAnswer,
      }),
    },
    async () => trustFile(await ledger.info(), settings.receiptProvinces),
  );
}

export async function receiptRoutes(scope: FastifyInstance, deps: Deps): Promise<void> {
  scope.get<{ Params: { transactionId: string } }>(
    '/v1/receipts/:transactionId',
    {
      schema: readDocument({
        tag,
        summary: {
          zh: '交易回执（各省节点签名，可离线核验）',
          en: 'Receipt of a transaction, signed by peers, checkable offline',
        },
        params: Closed({ transactionId: Hash }),
        answer: ReceiptAnswer,
        problems: ['receipt.not-found'],
      }),
    },
    async (request, reply) => {
      const receipt = await transactionReceipt(deps, principalOf(request), request.params.transactionId);
      // Sent as the text it is: a receipt has one form only (RFC 8785).
      return reply.type('application/json').send(receipt);
    },
  );
}
