/** Four peers on loopback that show the blocks that a test says, and the profile by which they are read. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROVINCES } from '../../../chaincode/provinces.js';
import { endorse } from '../../../network/embedded/endorser.js';
import { type FabricProfile, PROFILE_FORMAT } from '../../../network/fabric/profile.js';
import { type Block, encodeBlock } from '../../../network/format/block.js';
import { decodeProposal, proposalHash } from '../../../network/format/proposal.js';
import { encodeResponsePayload } from '../../../network/format/response.js';
import { MessageReader, MessageWriter } from '../../../network/format/wire.js';
import {
  type AuthorityMaterial,
  createAuthority,
  generateKeyPair,
  issueCertificate,
} from '../../../network/identity/authority.js';
import type { NetworkNode } from '../../../network/identity/province.js';
import { certifiedFolder } from '../certified-folder.js';
import type { FabricChain } from '../fabric-chain.js';
import { encodeAnswer } from './double-peer.js';
import { GrpcFault, type Listening, listenGrpc, type Method, type ServerStream } from './grpc-server.js';

const UNAVAILABLE = 14;

/** What one province's peer shows now; each may be changed at any time. */
export interface Shown {
  /** undefined: it gives no answer */
  blocks: readonly Block[] | undefined;
  /** SHA-256 of its contracts, 64 hex */
  code: string;
}

class ShownPeer {
  readonly #identity: NetworkNode;
  readonly shown: Shown;
  /** how often it was asked for its height */
  heights = 0;

  constructor(identity: NetworkNode, shown: Shown) {
    [this.#identity, this.shown] = [identity, shown];
  }

  #payload(chaincode: string, [name, , id]: readonly string[], blocks: readonly Block[]): Buffer | undefined {
    if (chaincode !== 'qscc') return Buffer.from(JSON.stringify({ codeDigest: this.shown.code }));
    if (name === 'GetChainInfo') {
      this.heights += 1;
      return new MessageWriter().integer(1, blocks.length).finish();
    }
    const block = blocks[Number(id)];
    return block && encodeBlock(block);
  }

  async #propose(request: Buffer): Promise<Buffer> {
    const proposal = decodeProposal(new MessageReader(request).bytes(1));
    const { blocks } = this.shown;
    if (!blocks) throw new GrpcFault(UNAVAILABLE, 'it gives no answer');
    const { chaincode } = proposal.channel;
    const payload = this.#payload(chaincode, proposal.args, blocks);
    if (!payload) return encodeAnswer({ status: 500, message: 'no such block number', payload: Buffer.from('unsigned') });
    const answer = { proposalHash: proposalHash(proposal), chaincode: { name: chaincode, version: '' }, status: 200, payload };
    const signed = encodeResponsePayload({ ...answer, reads: [], writes: [] });
    const { endorser, signature } = await endorse(this.#identity, signed);
    const endorsement = { endorser: Buffer.from(endorser), signature: Buffer.from(signature) };
    return encodeAnswer({ status: 200, message: '', payload: signed, endorsement });
  }

  /** As a peer's stream, it waits at the end for more. */
  async #deliver(stream: ServerStream): Promise<void> {
    let open = true;
    stream.on('cancelled', () => {
      open = false;
    });
    for await (const request of stream) {
      let number = new MessageReader(new MessageReader(request).bytes(1)).message(2).message(1).message(3).integer(1);
      while (open) {
        const block = this.shown.blocks?.[number];
        if (block) stream.write(new MessageWriter().item(2, encodeBlock(block)).finish());
        if (block) number += 1;
        else await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  }

  get methods(): readonly Method[] {
    return [
      { path: '/protos.Endorser/ProcessProposal', unary: (bytes) => this.#propose(bytes) },
      { path: '/protos.Deliver/Deliver', bidi: (stream) => this.#deliver(stream) },
    ];
  }
}

export class ShownPeers {
  /** in the order of the table of provinces */
  readonly peers: readonly ShownPeer[];
  readonly profile: string;
  readonly #listening: readonly Listening[];

  private constructor(peers: readonly ShownPeer[], listening: readonly Listening[], profile: string) {
    [this.peers, this.#listening, this.profile] = [peers, listening, profile];
  }

  /** All show the chain as it is now. @param folder where the profile goes, and what it names */
  static async start(chain: FabricChain, folder: string): Promise<ShownPeers> {
    const now = Date.now();
    const root = await createAuthority('ShanghaiMSP', 'tls', now);
    const shown = () => ({ blocks: [...chain.blocks], code: 'ab'.repeat(32) });
    const peers = chain.peers.map((identity) => new ShownPeer(identity, shown()));
    const listening = await Promise.all(
      peers.map(async ({ methods }, index) => {
        const { publicKey, privateKey } = await generateKeyPair();
        const request = { commonName: `node.${PROVINCES[index]?.slug}`, unit: 'peer' as const, publicKey, days: 1, now };
        return listenGrpc(methods, { certificate: await issueCertificate(root, request), privateKey }, 0);
      }),
    );
    await certifiedFolder(join(folder, 'reader'), chain.authorities[0] as AuthorityMaterial);
    writeFileSync(join(folder, 'tls.pem'), root.certificate);
    mkdirSync(join(folder, 'roots'));
    for (const { mspId, certificate } of chain.authorities) writeFileSync(join(folder, 'roots', mspId), certificate);
    const address = (index: number, slug: string) => ({
      address: `127.0.0.1:${listening[index]?.port}`,
      tlsName: `node.${slug}`,
    });
    const profile: FabricProfile = {
      format: PROFILE_FORMAT,
      channel: 'delta',
      chaincode: 'trust',
      home: '310000',
      provinces: PROVINCES.map(({ code, mspId, slug }, index) => ({
        code,
        mspId,
        roots: [join('roots', mspId)],
        tlsRoots: ['tls.pem'],
        peer: address(index, slug),
        orderer: address(index, slug),
      })),
      authorities: {},
      reader: 'reader',
      wallet: 'wallet',
    };
    const file = join(folder, 'profile.json');
    writeFileSync(file, JSON.stringify(profile));
    return new ShownPeers(peers, listening, file);
  }

  stop(): void {
    for (const one of this.#listening) one.stop();
  }
}
