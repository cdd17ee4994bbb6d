import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { PROVINCES } from '../../chaincode/provinces.js';
import { Hash } from '../../chaincode/schemas/primitives.js';
import { CHECKPOINT_FORMAT } from '../../network/audit/checkpoint-format.js';
import type { Ledger } from '../../network/ledger.js';
import type { Deps } from '../deps.js';
import { checkpointAt } from '../evidence/checkpoint.js';
import { readDocument } from './document.js';

const Base64 = Type.String({ description: 'base64' });

const CheckpointAnswer = Type.Object({
  format: Type.Literal(CHECKPOINT_FORMAT),
  channel: Type.String(),
  assurance: Type.Union([Type.Literal('single-operator'), Type.Literal('bft-4')]),
  height: Type.Integer({ description: 'number of blocks, genesis included' }),
  blockHash: Type.String({ ...Hash, description: 'of the last block’s header' }),
  stateHash: Type.String({
    ...Hash,
    description: 'Fabric’s commit hash after it, as most provinces sign it; an audit computes it again',
  }),
  previousHash: Type.String({ description: 'in that header; empty in block 0' }),
  dataHash: Hash,
  ordererMetadata: Base64,
  signatures: Type.Array(
    Type.Object({
      signatureHeader: Type.String({ description: 'base64; who signed' }),
      identifierHeader: Type.String({ description: 'base64; who signed, where orderers have numbers' }),
      signature: Type.String({ description: 'base64; over orderer metadata, that header, and the block’s header as ASN.1 DER' }),
    }),
  ),
  statements: Type.Array(
    Type.Object({
      mspId: Type.String(),
      blockHash: Type.String({ ...Hash, description: 'of the last block’s header, as this province’s peer has it' }),
      stateHash: Type.String({ ...Hash, description: 'its commit hash after it' }),
      before: Type.String({ description: 'base64; of the signed answer, what stands before the block’s transactions' }),
      after: Type.String({ description: 'base64; what stands behind them' }),
      endorser: Type.String({ description: 'base64; the peer’s identity, which the signature covers last' }),
      signature: Type.String({ description: 'base64; an audit checks it with the transactions put back' }),
    }),
    { description: 'what the peer of each province that can be reached signed; they may say different things' },
  ),
});

/** One serves everybody who asks until there is a next block. */
function checkpoints(ledger: Ledger): (height: number) => ReturnType<typeof checkpointAt> {
  let known: { readonly height: number; readonly checkpoint: ReturnType<typeof checkpointAt> } | undefined;
  return (height) => {
    if (known?.height === height) return known.checkpoint;
    const asked = { height, checkpoint: checkpointAt(ledger, height) };
    known = asked;
    const forget = () => {
      if (known === asked) known = undefined;
    };
    // While a province is away its word is missing: whoever asks again may get it.
    asked.checkpoint.then(({ statements }) => statements.length < PROVINCES.length && forget(), forget);
    return asked.checkpoint;
  };
}

/** What somebody outside keeps, so that nobody can write the ledger anew unseen: `npm run audit -- --checkpoint FILE`. */
export async function checkpointRoutes(scope: FastifyInstance, { ledger }: Deps): Promise<void> {
  const checkpointOf = checkpoints(ledger);
  scope.get(
    '/v1/checkpoints/latest',
    {
      schema: readDocument({
        tag: 'ledger',
        summary: {
          zh: '账本检查点',
          en: 'How the ledger stands, signed by its orderers and by four provinces, for outsiders to keep',
        },
        open: true,
        answer: CheckpointAnswer,
      }),
    },
    async () => {
      const { channel, assurance, height } = await ledger.info();
      return { channel, assurance, ...(await checkpointOf(height)) };
    },
  );
}
