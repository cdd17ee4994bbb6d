/**
 * An embedded ledger's parts one by one, with forged or stale messages put between them: what tests of
 * peers' and orderers' checks need. The clock is the test's.
 */
import { PROVINCES } from '../../chaincode/provinces.js';
import { type Draft, draftProposal, signEnvelope, signProposal } from '../../network/client.js';
import { endorse, executeProposal } from '../../network/embedded/endorser.js';
import { type EmbeddedNode, openNode } from '../../network/embedded/node.js';
import type { Endorsement } from '../../network/format/envelope.js';
import type { NetworkNode } from '../../network/identity/province.js';
import type { Signer } from '../../network/identity/signer.js';
import { openWallet, type Wallet } from '../../network/identity/wallet.js';
import type { Invocation } from '../../network/ledger.js';
import { REGISTRARS, type Registrar } from '../../network/registrars.js';
import { freshAgencyId } from './contract-world.js';
import { foundedFolder, registration } from './ledger-world.js';

export interface Endorsed {
  readonly signer: Signer;
  readonly draft: Draft;
  readonly payload: Buffer;
}

export class NodeWorld {
  readonly folder: string;
  readonly node: EmbeddedNode;
  readonly wallet: Wallet;
  /** what the peers' clocks show, in milliseconds */
  clock = { now: Date.now() };

  private constructor(folder: string, node: EmbeddedNode, wallet: Wallet, clock: { now: number }) {
    this.folder = folder;
    this.node = node;
    this.wallet = wallet;
    this.clock = clock;
  }

  static async open(options: Partial<Parameters<typeof openNode>[0]> = {}): Promise<NodeWorld> {
    const folder = options.folder ?? (await foundedFolder());
    const clock = { now: Date.now() };
    const node = await openNode({ clock: () => clock.now, ...options, folder });
    const authorities = new Map(node.provinces.map(({ province, authority }) => [province.code, authority]));
    return new NodeWorld(folder, node, openWallet({ folder, authorities, clock: () => clock.now }), clock);
  }

  peer(mspId: string): NetworkNode {
    return this.node.provinces.find(({ province }) => province.mspId === mspId)?.peer as NetworkNode;
  }

  peers(count: number): NetworkNode[] {
    return PROVINCES.slice(0, count).map(({ mspId }) => this.peer(mspId));
  }

  registrar(): Promise<Signer> {
    return this.wallet.signer({ ...(REGISTRARS[0] as Registrar), roles: ['registrar'] });
  }

  async registration(agencyId = freshAgencyId('310000')): Promise<Invocation> {
    return registration(await this.registrar(), agencyId);
  }

  /** Executed, not yet endorsed, at the peers' time plus the offset. */
  async execute(invocation: Invocation, offset = 0): Promise<Endorsed> {
    const draft = draftProposal(invocation, this.clock.now + offset);
    const proposal = await signProposal(invocation.signer, draft);
    const { payload } = await executeProposal(this.node.endorser, proposal);
    return { signer: invocation.signer, draft, payload };
  }

  async envelope({ signer, draft, payload }: Endorsed, peers: readonly NetworkNode[] = this.peers(3)): Promise<Buffer> {
    const endorsements = await Promise.all(peers.map((peer) => endorse(peer, payload)));
    return this.envelopeWith({ signer, draft, payload }, endorsements);
  }

  envelopeWith({ signer, draft, payload }: Endorsed, endorsements: readonly Endorsement[]): Promise<Buffer> {
    return signEnvelope(signer, draft, payload, endorsements);
  }
}
