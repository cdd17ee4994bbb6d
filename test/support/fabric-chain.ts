/**
 * A network's chain made by a test that holds all keys: configuration, chaincode definition and transactions of our
 * contracts as Fabric's peers and SmartBFT's orderers would make them, so that each can be made wrong.
 */
import { randomBytes } from 'node:crypto';
import { PROVINCES } from '../../chaincode/provinces.js';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { batchesOf } from '../../network/audit/fabric/state-keys.js';
import { CHAINCODE_NAME, CHAINCODE_VERSION, CHANNEL } from '../../network/channel.js';
import { draftProposal, signEnvelope } from '../../network/client.js';
import { updatesOf } from '../../network/embedded/block-builder.js';
import { createDispatcher, type Dispatcher } from '../../network/embedded/dispatcher.js';
import { endorse } from '../../network/embedded/endorser.js';
import { simulate, type VersionedValue } from '../../network/embedded/simulation.js';
import { type Block, blockHash, dataHash, encodeOrdererMetadata, signedByOrderer } from '../../network/format/block.js';
import { commitHashOf, type StateUpdate } from '../../network/format/commit-hash.js';
import { encodeEnvelope } from '../../network/format/envelope.js';
import { encodeChannelHeader, encodeSignatureHeader, HEADER_TYPE } from '../../network/format/header.js';
import { encodeIdentity } from '../../network/format/identity.js';
import { encodeHeader, proposalHash } from '../../network/format/proposal.js';
import { encodeResponsePayload, type KeyVersion, type ReadWriteSet } from '../../network/format/response.js';
import { MessageWriter } from '../../network/format/wire.js';
import { type AuthorityMaterial, createAuthority, generateKeyPair, issueCertificate } from '../../network/identity/authority.js';
import type { NetworkNode } from '../../network/identity/province.js';
import { localSigner } from '../../network/identity/signer.js';
import { REGISTRARS } from '../../network/registrars.js';
import type { Orderer } from './bft-chain.js';
import { definition, LIFECYCLE, SEQUENCE } from './chaincode-definition.js';
import { type Change, changed, channelGroup, encodeGroup, encodeUpdate, type Group } from './channel-groups.js';
import { freshAgencyId } from './contract-world.js';

const NOW = Date.now();

/** A transaction before it is signed: what it reads and writes, and in which namespaces. */
export interface Made {
  readonly envelope: Buffer;
  readonly writes: readonly { readonly key: string; readonly value: Uint8Array | undefined }[];
}

type Writes = ReadWriteSet['writes'];

export interface Making {
  /** what the peers sign in place of what the contract writes */
  readonly writes?: (writes: Writes) => Writes;
  readonly peers?: readonly NetworkNode[];
  /** what one peer signs in place of the others' */
  readonly other?: { readonly peer: NetworkNode; readonly writes: (writes: Writes) => Writes };
}

export class FabricChain {
  readonly authorities: readonly AuthorityMaterial[];
  readonly dispatcher: Dispatcher;
  blocks: Block[] = [];
  peers: readonly NetworkNode[] = [];
  admins: readonly NetworkNode[] = [];
  registrars: readonly NetworkNode[] = [];
  orderers: readonly Orderer[] = [];
  #group: Group = { modPolicy: '' };
  #sequence = 0;
  #lastConfig = 0;
  readonly #state = new Map<string, VersionedValue>();

  private constructor(authorities: readonly AuthorityMaterial[], dispatcher: Dispatcher) {
    [this.authorities, this.dispatcher] = [authorities, dispatcher];
  }

  /** Genesis, the chaincode's definition, four registrars, and some agencies. */
  static async begin(): Promise<FabricChain> {
    const authorities = await Promise.all(PROVINCES.map(({ mspId, slug }) => createAuthority(mspId, slug, NOW)));
    const chain = new FabricChain(authorities, await createDispatcher());
    const each = <T>(make: (index: number) => Promise<T>) => Promise.all(PROVINCES.map((_, index) => make(index)));
    chain.peers = await each((index) => chain.node(index, 'peer'));
    chain.admins = await each((index) => chain.node(index, 'admin'));
    chain.registrars = await each((index) => chain.agency(index));
    chain.orderers = await each((index) => chain.orderer(index));
    chain.#group = channelGroup(authorities, chain.orderers);
    await chain.#genesis();
    await chain.add([await definition(chain.admins[0] as NetworkNode, chain.peers, NOW)]);
    for (const registrar of chain.registrars) await chain.add([await chain.call(registrar, 'registry:FoundRegistrar', {})]);
    return chain;
  }

