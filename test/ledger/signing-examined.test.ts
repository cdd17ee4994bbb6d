import { createHash } from 'node:crypto';
import { common, peer } from '@hyperledger/fabric-protos';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHAINCODE_NAME, CHANNEL } from '../../network/channel.js';
import { draftProposal } from '../../network/client.js';
import { encodeTransaction } from '../../network/format/envelope.js';
import { encodeChannelHeader, encodeSignatureHeader, HEADER_TYPE, transactionIdOf } from '../../network/format/header.js';
import { encodeIdentity } from '../../network/format/identity.js';
import {
  decodeProposal,
  encodeInvocation,
  encodeProposal,
  type ProposalParts,
  proposalHash,
} from '../../network/format/proposal.js';
import { encodeResponsePayload } from '../../network/format/response.js';
import { encodeSeekPayload } from '../../network/format/seek.js';
import { MessageWriter } from '../../network/format/wire.js';
import { examine } from '../../network/identity/signing/examine.js';

const NOW = Date.parse('2026-11-02T01:00:00Z');
const identity = { mspId: 'ShanghaiMSP', certificate: '-----BEGIN CERTIFICATE-----\nmine\n-----END CERTIFICATE-----\n' };
const CREATOR = encodeIdentity(identity);
const NONCE = Buffer.alloc(24, 7);
const INVOCATION = encodeInvocation(CHAINCODE_NAME, ['registry:RegisterAgency', '{"input":{},"operation":"x"}']);

interface Changes {
  readonly type?: number;
  readonly channel?: string;
  readonly chaincode?: string;
  readonly timestamp?: number;
  readonly transactionId?: string;
  readonly creator?: Buffer;
  readonly payload?: Buffer;
}

function parts(changes: Changes = {}): ProposalParts {
  const { creator = CREATOR, payload = INVOCATION } = changes;
  const header = {
    type: HEADER_TYPE.endorserTransaction,
    channel: CHANNEL,
    chaincode: CHAINCODE_NAME,
    timestamp: NOW,
    transactionId: transactionIdOf({ creator, nonce: NONCE }),
    ...changes,
  };
  return {
    channelHeader: encodeChannelHeader(header),
    signatureHeader: encodeSignatureHeader({ creator, nonce: NONCE }),
    payload,
  };
}

function response(of: ProposalParts, name = CHAINCODE_NAME): Buffer {
  const rest = { status: 200, payload: Buffer.from('{}'), reads: [], writes: [] };
  return encodeResponsePayload({ proposalHash: proposalHash(of), chaincode: { name, version: '1' }, ...rest });
}

const ENDORSEMENTS = [{ endorser: Buffer.from('peer'), signature: Buffer.from('signature') }];
const transaction = (of: ProposalParts, answer = response(of)) => encodeTransaction(of, answer, ENDORSEMENTS);
const look = (message: Uint8Array, now = NOW) => examine(message, CREATOR, now);

describe('what the signing process signs', () => {
  const id = transactionIdOf({ creator: CREATOR, nonce: NONCE });

  it('is a proposal of our channel and chaincode by the identity itself', () => {
    expect(look(encodeProposal(parts()))).toEqual({ kind: 'proposal', transactionId: id });
  });

  it('is a proposal as our client makes it', () => {
    const signer = { ...identity, sign: async () => Buffer.alloc(0) };
    const draft = draftProposal({ signer, function: 'ledger:ReadRecord', argument: 'agency~1' }, NOW);
    expect(look(encodeProposal(draft.parts))).toEqual({ kind: 'proposal', transactionId: draft.transactionId });
  });

  it('is a proposal as Hyperledger’s library makes it, with version and epoch in its header', () => {
    const header = new common.ChannelHeader();
    header.setType(common.HeaderType.ENDORSER_TRANSACTION);
    header.setVersion(1);
    header.setChannelId(CHANNEL);
    header.setTxId(id);
    header.setEpoch(0);
    header.setTimestamp(common.ChannelHeader.deserializeBinary(parts().channelHeader).getTimestamp());
    const extension = new peer.ChaincodeHeaderExtension();
    const chaincode = new peer.ChaincodeID();
    chaincode.setName(CHAINCODE_NAME);
    extension.setChaincodeId(chaincode);
    header.setExtension$(extension.serializeBinary());
    const made = { ...parts(), channelHeader: Buffer.from(header.serializeBinary()) };
    expect(look(encodeProposal(made))).toEqual({ kind: 'proposal', transactionId: id });
  });

  it('is a request for blocks, and a peer’s own question about the chain', () => {
    const seek = (channel: string, creator = CREATOR) =>
      encodeSeekPayload({ channel, timestamp: NOW, creator, nonce: NONCE, from: 7 });
    expect(look(seek(CHANNEL))).toEqual({ kind: 'blocks', transactionId: '' });
    expect(() => look(seek('other'))).toThrow('channel "other" is not delta');
    expect(() => look(seek(CHANNEL, Buffer.from('somebody')))).toThrow('the creator is another identity');
    const ask = (name: string) => parts({ chaincode: 'qscc', payload: encodeInvocation('qscc', [name, CHANNEL]) });
    expect(look(encodeProposal(ask('GetChainInfo')))).toEqual({ kind: 'query', transactionId: id });
    expect(() => look(encodeProposal(ask('Anything')))).toThrow('chaincode "qscc" is not trust');
    expect(() => look(transaction(ask('GetChainInfo')))).toThrow('chaincode "qscc" is not trust');
  });

  it('is a transaction with the endorsed answer to that very proposal', () => {
    expect(look(transaction(parts()))).toEqual({ kind: 'transaction', transactionId: id });
  });
});

