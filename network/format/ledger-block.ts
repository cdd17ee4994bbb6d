/** A Fabric block as the ledger port tells it. Both adapters decode with this. */
import { PROVINCES, provinceOfMsp } from '../../chaincode/provinces.js';
import { formatInstant } from '../../chaincode/time.js';
import { CHAINCODE_NAME } from '../channel.js';
import type { LedgerBlock, LedgerTransaction } from '../ledger.js';
import { type Block, blockHash } from './block.js';
import { type DecodedEnvelope, decodeEnvelope, decodeTransaction } from './envelope.js';
import { HEADER_TYPE } from './header.js';
import { decodeIdentity } from './identity.js';
import { decodeInvocation } from './proposal.js';
import { decodeResponsePayload } from './response.js';
import { type ValidationCodeName, validationCodeName } from './validation-code.js';
import { FormatError } from './wire.js';

function text(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8');
}

/** Provinces that endorsed, each once, in the order of the table of provinces. */
function endorsersOf(endorsements: readonly { readonly endorser: Uint8Array }[]): string[] {
  const members = new Set(endorsements.map(({ endorser }) => decodeIdentity(endorser).mspId));
  const known = PROVINCES.map(({ mspId }) => mspId).filter((mspId) => members.has(mspId));
  return [...known, ...[...members].filter((mspId) => !provinceOfMsp(mspId))];
}

type Common = Pick<LedgerTransaction, 'id' | 'position' | 'validationCode' | 'time' | 'creatorMspId'>;

/** Of what is no transaction of our chaincode the port tells that it is there. */
function withoutContent(common: Common, kind: 'config' | 'other'): LedgerTransaction {
  return { ...common, kind, function: '', argument: '', payload: '', endorsers: [], writes: [] };
}

function withContent(common: Common, envelope: DecodedEnvelope): LedgerTransaction {
  const transaction = decodeTransaction(envelope);
  const response = decodeResponsePayload(transaction.responsePayload, CHAINCODE_NAME);
  const { chaincode, args } = decodeInvocation(transaction.proposal.payload);
  if (response.chaincode.name !== CHAINCODE_NAME || chaincode !== CHAINCODE_NAME) {
    // Nothing that writes our records may be passed over, whatever way it found to do so.
    if (response.writes.length > 0)
      throw new FormatError(`transaction ${common.id} of ${chaincode} writes our chaincode's state`);
    return withoutContent(common, 'other');
  }
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

function decodeContent(envelopeBytes: Uint8Array, position: number, validationCode: ValidationCodeName): LedgerTransaction {
  const envelope = decodeEnvelope(envelopeBytes);
  const common = {
    id: envelope.channel.transactionId,
    position,
    validationCode,
    time: formatInstant(envelope.channel.timestamp),
    creatorMspId: envelope.signature.creator.length > 0 ? decodeIdentity(envelope.signature.creator).mspId : '',
  };
  if (envelope.channel.type === HEADER_TYPE.endorserTransaction) return withContent(common, envelope);
  return withoutContent(common, envelope.channel.type === HEADER_TYPE.config ? 'config' : 'other');
}

/**
 * What is invalid may be anything: whoever may write to the channel can have bytes ordered that are no
 * message at all, and they must not keep a reader from the blocks after them.
 * @throws FormatError when a valid transaction is not what it should be
 */
function decodeLedgerTransaction(envelopeBytes: Uint8Array, position: number, code: number): LedgerTransaction {
  const validationCode = validationCodeName(code);
  try {
    return decodeContent(envelopeBytes, position, validationCode);
  } catch (error) {
    if (validationCode === 'VALID') throw error;
    return withoutContent({ id: '', position, validationCode, time: formatInstant(0), creatorMspId: '' }, 'other');
  }
}

function sealOf({ header, ordererMetadata, signatures, commitHash }: Block): LedgerBlock['seal'] {
  const base64 = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('base64');
  return {
    dataHash: Buffer.from(header.dataHash).toString('hex'),
    stateHash: Buffer.from(commitHash).toString('hex'),
    ordererMetadata: base64(ordererMetadata),
    signatures: signatures.map(({ signatureHeader, identifierHeader, signature }) => ({
      signatureHeader: base64(signatureHeader),
      identifierHeader: base64(identifierHeader),
      signature: base64(signature),
    })),
  };
}

/** @throws FormatError */
export function toLedgerBlock(block: Block): LedgerBlock {
  return {
    number: block.header.number,
    hash: blockHash(block.header).toString('hex'),
    previousHash: Buffer.from(block.header.previousHash).toString('hex'),
    seal: sealOf(block),
    transactions: block.data.map((envelope, position) =>
      decodeLedgerTransaction(envelope, position, block.filter[position] ?? 255),
    ),
  };
}
