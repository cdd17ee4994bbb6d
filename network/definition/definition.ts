/**
 * The network as one table: for each province its host, ports and names. Identities, the channel's
 * configuration, every node's settings, the profiles and the folders for other hosts derive from it.
 */
import { isIP } from 'node:net';
import { PROVINCES, type Province } from '../../chaincode/provinces.js';

export interface Ports {
  readonly orderer: number;
  /** channel participation: `osnadmin` */
  readonly ordererAdmin: number;
  readonly ordererOperations: number;
  readonly peer: number;
  /** where a peer would listen for chaincode that connects to it; ours is connected to */
  readonly peerChaincode: number;
  readonly peerOperations: number;
  readonly chaincode: number;
}

export interface Member {
  readonly province: Province;
  /** SmartBFT's number of this province's orderer, from 1 */
  readonly consenter: number;
  /** where the other provinces reach this one */
  readonly host: string;
  /** what orderer and peer bind to; operations, administration and chaincode bind to the loopback always */
  readonly listen: string;
  readonly ports: Ports;
  /** names in the TLS certificates */
  readonly ordererName: string;
  readonly peerName: string;
}

export interface Definition {
  readonly basePort: number;
  readonly members: readonly Member[];
}

export interface DefinitionInput {
  /** province i uses ports `basePort + 20·i` to `+ 6` */
  readonly basePort: number;
  /** a host name or address for each province, in the order of the table of provinces; all on the loopback without */
  readonly hosts?: readonly string[];
}

export const LOOPBACK = '127.0.0.1';
export const DEFAULT_BASE_PORT = 17_050;
const STEP = 20;
/** the first port of a network, so that all that follow are ports */
export const BASE_PORT = { minimum: 1024, maximum: 65_000 } as const;
export const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/** Input that makes no network; the message says what would. */
export class DefinitionRefused extends Error {
  override readonly name = 'DefinitionRefused';
}

function portsFrom(first: number): Ports {
  return {
    orderer: first,
    ordererAdmin: first + 1,
    ordererOperations: first + 2,
    peer: first + 3,
    peerChaincode: first + 4,
    peerOperations: first + 5,
    chaincode: first + 6,
  };
}

function checkHostNames(hosts: readonly string[]): void {
  const wrong = hosts.filter((host) => !HOST.test(host));
  if (wrong.length > 0) throw new DefinitionRefused(`not a host name or IPv4 address: ${wrong.join(', ')}`);
}

function checkHosts(hosts: readonly string[]): void {
  checkHostNames(hosts);
  if (hosts.length !== PROVINCES.length || new Set(hosts).size !== hosts.length) {
    const names = PROVINCES.map(({ slug }) => slug).join(', ');
    throw new DefinitionRefused(`give four different hosts, one for each of ${names}, in this order`);
  }
}

function checkBasePort(basePort: number): void {
  const { minimum, maximum } = BASE_PORT;
  if (!Number.isInteger(basePort) || basePort < minimum || basePort > maximum)
    throw new DefinitionRefused(`the first port is to be a number from ${minimum} to ${maximum}, not ${basePort}`);
}

function memberAt(province: Province, basePort: number, host: string): Member {
  const index = PROVINCES.indexOf(province);
  return {
    province,
    consenter: index + 1,
    host,
    listen: isIP(host) ? host : '0.0.0.0',
    ports: portsFrom(basePort + STEP * index),
    ordererName: `orderer.${province.slug}`,
    peerName: `peer.${province.slug}`,
  };
}

/** One province of a network whose other hosts are not known yet. @throws DefinitionRefused */
export function defineMember(slug: string, { basePort, host }: { readonly basePort: number; readonly host: string }): Member {
  const province = PROVINCES.find((known) => known.slug === slug);
  if (!province)
    throw new DefinitionRefused(`${slug} is no province: name one of ${PROVINCES.map((known) => known.slug).join(', ')}`);
  checkBasePort(basePort);
  checkHostNames([host]);
  return memberAt(province, basePort, host);
}

/** @throws DefinitionRefused */
export function defineNetwork({ basePort, hosts }: DefinitionInput): Definition {
  checkBasePort(basePort);
  if (hosts) checkHosts(hosts);
  const members = PROVINCES.map((province, index) => memberAt(province, basePort, hosts?.[index] ?? LOOPBACK));
  return { basePort, members };
}

export function ordererAddress({ host, ports }: Member): string {
  return `${host}:${ports.orderer}`;
}

export function peerAddress({ host, ports }: Member): string {
  return `${host}:${ports.peer}`;
}
