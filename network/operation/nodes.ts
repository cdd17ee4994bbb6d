/** The processes of a province, and how each is run. Everything is told in files: nothing of the caller's environment but PATH and HOME comes in. */
import { join, resolve } from 'node:path';
import { LOOPBACK, type Member } from '../definition/definition.js';
import { LOGGED } from '../definition/limits.js';
import { provincePaths } from '../definition/network-folder.js';
import type { Programs } from './programs.js';

export const ROLES = ['orderer', 'peer', 'chaincode'] as const;
export type NodeRole = (typeof ROLES)[number];

export interface NodeProcess {
  /** `<province>-<role>` */
  readonly name: string;
  readonly role: NodeRole;
  readonly member: Member;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** where it listens, all of which has to be free before it starts */
  readonly listens: readonly { readonly host: string; readonly port: number }[];
  /** which of them tells that it is well, over HTTP `/healthz`; all others are TLS */
  readonly health?: number;
}

function listening(member: Member, outside: readonly number[], inside: readonly number[]): NodeProcess['listens'] {
  const at = (host: string) => (port: number) => ({ host, port });
  return [...outside.map(at(member.listen)), ...inside.map(at(LOOPBACK))];
}

/** Where a node listens. */
export function listensAt(member: Member, role: NodeRole): NodeProcess['listens'] {
  const { ports } = member;
  switch (role) {
    case 'orderer':
      return listening(member, [ports.orderer], [ports.ordererAdmin, ports.ordererOperations]);
    case 'peer':
      return listening(member, [ports.peer], [ports.peerChaincode, ports.peerOperations]);
    case 'chaincode':
      return listening(member, [], [ports.chaincode]);
  }
}

export const SERVICE = resolve(import.meta.dirname, '../chaincode-service/main.js');
export const SERVICE_SETTINGS = 'service.json';

export function nodeName(member: Member, role: NodeRole): string {
  return `${member.province.slug}-${role}`;
}

/** Settings of a Fabric program, which reads files, then the environment: variables of the caller would win over the files. */
export function fabricEnvironment(folder: string, own: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = '/usr/bin:/bin', HOME = '/' } = process.env;
  return { PATH, HOME, FABRIC_CFG_PATH: folder, ...own };
}

export function nodeProcess(root: string, member: Member, role: NodeRole, programs: Programs): NodeProcess {
  const paths = provincePaths(root, member.province.slug);
  const { ports } = member;
  const node = { name: nodeName(member, role), role, member, listens: listensAt(member, role) };
  if (role === 'orderer')
    return {
      ...node,
      command: programs.orderer,
      arguments: ['start'],
      folder: paths.orderer,
      environment: fabricEnvironment(paths.orderer, { FABRIC_LOGGING_SPEC: LOGGED.orderer }),
      health: ports.ordererOperations,
    };
  if (role === 'peer')
    return {
      ...node,
      command: programs.peer,
      arguments: ['node', 'start'],
      folder: paths.peer,
      environment: fabricEnvironment(paths.peer, {
        FABRIC_LOGGING_SPEC: LOGGED.peer,
        CORE_LEDGER_SNAPSHOTS_ROOTDIR: join(paths.peer, 'snapshots'),
      }),
      health: ports.peerOperations,
    };
  return {
    ...node,
    command: process.execPath,
    arguments: [SERVICE, SERVICE_SETTINGS],
    folder: paths.chaincode,
    environment: fabricEnvironment(paths.chaincode),
  };
}

/** In the order in which they start. */
export function nodesOf(root: string, members: readonly Member[], programs: Programs): NodeProcess[] {
  return ROLES.flatMap((role) => members.map((member) => nodeProcess(root, member, role, programs)));
}
