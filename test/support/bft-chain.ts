/** A channel's blocks as SmartBFT's orderers make them: signed under numbers, with configurations that replace one another. */
import { randomBytes } from 'node:crypto';
import { PROVINCES } from '../../chaincode/provinces.js';
import { CHANNEL } from '../../network/channel.js';
import { type Block, blockHash, dataHash, encodeOrdererMetadata, signedByOrderer } from '../../network/format/block.js';
import { encodeConfigEnvelope } from '../../network/format/config.js';
import { encodeEnvelope } from '../../network/format/envelope.js';
import { encodeChannelHeader } from '../../network/format/header.js';
import { encodeHeader } from '../../network/format/proposal.js';
import { MessageReader, MessageWriter } from '../../network/format/wire.js';
import { type AuthorityMaterial, createAuthority, generateKeyPair, issueCertificate } from '../../network/identity/authority.js';
import { localSigner, type Signer } from '../../network/identity/signer.js';

const NOW = Date.now();

/** An orderer under its number. */
export interface Orderer {
  readonly id: number;
  readonly signer: Signer;
}

export interface Signing {
  /** who signs; the first three unless others are named */
  readonly by?: readonly Orderer[];
  /** the configuration block that the signatures name; the last one unless another is named */
  readonly lastConfig?: number;
}

/** An envelope of nobody's, for blocks whose transactions do not matter. */
export function anyEnvelope(): Buffer {
  const channelHeader = encodeChannelHeader({ type: 4, channel: CHANNEL, transactionId: '', timestamp: NOW, chaincode: '' });
  const header = encodeHeader({ channelHeader, signatureHeader: randomBytes(8) });
  return encodeEnvelope(new MessageWriter().message(1, header).finish(), randomBytes(8));
}

function withSequence(envelope: Buffer, sequence: number): Buffer {
  const payload = new MessageReader(envelope).message(1);
  const config = payload.message(2).message(1);
  const numbered = new MessageWriter().integer(1, sequence).bytes(2, config.bytes(2));
  const data = new MessageWriter().message(1, numbered);
  return encodeEnvelope(new MessageWriter().bytes(1, payload.bytes(1)).message(2, data).finish(), Buffer.alloc(0));
}

export class BftChain {
  readonly authorities: readonly AuthorityMaterial[];
  readonly blocks: Block[] = [];
  orderers: readonly Orderer[];
  #sequence = 0;
  #lastConfig = 0;

  private constructor(authorities: readonly AuthorityMaterial[], orderers: readonly Orderer[]) {
    [this.authorities, this.orderers] = [authorities, orderers];
  }

  static async begin(): Promise<BftChain> {
    const authorities = await Promise.all(PROVINCES.map(({ mspId, slug }) => createAuthority(mspId, slug, NOW)));
    const chain = new BftChain(authorities, []);
    chain.orderers = await Promise.all(PROVINCES.map((_, index) => chain.orderer(index)));
    chain.blocks.push({ ...chain.#unsigned([chain.configuration()], 0), signatures: [] });
    return chain;
  }

  /** PEM of the authorities' certificates, by MSP id. */
  get roots(): ReadonlyMap<string, readonly string[]> {
    return new Map(this.authorities.map(({ mspId, certificate }) => [mspId, [certificate]]));
  }

  /** A new key for a province's orderer. */
  async orderer(index: number, unit: 'orderer' | 'client' = 'orderer', id = index + 1): Promise<Orderer> {
    const authority = this.authorities[index] as AuthorityMaterial;
    const { publicKey, privateKey } = await generateKeyPair();
    const certificate = await issueCertificate(authority, { commonName: 'orderer', unit, publicKey, days: 30, now: NOW });
    return { id, signer: localSigner(authority.mspId, certificate, privateKey) };
  }

  configuration(orderers = this.orderers, authorities = this.authorities): Buffer {
    const members = authorities.map(({ mspId, certificate }, index) => ({
      mspId,
      rootCertificate: certificate,
      ordererCertificate: orderers[index]?.signer.certificate ?? '',
    }));
    return withSequence(encodeConfigEnvelope(CHANNEL, NOW, members), this.#sequence);
  }

  #unsigned(data: readonly Uint8Array[], lastConfig: number): Omit<Block, 'signatures'> {
    const before = this.blocks.at(-1);
    const previousHash = before ? blockHash(before.header) : Buffer.alloc(0);
    return {
      header: { number: this.blocks.length, previousHash, dataHash: dataHash(data) },
      data,
      ordererMetadata: encodeOrdererMetadata(lastConfig),
      filter: new Uint8Array(data.length),
      commitHash: Buffer.alloc(32),
    };
  }

  /** Signed by these, as it stands. */
  async signed(block: Omit<Block, 'signatures'>, by: readonly Orderer[]): Promise<Block> {
    const signatures = await Promise.all(
      by.map(async ({ id, signer }) => {
        const identifierHeader = new MessageWriter().integer(1, id).bytes(2, randomBytes(24)).finish();
        const signature = await signer.sign(signedByOrderer(block, identifierHeader));
        return { signatureHeader: new Uint8Array(), identifierHeader, signature };
      }),
    );
    return { ...block, signatures };
  }

  /** The next block, not added. */
  next(data: readonly Uint8Array[] = [anyEnvelope()], signing: Signing = {}): Promise<Block> {
    const { by = this.orderers.slice(0, 3), lastConfig = this.#lastConfig } = signing;
    return this.signed(this.#unsigned(data, lastConfig), by);
  }

  async add(data?: readonly Uint8Array[], signing?: Signing): Promise<Block> {
    const block = await this.next(data, signing);
    this.blocks.push(block);
    return block;
  }

  /** A configuration block with these orderers, signed by those before unless others are named. */
  async reconfigure(orderers: readonly Orderer[], by = this.orderers.slice(0, 3)): Promise<Block> {
    this.#sequence += 1;
    const number = this.blocks.length;
    const block = await this.add([this.configuration(orderers)], { by, lastConfig: number });
    [this.orderers, this.#lastConfig] = [orderers, number];
    return block;
  }
}
