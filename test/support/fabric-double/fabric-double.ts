/**
 * Four peers and four orderers on loopback that speak Fabric's services, over one embedded ledger. What a real
 * network does only when somebody attacks it, these do when a test says so; each can be stopped and started again.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROVINCES, type ProvinceCode } from '../../../chaincode/provinces.js';
import { type Fabric, type FabricOptions, openFabric } from '../../../network/fabric/open.js';
import { memoryOutbox } from '../../../network/fabric/outbox.js';
import { type FabricProfile, PROFILE_FORMAT } from '../../../network/fabric/profile.js';
import { createAuthority, generateKeyPair, issueCertificate } from '../../../network/identity/authority.js';
import { certifiedFolder } from '../certified-folder.js';
import { NodeWorld } from '../node-world.js';
import { DoubleOrderer, Ordering } from './double-orderer.js';
import { DoublePeer } from './double-peer.js';
import { type Listening, listenGrpc, type Method, type Tls } from './grpc-server.js';

/** A server that keeps its port while it is stopped and started. */
export class DoubleNode<N extends { readonly methods: readonly Method[] }> {
  readonly node: N;
  readonly #tls: Tls;
  #listening: Listening | undefined;
  port = 0;

  constructor(node: N, tls: Tls) {
    this.node = node;
    this.#tls = tls;
  }

  async start(): Promise<void> {
    this.#listening = await listenGrpc(this.node.methods, this.#tls, this.port);
    this.port = this.#listening.port;
  }

  get isUp(): boolean {
    return this.#listening !== undefined;
  }

  stop(): void {
    this.#listening?.stop();
    this.#listening = undefined;
  }
}

export class FabricDouble {
  readonly world: NodeWorld;
  readonly ordering: Ordering;
  /** in the order of the table of provinces */
  readonly peers: readonly DoubleNode<DoublePeer>[];
  readonly orderers: readonly DoubleNode<DoubleOrderer>[];
  readonly #tlsRoot: string;
  /** what the adapter logged */
  readonly log: string[] = [];
  readonly #opened: Fabric[] = [];

  private constructor(world: NodeWorld, tls: readonly Tls[], tlsRoot: string) {
    this.world = world;
    this.ordering = new Ordering(world);
    this.#tlsRoot = tlsRoot;
    this.peers = PROVINCES.map(({ mspId }, index) => new DoubleNode(new DoublePeer(world, mspId), tls[index] as Tls));
    this.orderers = PROVINCES.map((_, index) => new DoubleNode(new DoubleOrderer(this.ordering), tls[index] as Tls));
  }

  static async start(): Promise<FabricDouble> {
    const world = await NodeWorld.open({ clock: Date.now });
    const now = Date.now();
    const root = await createAuthority('ShanghaiMSP', 'tls', now);
    const tls = await Promise.all(
      PROVINCES.map(async ({ slug }) => {
        const { publicKey, privateKey } = await generateKeyPair();
        const request = { commonName: `node.${slug}`, unit: 'peer' as const, publicKey, days: 1, now };
        return { certificate: await issueCertificate(root, request), privateKey };
      }),
    );
    for (const { province, authority } of world.node.provinces)
      await certifiedFolder(join(world.folder, 'readers', province.code), authority);
    const double = new FabricDouble(world, tls, root.certificate);
    for (const node of [...double.peers, ...double.orderers]) await node.start();
    return double;
  }

  /** Writes the profile. @returns its file */
  profile(home: ProvinceCode = '310000'): string {
    const { folder } = this.world;
    mkdirSync(join(folder, 'profiles'), { recursive: true });
    writeFileSync(join(folder, 'tls.pem'), this.#tlsRoot);
    const authority = (mspId: string) => join(folder, 'authorities', mspId, 'ca');
    const profile: FabricProfile = {
      format: PROFILE_FORMAT,
      channel: 'delta',
      chaincode: 'trust',
      home,
      provinces: PROVINCES.map(({ code, mspId, slug }, index) => ({
        code,
        mspId,
        roots: [join(authority(mspId), 'certificate.pem')],
        tlsRoots: ['../tls.pem'],
        peer: { address: `127.0.0.1:${this.peers[index]?.port}`, tlsName: `node.${slug}` },
        orderer: { address: `127.0.0.1:${this.orderers[index]?.port}`, tlsName: `node.${slug}` },
      })),
      authorities: Object.fromEntries(PROVINCES.map(({ code, mspId }) => [code, authority(mspId)])),
      reader: join(folder, 'readers', home),
      wallet: folder,
    };
    const file = join(folder, 'profiles', `${home}.json`);
    writeFileSync(file, JSON.stringify(profile));
    return file;
  }

  async open(options: Partial<FabricOptions> & { readonly home?: ProvinceCode } = {}): Promise<Fabric> {
    const { home, ...rest } = options;
    const log = (message: string) => void this.log.push(message);
    const fabric = await openFabric({ profileFile: this.profile(home), outbox: memoryOutbox(), log, ...rest });
    this.#opened.push(fabric);
    return fabric;
  }

  peer(index: number): DoublePeer {
    return (this.peers[index] as DoubleNode<DoublePeer>).node;
  }

  orderer(index: number): DoubleOrderer {
    return (this.orderers[index] as DoubleNode<DoubleOrderer>).node;
  }

  async close(): Promise<void> {
    for (const { ledger } of this.#opened) await ledger.close();
    for (const node of [...this.peers, ...this.orderers]) node.stop();
    await this.world.node.close();
  }
}
