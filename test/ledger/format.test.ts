import { createHash, randomBytes } from 'node:crypto';
import { common, ledger, msp, peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { decodeBlock, encodeBlock, encodeOrdererMetadata } from '../../network/format/block.js';
import { encodeConfigEnvelope } from '../../network/format/config.js';
import { decodeConfiguration } from '../../network/format/configuration.js';
import { decodeEnvelope, decodeTransaction, encodeEnvelope, encodeTransaction } from '../../network/format/envelope.js';
import { encodeChannelHeader, encodeSignatureHeader, transactionIdOf } from '../../network/format/header.js';
import { decodeIdentity, encodeIdentity } from '../../network/format/identity.js';
import { encodeInvocation, encodeProposal, proposalHash } from '../../network/format/proposal.js';
import { decodeResponsePayload, encodeResponsePayload } from '../../network/format/response.js';
import { VALIDATION_CODE } from '../../network/format/validation-code.js';

const creator = encodeIdentity({ mspId: 'ShanghaiMSP', certificate: '-----BEGIN CERTIFICATE-----\n' });
const nonce = randomBytes(24);
const timestamp = Date.parse('2026-11-02T01:02:03.456Z');
const transactionId = transactionIdOf({ creator, nonce });
const channelHeader = encodeChannelHeader({ type: 3, channel: 'delta', transactionId, timestamp, chaincode: 'trust' });
const signatureHeader = encodeSignatureHeader({ creator, nonce });
const parts = { channelHeader, signatureHeader, payload: encodeInvocation('trust', ['registry:RegisterAgency', '{"机构":1}']) };
const response = {
  proposalHash: proposalHash(parts),
  chaincode: { name: 'trust', version: '1-abc' },
  status: 200,
  payload: Buffer.from('{"ok":true}'),
  reads: [
    { key: 'absent~1', version: undefined },
    { key: 'genesis~1', version: { block: 0, position: 0 } },
    { key: 'present~1', version: { block: 300, position: 129 } },
  ],
  writes: [
    { key: 'deleted~1', value: undefined },
    { key: 'written~1', value: Buffer.from('值') },
  ],
};
const endorsements = ['JiangsuMSP', 'AnhuiMSP'].map((mspId) => ({
  endorser: encodeIdentity({ mspId, certificate: mspId }),
  signature: randomBytes(71),
}));
const envelope = encodeEnvelope(encodeTransaction(parts, encodeResponsePayload(response), endorsements), randomBytes(70));

describe("messages, against Hyperledger's own library", () => {
  it('writes a channel header byte for byte', () => {
    const theirs = common.ChannelHeader.deserializeBinary(channelHeader);
    expect(Buffer.from(theirs.serializeBinary())).toEqual(channelHeader);
    expect(theirs.toObject()).toMatchObject({ type: 3, channelId: 'delta', txId: transactionId, epoch: 0 });
    expect(theirs.getTimestamp()?.toDate()).toEqual(new Date(timestamp));
    const extension = peer.ChaincodeHeaderExtension.deserializeBinary(theirs.getExtension_asU8());
    expect(extension.getChaincodeId()?.getName()).toBe('trust');
  });

  it('takes the transaction id as SHA-256 over nonce and creator', () => {
    const header = common.SignatureHeader.deserializeBinary(signatureHeader);
    const bytes = Buffer.concat([header.getNonce_asU8(), header.getCreator_asU8()]);
    expect(transactionId).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('writes a serialized identity byte for byte', () => {
    const theirs = msp.SerializedIdentity.deserializeBinary(creator);
    expect(Buffer.from(theirs.serializeBinary())).toEqual(creator);
    expect(decodeIdentity(theirs.serializeBinary())).toEqual({
      mspId: theirs.getMspid(),
      certificate: '-----BEGIN CERTIFICATE-----\n',
    });
  });

  it('writes a proposal that their library reads back', () => {
    const bytes = encodeProposal(parts);
    const theirs = peer.Proposal.deserializeBinary(bytes);
    expect(Buffer.from(theirs.serializeBinary())).toEqual(bytes);
    const payload = peer.ChaincodeProposalPayload.deserializeBinary(theirs.getPayload_asU8());
    const spec = peer.ChaincodeInvocationSpec.deserializeBinary(payload.getInput_asU8()).getChaincodeSpec();
    expect(spec?.getType()).toBe(peer.ChaincodeSpec.Type.NODE);
    expect(
      spec
        ?.getInput()
        ?.getArgsList_asU8()
        .map((bytes) => Buffer.from(bytes).toString()),
    ).toEqual(['registry:RegisterAgency', '{"机构":1}']);
  });

  it('writes a response payload with the read-write set byte for byte', () => {
    const bytes = encodeResponsePayload(response);
    const theirs = peer.ProposalResponsePayload.deserializeBinary(bytes);
    expect(Buffer.from(theirs.serializeBinary())).toEqual(bytes);
    const action = peer.ChaincodeAction.deserializeBinary(theirs.getExtension_asU8());
    expect(action.getChaincodeId()?.toObject()).toEqual({ path: '', name: 'trust', version: '1-abc' });
    expect(action.getResponse()?.getStatus()).toBe(200);
    const results = ledger.rwset.TxReadWriteSet.deserializeBinary(action.getResults_asU8());
    const [own] = results.getNsRwsetList();
    const set = ledger.rwset.kvrwset.KVRWSet.deserializeBinary(own?.getRwset_asU8() ?? new Uint8Array());
    expect(set.getReadsList().map((read) => [read.getKey(), read.getVersion()?.toObject()])).toEqual([
      ['absent~1', undefined],
      ['genesis~1', { blockNum: 0, txNum: 0 }],
      ['present~1', { blockNum: 300, txNum: 129 }],
    ]);
    expect(
      set.getWritesList().map((write) => [write.getKey(), write.getIsDelete(), Buffer.from(write.getValue_asU8()).toString()]),
    ).toEqual([
      ['deleted~1', true, ''],
      ['written~1', false, '值'],
    ]);
    expect(decodeResponsePayload(bytes)).toEqual({ ...response, proposalHash: Buffer.from(response.proposalHash) });
  });

  it('reads its own set beside those of other namespaces, as a Fabric peer adds them', () => {
    const action = peer.ChaincodeAction.deserializeBinary(
      peer.ProposalResponsePayload.deserializeBinary(encodeResponsePayload(response)).getExtension_asU8(),
    );
    const results = ledger.rwset.TxReadWriteSet.deserializeBinary(action.getResults_asU8());
    const lifecycle = new ledger.rwset.NsReadWriteSet();
    lifecycle.setNamespace('_lifecycle');
    results.setNsRwsetList([lifecycle, ...results.getNsRwsetList()]);
    action.setResults(results.serializeBinary());
    const payload = new peer.ProposalResponsePayload();
    payload.setProposalHash(response.proposalHash);
    payload.setExtension$(action.serializeBinary());
    expect(decodeResponsePayload(payload.serializeBinary()).writes).toEqual(response.writes);
  });

  it('writes an envelope with an endorsed transaction byte for byte', () => {
    const theirs = common.Envelope.deserializeBinary(envelope);
    expect(Buffer.from(theirs.serializeBinary())).toEqual(envelope);
    const payload = common.Payload.deserializeBinary(theirs.getPayload_asU8());
    const transaction = peer.Transaction.deserializeBinary(payload.getData_asU8());
    expect(Buffer.from(transaction.serializeBinary())).toEqual(Buffer.from(payload.getData_asU8()));
    const action = peer.ChaincodeActionPayload.deserializeBinary(
      transaction.getActionsList()[0]?.getPayload_asU8() ?? new Uint8Array(),
    );
    expect(action.getAction()?.getEndorsementsList().length).toBe(2);
    expect(decodeTransaction(decodeEnvelope(envelope))).toEqual({
      proposal: parts,
      responsePayload: encodeResponsePayload(response),
      endorsements,
    });
  });

  it('writes a block with its metadata byte for byte', () => {
    const block = {
      header: { number: 300, previousHash: randomBytes(32), dataHash: randomBytes(32) },
      data: [envelope, envelope],
      ordererMetadata: encodeOrdererMetadata(0),
      signatures: [{ signatureHeader, signature: randomBytes(71) }],
      filter: Buffer.from([0, 11]),
      commitHash: randomBytes(32),
    };
    const bytes = encodeBlock(block);
    const theirs = common.Block.deserializeBinary(bytes);
    expect(Buffer.from(theirs.serializeBinary())).toEqual(bytes);
    const metadata = theirs.getMetadata()?.getMetadataList_asU8() ?? [];
    expect(metadata[common.BlockMetadataIndex.TRANSACTIONS_FILTER]).toEqual(new Uint8Array([0, 11]));
    const commitHash = common.Metadata.deserializeBinary(metadata[common.BlockMetadataIndex.COMMIT_HASH] ?? new Uint8Array());
    expect(Buffer.from(commitHash.getValue_asU8())).toEqual(block.commitHash);
    expect(decodeBlock(bytes)).toEqual(block);
  });

  it('names every validation code as Fabric does', () => {
    const theirs = Object.fromEntries(Object.entries(peer.TxValidationCode));
    for (const [name, code] of Object.entries(VALIDATION_CODE)) expect([name, theirs[name]]).toEqual([name, code]);
    expect(Object.keys(VALIDATION_CODE).length).toBe(Object.keys(theirs).length);
  });

  it("writes a configuration that holds each member's MSP where Fabric looks for it", () => {
    const members = ['ShanghaiMSP', 'AnhuiMSP'].map((mspId) => ({
      mspId,
      rootCertificate: `root of ${mspId}`,
      ordererCertificate: mspId,
    }));
    const bytes = encodeConfigEnvelope('delta', timestamp, members);
    const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(bytes).getPayload_asU8());
    const config = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig();
    const value = config
      ?.getChannelGroup()
      ?.getGroupsMap()
      .get('Application')
      ?.getGroupsMap()
      .get('AnhuiMSP')
      ?.getValuesMap()
      .get('MSP');
    const outer = msp.MSPConfig.deserializeBinary(value?.getValue_asU8() ?? new Uint8Array());
    const inner = msp.FabricMSPConfig.deserializeBinary(outer.getConfig_asU8());
    expect(inner.getName()).toBe('AnhuiMSP');
    expect(inner.getFabricNodeOus()?.getPeerOuIdentifier()?.getOrganizationalUnitIdentifier()).toBe('peer');
    const { members: read } = decodeConfiguration(bytes);
    expect([...read.values()]).toEqual(
      ['AnhuiMSP', 'ShanghaiMSP'].map((mspId) => ({ mspId, roots: [`root of ${mspId}`], revocations: [] })),
    );
  });
});
