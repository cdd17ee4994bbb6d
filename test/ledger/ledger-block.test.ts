import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodeEnvelope, encodeTransaction } from '../../network/format/envelope.js';
import { encodeChannelHeader, encodeSignatureHeader, transactionIdOf } from '../../network/format/header.js';
import { encodeIdentity } from '../../network/format/identity.js';
import { toLedgerBlock } from '../../network/format/ledger-block.js';
import { encodeInvocation, proposalHash } from '../../network/format/proposal.js';
import { encodeResponsePayload } from '../../network/format/response.js';
import { VALIDATION_CODE } from '../../network/format/validation-code.js';
import { FormatError, MessageReader, MessageWriter } from '../../network/format/wire.js';

const creator = encodeIdentity({ mspId: 'AnhuiMSP', certificate: 'certificate' });
const timestamp = Date.parse('2026-11-02T01:02:03.456Z');
const nonce = randomBytes(24);
const transactionId = transactionIdOf({ creator, nonce });
const { VALID, MVCC_READ_CONFLICT, BAD_PAYLOAD } = VALIDATION_CODE;

function envelope(chaincode: string, namespace: string, type = 3): Buffer {
  const parts = {
    channelHeader: encodeChannelHeader({ type, channel: 'delta', transactionId, timestamp, chaincode }),
    signatureHeader: encodeSignatureHeader({ creator, nonce }),
    payload: encodeInvocation(chaincode, ['registry:RegisterAgency', '{}']),
  };
  const response = encodeResponsePayload({
    proposalHash: proposalHash(parts),
    chaincode: { name: namespace, version: '1' },
    status: 200,
    payload: Buffer.from('{}'),
    reads: [],
    writes: [{ key: 'agency~1', value: Buffer.from('{}') }],
  });
  return encodeEnvelope(encodeTransaction(parts, response, []), Buffer.alloc(0));
}

function told(bytes: Buffer, code: number) {
  const header = { number: 7, previousHash: Buffer.alloc(32), dataHash: Buffer.alloc(32) };
  const empty = { ordererMetadata: Buffer.alloc(0), signatures: [], commitHash: Buffer.alloc(0) };
  return toLedgerBlock({ header, data: [bytes], filter: Buffer.from([code]), ...empty }).transactions[0];
}

describe('what the port tells of a transaction in a block', () => {
  it("is all of one of our chaincode's", () => {
    expect(told(envelope('trust', 'trust'), VALID)).toMatchObject({
      kind: 'endorser',
      id: transactionId,
      function: 'registry:RegisterAgency',
      writes: [{ key: 'agency~1', value: '{}' }],
    });
  });

  it("is only that it is there of another chaincode's, whatever it calls its functions and keys", () => {
    expect(told(envelope('_lifecycle', '_lifecycle'), VALID)).toEqual({
      kind: 'other',
      id: transactionId,
      position: 0,
      validationCode: 'VALID',
      time: '2026-11-02T01:02:03.456Z',
      creatorMspId: 'AnhuiMSP',
      function: '',
      argument: '',
      payload: '',
      endorsers: [],
      writes: [],
    });
  });

  it("stops at another chaincode's valid transaction that writes our state", () => {
    expect(() => told(envelope('intruder', 'trust'), VALID)).toThrow(FormatError);
    expect(told(envelope('intruder', 'trust'), MVCC_READ_CONFLICT)).toMatchObject({ kind: 'other', writes: [] });
  });

  it('goes on after an invalid one that is no message at all, and stops at a valid one', () => {
    const garbage = Buffer.from([0xff, 0xff]);
    expect(told(garbage, BAD_PAYLOAD)).toMatchObject({ kind: 'other', id: '', validationCode: 'BAD_PAYLOAD' });
    expect(() => told(garbage, VALID)).toThrow(FormatError);
  });

  it('reads the type of a header as Go does, so that no transaction hides behind a longer number', () => {
    expect(told(envelope('trust', 'trust', 2 ** 32 + 3), VALID)).toMatchObject({ kind: 'endorser' });
    expect(told(envelope('trust', 'trust', 2 ** 32 + 1), VALID)).toMatchObject({ kind: 'config' });
  });

  it('reads a header that comes in two parts as one, as Go does', () => {
    const reader = new MessageReader(envelope('trust', 'trust'));
    const payload = new MessageReader(reader.bytes(1));
    const header = payload.message(1);
    const split = new MessageWriter()
      .message(1, new MessageWriter().bytes(1, header.bytes(1)))
      .message(1, new MessageWriter().bytes(2, header.bytes(2)))
      .bytes(2, payload.bytes(2))
      .finish();
    expect(told(encodeEnvelope(split, Buffer.alloc(0)), VALID)).toMatchObject({ kind: 'endorser', id: transactionId });
  });
});
