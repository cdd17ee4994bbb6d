/**
 * fabric-network, as much of it as is used: a Gateway that opens connections to all peers and orderers, and
 * the objects below it that send bytes made and signed elsewhere. Its own submitting, its discovery, its
 * listeners and its key handling are not used: they send to one orderer, trust one peer, and keep keys in elliptic.
 */
import type { User } from 'fabric-common';
import { CHANNEL } from '../channel.js';
import { createAuthority } from '../identity/authority.js';
import type { OpenedProfile, ProvinceConnection } from './profile.js';
import { installSdkLog } from './sdk-log.js';

/** What a gRPC channel's state is called when it can carry a call. */
export const CHANNEL_READY = 2;

/**
 * Waits until no call is just being started. A channel that is closed while a call picks its connection, in the same turn
 * of the event loop, lets the SDK's gRPC pick again for ever, and nothing else in this process ever runs.
 */
export function betweenCalls(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A gRPC client of grpc-js, as far as it is used. */
export interface GrpcClient {
  getChannel(): { getConnectivityState(tryToConnect: boolean): number };
  waitForReady(deadline: number, done: (error?: Error) => void): void;
  close(): void;
  makeBidiStreamRequest(
    method: string,
    serialize: (bytes: Uint8Array) => Buffer,
    deserialize: (bytes: Buffer) => Buffer,
  ): GrpcStream;
}

export interface GrpcStream extends AsyncIterable<Buffer> {
  write(bytes: Uint8Array): void;
  cancel(): void;
  on(event: 'error', listener: (error: Error) => void): this;
  on(event: 'data', listener: (bytes: Buffer) => void): this;
  on(event: 'end', listener: () => void): this;
}

export type GrpcClientClass = new (address: string, credentials: unknown, options: Record<string, unknown>) => GrpcClient;

/** fabric-common's ServiceEndpoint. */
export interface SdkEndpoint {
  readonly name: string;
  connected: boolean;
  service: GrpcClient | null;
  readonly serviceClass: GrpcClientClass;
  readonly endpoint: { readonly addr: string; readonly creds: unknown };
  options: Record<string, unknown>;
  resetConnection(): Promise<void>;
  disconnect(): void;
}

/** `protos.ProposalResponse`. */
export interface SdkProposalResponse {
  readonly response: { readonly status: number; readonly message: string; readonly payload: Buffer };
  readonly payload: Buffer | null;
  readonly endorsement: { readonly endorser: Buffer; readonly signature: Buffer } | null;
}

export interface SdkEndorser extends SdkEndpoint {
  sendProposal(
    proposal: { readonly proposal_bytes: Uint8Array; readonly signature: Uint8Array },
    timeout: number,
  ): Promise<SdkProposalResponse>;
}

/** Its `sendBroadcast` opens a stream for each envelope; see `broadcast-stream.ts`. */
export type SdkCommitter = SdkEndpoint;

export interface SdkEventer extends SdkEndpoint {
  setEndpoint(endpoint: unknown): void;
}

export interface SdkConnections {
  endorser(province: ProvinceConnection): SdkEndorser;
  committer(province: ProvinceConnection): SdkCommitter;
  /** a new one over the peer's endpoint, for a stream of blocks */
  eventer(province: ProvinceConnection): SdkEventer;
  close(): void;
}

const OPTIONS = {
  // The SDK connects to one after the other when it opens; who is away then is connected to in the background.
  'grpc-wait-for-ready-timeout': 500,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 2000,
  'grpc.max_receive_message_length': 128 * 1024 * 1024,
  'grpc.keepalive_time_ms': 120_000,
  'grpc.keepalive_timeout_ms': 20_000,
  'grpc.keepalive_permit_without_calls': 1,
  // What is tried again, and where, is ours to decide; gRPC would try on a channel that was closed meanwhile, for ever.
  'grpc.enable_retries': 0,
  // Whoever connects anew gets a connection of its own: out of the common pool it would get the one it gave up.
  'grpc.use_local_subchannel_pool': 1,
};

/** INTERNAL and UNAVAILABLE. */
const OF_THE_CONNECTION: readonly unknown[] = [13, 14];

/**
 * Whether a call failed for its connection's sake. One whose session gRPC has destroyed may be called ready all the same
 * for as long as the process lives, and every call on it fails at once.
 */
export function isConnectionFault(error: unknown): boolean {
  return OF_THE_CONNECTION.includes((error as { readonly code?: unknown }).code);
}

/** Loading it parses the command line, and ends the process at `--help`: it is shown none. */
async function loadSdk(): Promise<typeof import('fabric-network')> {
  installSdkLog();
  const { argv } = process;
  process.argv = argv.slice(0, 2);
  try {
    return await import('fabric-network');
  } finally {
    process.argv = argv;
  }
}

function connectionProfile(provinces: readonly ProvinceConnection[]): Record<string, unknown> {
  const node = ({ address, tlsName }: ProvinceConnection['peer'], { mspId, tlsRoots }: ProvinceConnection) => ({
    url: `grpcs://${address}`,
    mspid: mspId,
    tlsCACerts: { pem: tlsRoots.join('\n') },
    grpcOptions: { 'ssl-target-name-override': tlsName },
  });
  const table = <T>(name: (province: ProvinceConnection) => string, value: (province: ProvinceConnection) => T) =>
    Object.fromEntries(provinces.map((province) => [name(province), value(province)]));
  return {
    version: '1.0.0',
    organizations: table(
      ({ mspId }) => mspId,
      (province) => ({ mspid: province.mspId, peers: [peerName(province)] }),
    ),
    peers: table(peerName, (province) => node(province.peer, province)),
    orderers: table(ordererName, (province) => node(province.orderer, province)),
    channels: { [CHANNEL]: { peers: provinces.map(peerName), orderers: provinces.map(ordererName) } },
  };
}

function peerName({ mspId }: ProvinceConnection): string {
  return `peer of ${mspId}`;
}

function ordererName({ mspId }: ProvinceConnection): string {
  return `orderer of ${mspId}`;
}

/** Whom the Gateway thinks it serves. It signs nothing: every proposal and envelope comes signed by its agency. */
function nobody(mspId: string) {
  const user = { getName: () => 'trust-ledger', getMspid: () => mspId } as unknown as User;
  const identity = { type: 'none', mspId };
  const identityProvider = {
    type: 'none',
    getCryptoSuite: (): never => {
      throw new Error('nothing is signed here');
    },
    fromJson: () => identity,
    toJson: () => ({ ...identity, version: 1 }),
    getUserContext: async () => user,
  };
  return { identity, identityProvider };
}

/** Connects to all peers and orderers that can be reached. */
export async function connectSdk(profile: OpenedProfile): Promise<SdkConnections> {
  const { Gateway } = await loadSdk();
  const gateway = new Gateway();
  // Without one the SDK would make a TLS key of its own, in elliptic. Nobody asks for it: peers identify us by signatures.
  const tls = await createAuthority(profile.home.mspId as never, 'client', Date.now());
  await gateway.connect(connectionProfile(profile.provinces), {
    ...nobody(profile.home.mspId),
    tlsInfo: { certificate: tls.certificate, key: tls.privateKey },
    discovery: { enabled: false, asLocalhost: false },
    'connection-options': OPTIONS,
  });
  const channel = (await gateway.getNetwork(CHANNEL)).getChannel();
  const endorser = (province: ProvinceConnection) => channel.getEndorser(peerName(province)) as unknown as SdkEndorser;
  return {
    endorser,
    committer: (province) => channel.getCommitter(ordererName(province)) as unknown as SdkCommitter,
    eventer: (province) => {
      const eventer = channel.client.newEventer(peerName(province), province.mspId) as unknown as SdkEventer;
      eventer.setEndpoint(endorser(province).endpoint);
      return eventer;
    },
    close: () => gateway.disconnect(),
  };
}
