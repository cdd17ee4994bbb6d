/** Reads the raw log with Hyperledger's library and node:crypto alone: nothing of ours decodes or verifies here. */
import { createHash, verify, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { common, msp, peer } from '@hyperledger/fabric-protos';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundedLedger, register, removeTemporaryFolders } from '../support/ledger-world.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

function derLength(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function derHeader(number: number, previousHash: Uint8Array, dataHash: Uint8Array): Buffer {
  const digits = Buffer.from(number.toString(16).padStart(number > 0xff ? 4 : 2, '0'), 'hex');
  const integer = (digits[0] as number) > 0x7f ? Buffer.concat([Buffer.from([0]), digits]) : digits;
  const content = Buffer.concat([
    Buffer.from([0x02]),
    derLength(integer),
    Buffer.from([0x04]),
    derLength(Buffer.from(previousHash)),
    Buffer.from([0x04]),
    derLength(Buffer.from(dataHash)),
  ]);
  return Buffer.concat([Buffer.from([0x30]), derLength(content)]);
}

function blocksOf(folder: string): common.Block[] {
  const log = readFileSync(join(folder, 'ledger/blocks.log'));
  const blocks: common.Block[] = [];
  for (let offset = 32; offset < log.length; ) {
    const length = log.readUInt32BE(offset + 4);
    blocks.push(common.Block.deserializeBinary(log.subarray(offset + 48, offset + 48 + length)));
    offset += 48 + length;
  }
  return blocks;
}

function headerOf(block: common.Block): { number: number; previousHash: Uint8Array; dataHash: Uint8Array; der: Buffer } {
  const header = block.getHeader() as common.BlockHeader;
  const [number, previousHash, dataHash] = [header.getNumber(), header.getPreviousHash_asU8(), header.getDataHash_asU8()];
  return { number, previousHash, dataHash, der: derHeader(number, previousHash, dataHash) };
}

function certificateOf(identity: Uint8Array): { mspId: string; certificate: X509Certificate } {
  const serialized = msp.SerializedIdentity.deserializeBinary(identity);
  return { mspId: serialized.getMspid(), certificate: new X509Certificate(Buffer.from(serialized.getIdBytes_asU8())) };
}

describe('the chain of blocks', () => {
  let folder: string;
  let blocks: common.Block[];
  const roots = new Map<string, X509Certificate>();

  beforeAll(async () => {
    const world = await foundedLedger();
    folder = world.folder;
    for (let count = 0; count < 3; count += 1) await register(world);
    await Promise.all(Array.from({ length: 20 }, () => register(world)));
    await world.ledger.close();
    blocks = blocksOf(folder);
    for (const mspId of ['ShanghaiMSP', 'JiangsuMSP', 'ZhejiangMSP', 'AnhuiMSP'])
      roots.set(mspId, new X509Certificate(readFileSync(join(folder, 'authorities', mspId, 'ca/certificate.pem'))));
  });
  afterAll(removeTemporaryFolders);

  it('numbers blocks from zero and links each to the one before by the hash of its DER header', () => {
    expect(blocks.length).toBeGreaterThan(5);
    for (const [index, block] of blocks.entries()) {
      const { number, previousHash } = headerOf(block);
      expect(number).toBe(index);
      const before = blocks[index - 1];
      expect(Buffer.from(previousHash)).toEqual(before ? sha256(headerOf(before).der) : Buffer.alloc(0));
    }
  });

  it('takes the data hash over the transactions as they lie there', () => {
    for (const block of blocks) {
      const data = block.getData()?.getDataList_asU8() ?? [];
      expect(Buffer.from(headerOf(block).dataHash)).toEqual(sha256(Buffer.concat(data)));
    }
  });

  it('carries signatures of three different orderers under each block, each under the root of its province', () => {
    const signers = new Set<string>();
    for (const block of blocks) {
      const [first] = block.getMetadata()?.getMetadataList_asU8() ?? [];
      const metadata = common.Metadata.deserializeBinary(first ?? new Uint8Array());
      const provinces = metadata.getSignaturesList().map((signature) => {
        const header = signature.getSignatureHeader_asU8();
        const { mspId, certificate } = certificateOf(common.SignatureHeader.deserializeBinary(header).getCreator_asU8());
        const signed = Buffer.concat([metadata.getValue_asU8(), header, headerOf(block).der]);
        expect(verify('sha256', signed, certificate.publicKey, signature.getSignature_asU8())).toBe(true);
        expect(certificate.verify((roots.get(mspId) as X509Certificate).publicKey)).toBe(true);
        expect(certificate.subject).toContain('OU=orderer');
        return mspId;
      });
      expect(new Set(provinces).size).toBe(3);
      for (const mspId of provinces) signers.add(mspId);
    }
    expect(signers.size).toBe(4);
  });

  it('carries the signatures of its creator and of three peers under each transaction', () => {
    let seen = 0;
    for (const envelopeBytes of blocks.slice(1).flatMap((block) => block.getData()?.getDataList_asU8() ?? [])) {
      const envelope = common.Envelope.deserializeBinary(envelopeBytes);
      const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
      const header = common.SignatureHeader.deserializeBinary(payload.getHeader()?.getSignatureHeader_asU8() ?? new Uint8Array());
      const creator = certificateOf(header.getCreator_asU8());
      expect(verify('sha256', envelope.getPayload_asU8(), creator.certificate.publicKey, envelope.getSignature_asU8())).toBe(
        true,
      );
      const channelHeader = common.ChannelHeader.deserializeBinary(
        payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array(),
      );
      expect(channelHeader.getTxId()).toBe(
        sha256(Buffer.concat([header.getNonce_asU8(), header.getCreator_asU8()])).toString('hex'),
      );
      const action = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList()[0];
      const endorsed = peer.ChaincodeActionPayload.deserializeBinary(action?.getPayload_asU8() ?? new Uint8Array()).getAction();
      const provinces = (endorsed?.getEndorsementsList() ?? []).map((endorsement) => {
        const { mspId, certificate } = certificateOf(endorsement.getEndorser_asU8());
        const signed = Buffer.concat([
          endorsed?.getProposalResponsePayload_asU8() ?? new Uint8Array(),
          endorsement.getEndorser_asU8(),
        ]);
        expect(verify('sha256', signed, certificate.publicKey, endorsement.getSignature_asU8())).toBe(true);
        expect(certificate.verify((roots.get(mspId) as X509Certificate).publicKey)).toBe(true);
        expect(certificate.subject).toContain('OU=peer');
        return mspId;
      });
      expect(provinces[0]).toBe(creator.mspId);
      expect(new Set(provinces).size).toBe(3);
      seen += 1;
    }
    expect(seen).toBe(27);
  });
});
