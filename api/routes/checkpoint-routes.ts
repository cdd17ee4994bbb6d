import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { Hash } from '../../chaincode/schemas/primitives.js';
import { CHECKPOINT_FORMAT } from '../../network/audit/checkpoint-format.js';
import { LedgerUnavailable } from '../../network/errors.js';
import type { Ledger, LedgerBlock } from '../../network/ledger.js';
import type { Deps } from '../deps.js';
import { readDocument } from './document.js';

const Base64 = Type.String({ description: 'base64' });

const CheckpointAnswer = Type.Object({
  format: Type.Literal(CHECKPOINT_FORMAT),
  channel: Type.String(),
  assurance: Type.Union([Type.Literal('single-operator'), Type.Literal('bft-4')]),
  height: Type.Integer({ description: 'number of blocks, genesis included' }),
  blockHash: Type.String({ ...Hash, description: 'of the last block’s header' }),
  stateHash: Type.String({ ...Hash, description: 'Fabric’s commit hash after it; an audit computes it again' }),
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
});

async function lastBlock(ledger: Ledger, height: number): Promise<LedgerBlock> {
  const enough = new AbortController();
  try {
    for await (const block of ledger.blocks(height - 1, enough.signal)) return block;
  } finally {
    enough.abort();
  }
  throw new LedgerUnavailable('the ledger is closing');
}

/** One block serves everybody who asks until there is a next one. */
function lastBlocks(ledger: Ledger): (height: number) => Promise<LedgerBlock> {
  let known: { readonly height: number; readonly block: Promise<LedgerBlock> } | undefined;
  return (height) => {
    if (known?.height === height) return known.block;
    const asked = { height, block: lastBlock(ledger, height) };
    known = asked;
    asked.block.catch(() => {
      if (known === asked) known = undefined;
    });
    return asked.block;
  };
}

/** What somebody outside keeps, so that nobody can write the ledger anew unseen: `npm run audit -- --checkpoint FILE`. */
export async function checkpointRoutes(scope: FastifyInstance, { ledger }: Deps): Promise<void> {
  const blockAt = lastBlocks(ledger);
  scope.get(
    '/v1/checkpoints/latest',
    {
      schema: readDocument({
        tag: 'ledger',
        summary: { zh: '账本检查点', en: 'How the ledger stands, signed by its orderers, for outsiders to keep' },
        open: true,
        answer: CheckpointAnswer,
      }),
    },
    async () => {
      const { channel, assurance, height } = await ledger.info();
      const { hash, previousHash, seal } = await blockAt(height);
      const { stateHash, dataHash, ordererMetadata, signatures } = seal;
      const place = { height, blockHash: hash, stateHash, previousHash, dataHash };
      return { format: CHECKPOINT_FORMAT, channel, assurance, ...place, ordererMetadata, signatures };
    },
  );
}
