/** A province's host without Fabric: its own nodes tell heights that a test sets, and other provinces' their newest blocks. */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { LOOPBACK, type Member, ordererAddress, peerAddress } from '../../network/definition/definition.js';
import { provincePaths } from '../../network/definition/network-folder.js';
import { encodeBlock } from '../../network/format/block.js';
import { definitionOf, operatedBy, readRecord } from '../../network/operation/network-record.js';
import { freeBasePort } from './free-ports.js';
import { fakePrograms, network } from './network-command.js';

export const CODE = 'c0de'.repeat(16);

export interface FakeHost {
  readonly root: string;
  readonly member: Member;
  readonly others: readonly Member[];
  /** Fabric's programs, which only copy what others tell */
  readonly programs: string;
  /** what the own nodes have */
  readonly own: { peer: number; orderer: number };
  /** What others' nodes tell from now on; nothing without, and no block for a text. */
  tell(members: readonly Member[], node: 'orderer' | 'peer' | 'both', height: number | string | undefined): void;
  close(): Promise<void>;
}

/** As an orderer has it: without validation codes. */
function newestBlock(height: number): Buffer {
  const empty = Buffer.alloc(0);
  const header = { number: height - 1, previousHash: Buffer.alloc(32), dataHash: Buffer.alloc(32) };
  return encodeBlock({
    header,
    data: [Buffer.from('a transaction')],
    ordererMetadata: empty,
    signatures: [],
    filter: empty,
    commitHash: empty,
  });
}

/** A `peer` that answers from the folder of what is told. */
function writePeer(programs: string, told: string): void {
  const script = `#!/bin/sh
case "$1 $2" in
  'chaincode query') echo '{"codeDigest":"${CODE}"}' ;;
  'channel fetch')
    file=$4
    asked=$CORE_PEER_ADDRESS
    while [ $# -gt 0 ]; do
      [ "$1" = -o ] && asked=$2
      shift
    done
    cp "${told}/$asked" "$file" ;;
  *) exit 3 ;;
esac
`;
  writeFileSync(join(programs, 'peer'), script);
  chmodSync(join(programs, 'peer'), 0o755);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((settle, reject) => {
    server.once('error', reject).listen(port, LOOPBACK, settle);
  });
}

function ownNodes(root: string, { ports, province }: Member, own: FakeHost['own']): readonly (readonly [Server, number])[] {
  const { orderer } = provincePaths(root, province.slug);
  const tls = {
    key: readFileSync(join(orderer, 'tls/key.pem')),
    cert: readFileSync(join(orderer, 'tls/certificate.pem')),
  };
  const metric = (name: string, value: () => number) =>
    createServer((_, answer) => answer.end(`${name}{channel="delta"} ${value()}\n`));
  return [
    [metric('ledger_blockchain_height', () => own.peer), ports.peerOperations],
    [metric('consensus_BFT_leader_id', () => 1), ports.ordererOperations],
    [createTlsServer(tls, (_, answer) => answer.end(JSON.stringify({ height: own.orderer }))), ports.ordererAdmin],
  ];
}

/** Anhui's. @param home an empty folder */
export async function fakeHost(home: string): Promise<FakeHost> {
  const [programs, told, out] = [join(home, 'bin'), join(home, 'told'), join(home, 'folders')];
  fakePrograms(programs);
  writePeer(programs, told);
  mkdirSync(told);
  const hosts = '127.0.0.1,127.0.0.2,127.0.0.3,127.0.0.4';
  const words = ['folders', '--hosts', hosts, '--out', out, '--ports', String(await freeBasePort())];
  const { complaint } = await network(words, { FABRIC_BIN: programs });
  if (complaint) throw new Error(complaint);
  const root = join(out, 'anhui');
  const record = readRecord(root);
  if (!record) throw new Error(`${root} is no folder of a province`);
  const definition = definitionOf(root, record, undefined);
  const [member] = operatedBy(record, definition) as readonly [Member];
  const own = { peer: 20, orderer: 20 };
  const nodes = ownNodes(root, member, own);
  for (const [server, port] of nodes) await listen(server, port);
  const tell: FakeHost['tell'] = (members, node, height) => {
    const addresses = members.flatMap((each) => [
      ...(node === 'peer' ? [] : [ordererAddress(each)]),
      ...(node === 'orderer' ? [] : [peerAddress(each)]),
    ]);
    for (const address of addresses) {
      if (height === undefined) rmSync(join(told, address), { force: true });
      else writeFileSync(join(told, address), typeof height === 'number' ? newestBlock(height) : height);
    }
  };
  const close = async () => {
    await Promise.all(nodes.map(([server]) => new Promise((closed) => server.close(closed))));
  };
  return { root, member, others: definition.members.filter((each) => each !== member), programs, own, tell, close };
}