  /** The same keys, blocks and state, to go on from by itself. */
  copy(): FabricChain {
    const { peers, admins, registrars, orderers } = this;
    const copy = Object.assign(new FabricChain(this.authorities, this.dispatcher), { peers, admins, registrars, orderers });
    copy.blocks = [...this.blocks];
    [copy.#group, copy.#sequence, copy.#lastConfig] = [this.#group, this.#sequence, this.#lastConfig];
    for (const [key, value] of this.#state) copy.#state.set(key, value);
    return copy;
  }

  get roots(): ReadonlyMap<string, readonly string[]> {
    return new Map(this.authorities.map(({ mspId, certificate }) => [mspId, [certificate]]));
  }

  async node(
    index: number,
    unit: 'peer' | 'admin' | 'client' | 'orderer',
    attributes?: Record<string, string>,
    days = 30,
  ): Promise<NetworkNode> {
    const authority = this.authorities[index] as AuthorityMaterial;
    const { publicKey, privateKey } = await generateKeyPair();
    const request = { commonName: unit, unit, publicKey, days, now: NOW, ...(attributes ? { attributes } : {}) };
    const certificate = await issueCertificate(authority, request);
    return {
      ...localSigner(authority.mspId, certificate, privateKey),
      identity: encodeIdentity({ mspId: authority.mspId, certificate }),
    };
  }

  agency(index: number): Promise<NetworkNode> {
    return this.node(index, 'client', { agency: REGISTRARS[index]?.agencyId ?? '', roles: 'registrar' });
  }

  async orderer(index: number): Promise<Orderer> {
    return { id: index + 1, signer: await this.node(index, 'orderer') };
  }

  #configuration(lastUpdate: Buffer, creator: Uint8Array): MessageWriter {
    const type = HEADER_TYPE.config;
    const channelHeader = encodeChannelHeader({ type, channel: CHANNEL, transactionId: '', timestamp: NOW, chaincode: '' });
    const signatureHeader = encodeSignatureHeader({ creator, nonce: randomBytes(24) });
    const config = new MessageWriter().integer(1, this.#sequence).message(2, encodeGroup(this.#group));
    const content = new MessageWriter().message(1, config).bytes(2, lastUpdate).finish();
    return new MessageWriter().message(1, encodeHeader({ channelHeader, signatureHeader })).bytes(2, content);
  }

  async #genesis(): Promise<void> {
    const data = [encodeEnvelope(this.#configuration(Buffer.alloc(0), Buffer.alloc(0)).finish(), Buffer.alloc(0))];
    const header = { number: 0, previousHash: Buffer.alloc(0), dataHash: dataHash(data) };
    const bare = { header, data, ordererMetadata: encodeOrdererMetadata(0), signatures: [], filter: Uint8Array.of(0) };
    this.blocks.push({ ...bare, commitHash: Buffer.alloc(0) });
  }

  /** A transaction of our contracts, executed on the state after the last block. */
  async call(signer: NetworkNode, name: string, input: object, making: Making = {}): Promise<Made> {
    const { writes: lie = (writes) => writes, peers = this.peers.slice(0, 3), other } = making;
    const argument = encodeArgument({ operation: randomBytes(16).toString('hex'), input });
    const draft = draftProposal({ signer, function: name, argument }, NOW);
    const simulation = await simulate(this.dispatcher, this.#state, {
      transactionId: draft.transactionId,
      channel: CHANNEL,
      chaincode: CHAINCODE_NAME,
      timestamp: draft.timestamp,
      creator: signer,
      args: [name, argument],
    });
    if (simulation.status !== 200) throw new Error(simulation.message);
    const version: KeyVersion = { block: 1, position: 0 };
    const besides = new Map([[LIFECYCLE, { reads: [{ key: SEQUENCE, version }], writes: [] }]]);
    const payloadOf = (writes: Writes) => {
      const { status, payload, reads } = simulation;
      const chaincode = { name: CHAINCODE_NAME, version: CHAINCODE_VERSION };
      return encodeResponsePayload(
        { proposalHash: proposalHash(draft.parts), chaincode, status, payload, reads, writes },
        besides,
      );
    };
    const writes = lie(simulation.writes);
    const payload = payloadOf(writes);
    const endorsements = await Promise.all(
      peers.map((peer) => endorse(peer, peer === other?.peer ? payloadOf(other.writes(simulation.writes)) : payload)),
    );
    return { envelope: await signEnvelope(signer, draft, payload, endorsements), writes };
  }

  register(making?: Making, agencyId = freshAgencyId('310000'), signer = this.registrars[0] as NetworkNode): Promise<Made> {
    const rest = { name: { zh: '市场监督管理局' }, divisionCode: '310104', kind: 'department', roles: ['certificate-issuer'] };
    return this.call(signer, 'registry:RegisterAgency', { agencyId, ...rest, keyDigest: '0'.repeat(64) }, making);
  }

  /** Signed by three of the present orderers unless others are named. */
  async signed(block: Omit<Block, 'signatures'>, by = this.orderers.slice(0, 3)): Promise<Block> {
    const signatures = await Promise.all(
      by.map(async ({ id, signer }) => {
        const identifierHeader = new MessageWriter().integer(1, id).bytes(2, randomBytes(24)).finish();
        return {
          signatureHeader: new Uint8Array(),
          identifierHeader,
          signature: await signer.sign(signedByOrderer(block, identifierHeader)),
        };
      }),
    );
    return { ...block, signatures };
  }

  /** The next block. @param codes all valid unless others are given */
  async add(
    made: readonly Made[],
    codes = made.map(() => 0),
    by = this.orderers.slice(0, 3),
    isConfiguration = false,
  ): Promise<Block> {
    const number = this.blocks.length;
    const before = this.blocks.at(-1) as Block;
    const data = made.map(({ envelope }) => envelope);
    const updates = updatesOf(
      number,
      made.map(({ writes }) => ({ id: '', code: 0, reads: [], writes })),
      codes,
    );
    const filter = Uint8Array.from(codes);
    const header = { number, previousHash: blockHash(before.header), dataHash: dataHash(data) };
    const ordererMetadata = encodeOrdererMetadata(isConfiguration ? number : this.#lastConfig);
    const commitHash = commitHashOf(filter, batchesOf(updates), before.commitHash);
    const block = await this.signed({ header, data, ordererMetadata, filter, commitHash }, by);
    this.blocks.push(block);
    this.#apply(updates);
    return block;
  }

  #apply(updates: readonly StateUpdate[]): void {
    for (const { key, value, version } of updates) {
      if (value === undefined) this.#state.delete(key);
      else this.#state.set(key, { value, version });
    }
  }

  /** A configuration block. @param signers administrators @param orderers who order after it */
  async reconfigure(changes: readonly Change[], signers: readonly NetworkNode[], orderers = this.orderers): Promise<Block> {
    const update = encodeUpdate(CHANNEL, this.#group, changes);
    const content = new MessageWriter().bytes(1, update);
    for (const signer of signers) {
      const header = encodeSignatureHeader({ creator: signer.identity, nonce: randomBytes(24) });
      const signature = await signer.sign(Buffer.concat([header, update]));
      content.message(2, new MessageWriter().bytes(1, header).bytes(2, signature));
    }
    const lastUpdate = encodeEnvelope(new MessageWriter().message(2, content).finish(), Buffer.alloc(0));
    this.#group = changes.reduce(changed, this.#group);
    this.#sequence += 1;
    const { signer } = this.orderers[0] as Orderer;
    const payload = this.#configuration(lastUpdate, encodeIdentity(signer)).finish();
    const envelope = encodeEnvelope(payload, await signer.sign(payload));
    const block = await this.add([{ envelope, writes: [] }], [0], this.orderers.slice(0, 3), true);
    [this.#lastConfig, this.orderers] = [block.header.number, orderers];
    return block;
  }
}
