/** A Fabric block as the ledger port tells it. Both adapters decode with this. */
import { PROVINCES, provinceOfMsp } from '../../chaincode/provinces.js';
import { formatInstant } from '../../chaincode/time.js';
import type { LedgerBlock, LedgerTransaction } from '../ledger.js';
import { type Block, blockHash } from './block.js';
import { decodeEnvelope, decodeTransaction } from './envelope.js';
import { HEADER_TYPE } from './header.js';
import { decodeIdentity } from './identity.js';
import { decodeInvocation } from './proposal.js';
import { decodeResponsePayload } from './response.js';
import { validationCodeName } from './validation-code.js';

function text(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8');
}

/** Provinces that endorsed, each once, in the order of the table of provinces. */
function endorsersOf(endorsements: readonly { readonly endorser: Uint8Array }[]): string[] {
  const members = new Set(endorsements.map(({ endorser }) => decodeIdentity(endorser).mspId));
  const known = PROVINCES.map(({ mspId }) => mspId).filter((mspId) => members.has(mspId));
  return [...known, ...[...members].filter((mspId) => !provinceOfMsp(mspId))];
}

/** @throws FormatError */
function decodeLedgerTransaction(envelopeBytes: Uint8Array, position: number, code: number): LedgerTransaction {
  const envelope = decodeEnvelope(envelopeBytes);
  const common = {
    id: envelope.channel.transactionId,
    position,
    validationCode: validationCodeName(code),
    time: formatInstant(envelope.channel.timestamp),
    creatorMspId: envelope.signature.creator.length > 0 ? decodeIdentity(envelope.signature.creator).mspId : '',
  };
  if (envelope.channel.type !== HEADER_TYPE.endorserTransaction)
    return { ...common, kind: 'config', function: '', argument: '', payload: '', endorsers: [], writes: [] };
  const transaction = decodeTransaction(envelope);
  const response = decodeResponsePayload(transaction.responsePayload);
  const { args } = decodeInvocation(transaction.proposal.payload);
  return {
    ...common,
    kind: 'endorser',
    function: args[0] ?? '',
    argument: args[1] ?? '',
    payload: text(response.payload),
    endorsers: endorsersOf(transaction.endorsements),
    writes: response.writes.map(({ key, value }) => ({ key, value: value ? text(value) : null })),
  };
}

/** @throws FormatError */
export function toLedgerBlock(block: Block): LedgerBlock {
  return {
    number: block.header.number,
    hash: blockHash(block.header).toString('hex'),
    previousHash: Buffer.from(block.header.previousHash).toString('hex'),
    transactions: block.data.map((envelope, position) =>
      decodeLedgerTransaction(envelope, position, block.filter[position] ?? 255),
    ),
  };
}