describe('what it does not sign', () => {
  const foreign = encodeIdentity({ ...identity, mspId: 'AnhuiMSP' });
  const repeated = (writer: (inner: MessageWriter) => MessageWriter) => writer(new MessageWriter()).finish();
  let cases: readonly (readonly [name: string, message: Uint8Array, fault: RegExp])[];

  beforeAll(() => {
    const both = (changes: Changes, fault: RegExp, name: string) =>
      [
        [`${name}, as a proposal`, encodeProposal(parts(changes)), fault],
        [`${name}, as a transaction`, transaction(parts(changes)), fault],
      ] as const;
    const whole = transaction(parts());
    cases = [
      ...both({ channel: 'other' }, /channel "other" is not delta/, 'another channel'),
      ...both({ chaincode: '_lifecycle' }, /chaincode "_lifecycle" is not trust/, 'a chaincode definition'),
      ...both({ type: HEADER_TYPE.config }, /type 1 is no endorsed/, 'a configuration'),
      ...both({ type: 2 }, /type 2 is no endorsed/, 'a configuration update'),
      ...both({ type: 5 }, /names no transaction/, 'a request for blocks'),
      ...both({ creator: foreign }, /the creator is another identity/, 'another identity'),
      ...both({ transactionId: 'f'.repeat(64) }, /not that of nonce and creator/, 'another id'),
      ...both({ timestamp: NOW + 301_000 }, /too far from this clock/, 'one for later'),
      ...both({ timestamp: NOW - 301_000 }, /too far from this clock/, 'one of before'),
      [
        'an invocation of another chaincode under our header',
        encodeProposal(parts({ payload: encodeInvocation('cscc', ['JoinChain']) })),
        /the invocation calls "cscc"/,
      ],
      [
        'an answer to another proposal',
        transaction(parts(), response(parts({ timestamp: NOW + 1000 }))),
        /that of another proposal/,
      ],
      ['an answer of another chaincode', transaction(parts(), response(parts(), 'other')), /that of another chaincode/],
      ['two actions', Buffer.concat([whole, whole]), /field 1 stands more than once/],
      [
        'a proposal and more',
        Buffer.concat([encodeProposal(parts()), repeated((w) => w.text(3, 'more'))]),
        /field 3 does not belong/,
      ],
      [
        'two channel headers',
        Buffer.concat([
          repeated((w) =>
            w.item(
              1,
              repeated((h) => h.item(1, parts().channelHeader).item(1, parts().channelHeader).item(2, parts().signatureHeader)),
            ),
          ),
          repeated((w) => w.item(2, INVOCATION)),
        ]),
        /field 1 stands more than once/,
      ],
      [
        'transient data',
        encodeProposal(parts({ payload: Buffer.concat([INVOCATION, repeated((w) => w.text(2, 'secret'))]) })),
        /.+/,
      ],
      ['nothing', Buffer.alloc(0), /.+/],
      ['text', Buffer.from('pay the bearer'), /.+/],
      [
        'a TLS handshake to sign',
        Buffer.concat([
          Buffer.alloc(64, 0x20),
          Buffer.from('TLS 1.3, client CertificateVerify\0'),
          createHash('sha256').digest(),
        ]),
        /.+/,
      ],
      ['a certificate', Buffer.from('MIIB', 'base64'), /.+/],
    ];
  });

  it('each with the reason', () => {
    for (const [name, message, fault] of cases) {
      let told: unknown;
      try {
        look(message);
      } catch (error) {
        told = error;
      }
      expect(told, name).toMatchObject({ name: 'FormatError', message: expect.stringMatching(fault) });
    }
  });

  it('is what names anything else after a bit was turned over', () => {
    const proposal = encodeProposal(parts());
    const { signature, channel } = decodeProposal(proposal);
    const { timestamp: _when, ...named } = channel;
    const before = proposal.indexOf('registry:RegisterAgency');
    let accepted = 0;
    for (let at = 0; at < before; at += 1) {
      const changed = Buffer.from(proposal);
      changed[at] = (changed[at] as number) ^ 0x01;
      try {
        look(changed);
      } catch {
        continue;
      }
      accepted += 1;
      // The time within the window, and the language of the chaincode, which nobody reads.
      expect(decodeProposal(changed)).toMatchObject({ signature, channel: named });
    }
    expect(accepted).toBeLessThan(8);
  });
});
