/** Where things are in a network's folder. */
import { join } from 'node:path';

export interface ProvincePaths {
  readonly root: string;
  /** the authority's key and certificate: what issues identities */
  readonly ca: string;
  /** the same for TLS */
  readonly tlsCa: string;
  /** what the others know of the province: certificates, no key */
  readonly msp: string;
  readonly peer: string;
  readonly orderer: string;
  readonly chaincode: string;
  readonly admin: string;
  /** who reads blocks and heights for the province's API */
  readonly reader: string;
}

/** @param root the network's folder */
export function provincePaths(root: string, slug: string): ProvincePaths {
  const own = join(root, 'provinces', slug);
  return {
    root: own,
    ca: join(own, 'ca'),
    tlsCa: join(own, 'tls-ca'),
    msp: join(own, 'msp'),
    peer: join(own, 'peer'),
    orderer: join(own, 'orderer'),
    chaincode: join(own, 'chaincode'),
    admin: join(own, 'admin'),
    reader: join(own, 'reader'),
  };
}

export interface NetworkPaths {
  readonly root: string;
  /** what the folder is, by which it is known for one of ours */
  readonly record: string;
  readonly channel: string;
  readonly genesis: string;
  readonly chaincodePackage: string;
  readonly profiles: string;
  readonly wallet: string;
  readonly logs: string;
  readonly pids: string;
  readonly lock: string;
}

export function networkPaths(root: string): NetworkPaths {
  const channel = join(root, 'channel');
  return {
    root,
    record: join(root, 'network.json'),
    channel,
    genesis: join(channel, 'genesis.block'),
    chaincodePackage: join(channel, 'chaincode.tar.gz'),
    profiles: join(root, 'profiles'),
    wallet: join(root, 'wallet'),
    logs: join(root, 'logs'),
    pids: join(root, 'pids'),
    lock: join(root, 'lock'),
  };
}
