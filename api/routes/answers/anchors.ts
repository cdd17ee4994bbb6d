/** What anchors answer with. */
import Type from 'typebox';
import { AgencyId, Hash, Identifier, OneOf, Time } from '../../../chaincode/schemas/primitives.js';
import { AnchoredRecord } from '../../../chaincode/transactions/anchor/record.js';
import { ANCHOR_FORMAT } from '../../../network/proof/verify-anchor.js';
import { ReceiptAnswer } from './evidence.js';

const Count = Type.Integer({ minimum: 0 });
const Transaction = Type.Object({ id: Hash, time: Time });

const proof = {
  format: OneOf([ANCHOR_FORMAT]),
  leaf: { ...Hash, description: "SHA-256 of a zero byte and the record's RFC 8785 form (RFC 9162 leaf)" },
  index: { ...Count, description: 'place among the leaves, from 0' },
  size: { ...Count, description: 'number of leaves' },
  path: Type.Array(Hash, { description: 'hashes from the leaf to the root, lowest first' }),
  root: Hash,
  batchId: { ...Hash, description: 'id of the transaction that anchored it' },
  transaction: Transaction,
  receipt: { ...ReceiptAnswer, description: 'signed by peers: the batch with its root and size' },
};

export const Pending = Type.Object({ status: OneOf(['pending']) });
const Proof = Type.Object({ ...proof, record: Type.Optional(AnchoredRecord) });
const Void = Type.Object({
  status: OneOf(['void'], { description: 'another record came first in block order under this id' }),
  record: AnchoredRecord,
  first: Proof,
});
export const AnchorAnswer = Type.Union([Pending, Proof, Void]);

export const PostedAnswer = Type.Object({
  accepted: { ...Count, description: 'lines that are on the disk, those among them that were there before included' },
  rejected: Type.Array(
    Type.Object({
      line: Type.Integer({ minimum: 1 }),
      code: Type.String({ description: 'why' }),
      proof: Type.Optional(AnchorAnswer),
    }),
  ),
  unlisted: Type.Optional(Type.Integer({ description: 'rejected lines beyond the 10,000 that are listed' })),
  final: Type.Optional(OneOf(['false'], { type: 'boolean', enum: [false], description: 'with wait: not all is anchored yet' })),
});

export const AnchoredItem = Type.Object({
  recordId: Identifier,
  kind: AnchoredRecord.properties.kind,
  digest: AnchoredRecord.properties.digest,
  occurredAt: Time,
  agency: AgencyId,
  party: Type.Boolean({ description: 'whether that agency is a party of the case, or a responsible department' }),
  batchId: Hash,
  index: Count,
  transaction: Transaction,
});
