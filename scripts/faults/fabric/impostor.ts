/** A proxy before a province's node, under that node's own TLS certificate: what its operator could run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { provincePaths } from '../../../network/definition/network-folder.js';
import type { Arena } from './arena.js';
import { type Answering, type GrpcProxy, startGrpcProxy } from './grpc-proxy.js';

export const BROADCAST = '/orderer.AtomicBroadcast/Broadcast';
export const PROCESS_PROPOSAL = '/protos.Endorser/ProcessProposal';

export async function impostor(
  arena: Arena,
  index: number,
  role: 'peer' | 'orderer',
  answers: Readonly<Record<string, Answering>>,
): Promise<GrpcProxy> {
  const { province, ports, peerName, ordererName } = arena.member(index);
  const folder = join(provincePaths(arena.root, province.slug)[role], 'tls');
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const target = { port: ports[role], name: role === 'peer' ? peerName : ordererName, roots: read('roots.pem') };
  return startGrpcProxy({ key: read('key.pem'), certificate: read('certificate.pem'), target, answers });
}
