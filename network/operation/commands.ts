/** Fabric's commands as a province's administrator gives them. */
import { join } from 'node:path';
import { type Definition, LOOPBACK, type Member, ordererAddress, peerAddress } from '../definition/definition.js';
import { COMMAND_WAITS_FOR_PEERS } from '../definition/limits.js';
import { provincePaths } from '../definition/network-folder.js';
import { NetworkFault } from './fault.js';
import { fabricEnvironment } from './nodes.js';
import type { Programs } from './programs.js';
import type { Run } from './run-program.js';

export interface Network {
  readonly root: string;
  readonly definition: Definition;
  /** the provinces whose keys and processes are here: all four, or one on a host of its own */
  readonly operated: readonly Member[];
  readonly programs: Programs;
}

export function peerRoots(root: string, { province }: Member): string {
  return join(provincePaths(root, province.slug).msp, 'tlscacerts/root.pem');
}

/** @throws NetworkFault naming the provinces whose administrators sign elsewhere */
export function checkSigners({ root, operated }: Network, signers: readonly Member[]): void {
  const away = signers.filter((member) => !operated.includes(member)).map(({ province }) => province.slug);
  if (away.length > 0)
    throw new NetworkFault(
      `${root} has no key of ${away.join(', ')}, and nothing was done: each province signs on its own host (--update FILE, sign-update, send-update, as network/runbooks says)`,
    );
}

/**
 * `peer …` in the name of the province's administrator.
 * @param asked whose peer answers; its own without
 * @throws NetworkFault when that administrator is on another host
 */
export function peerCommand(network: Network, member: Member, command: readonly string[], asked = member): Run {
  const { root, programs, operated } = network;
  const { slug } = member.province;
  if (!operated.includes(member))
    throw new NetworkFault(`${root} has no key of ${slug}: give the command in that province's folder`);
  const paths = provincePaths(root, slug);
  return {
    command: programs.peer,
    arguments: command,
    folder: paths.admin,
    environment: fabricEnvironment(paths.peer, {
      CORE_PEER_MSPCONFIGPATH: join(paths.admin, 'msp'),
      CORE_PEER_ADDRESS: peerAddress(asked),
      CORE_PEER_TLS_ROOTCERT_FILE: peerRoots(root, asked),
      FABRIC_LOGGING_SPEC: 'error',
    }),
  };
}

/** Flags that send a transaction to one orderer. */
export function toOrderer(root: string, member: Member): string[] {
  return ['-o', ordererAddress(member), '--tls', '--cafile', peerRoots(root, member)];
}

/** Flags that send a transaction to one orderer, and wait until the peers have it. */
export function untilSeen(root: string, orderer: Member): string[] {
  return [...toOrderer(root, orderer), '--waitForEventTimeout', COMMAND_WAITS_FOR_PEERS];
}

/** Flags that ask these provinces' peers to endorse. */
export function fromPeers(root: string, members: readonly Member[]): string[] {
  return members.flatMap((member) => ['--peerAddresses', peerAddress(member), '--tlsRootCertFiles', peerRoots(root, member)]);
}

/** `osnadmin …` against the province's own orderer. */
export function osnadminCommand({ root, programs }: Network, member: Member, command: readonly string[]): Run {
  const { admin, orderer } = provincePaths(root, member.province.slug);
  const tls = [
    ['--orderer-address', `${LOOPBACK}:${member.ports.ordererAdmin}`],
    ['--ca-file', join(orderer, 'tls/roots.pem')],
    ['--client-cert', join(admin, 'tls/certificate.pem')],
    ['--client-key', join(admin, 'tls/key.pem')],
  ].flat();
  return { command: programs.osnadmin, arguments: [...command, ...tls], folder: admin, environment: fabricEnvironment(admin) };
}
