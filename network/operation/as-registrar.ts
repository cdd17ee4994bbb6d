/**
 * A transaction of a province's registrar and a read of a record, by Fabric's own `peer` program: what a
 * network needs before an API stands on it.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProvinceCode } from '../../chaincode/provinces.js';
import { CHAINCODE_NAME, CHANNEL } from '../channel.js';
import type { Member } from '../definition/definition.js';
import { networkPaths, provincePaths } from '../definition/network-folder.js';
import { readAuthority } from '../identity/files.js';
import { openWallet } from '../identity/wallet.js';
import { REGISTRARS, type Registrar } from '../registrars.js';
import { fromPeers, type Network, peerCommand, toOrderer } from './commands.js';
import { runProgram } from './run-program.js';

const ON_CHANNEL = ['-C', CHANNEL, '-n', CHAINCODE_NAME];
const call = (name: string, argument: string) => JSON.stringify({ function: name, Args: [argument] });

/** A record as the province's own peer has it, canonical JSON; empty when there is none. @throws NetworkFault */
export async function readRecordAt(network: Network, member: Member, recordKey: string): Promise<string> {
  const query = call('ledger:ReadRecord', recordKey);
  return (await runProgram(peerCommand(network, member, ['chaincode', 'query', ...ON_CHANNEL, '-c', query]))).trim();
}

/** The registrar's key and certificate, laid out as `peer` wants them, for as long as the work takes. */
async function withMsp(network: Network, member: Member, work: (msp: string) => Promise<void>): Promise<void> {
  const { mspId, code, slug } = member.province;
  const { agencyId } = REGISTRARS.find(({ province }) => province === code) as Registrar;
  const paths = provincePaths(network.root, slug);
  const { wallet: folder } = networkPaths(network.root);
  const authorities = new Map<ProvinceCode, ReturnType<typeof readAuthority>>([[code, readAuthority(paths.ca, mspId)]]);
  const wallet = openWallet({ folder, authorities, clock: Date.now });
  await wallet.signer({ agencyId, province: code, roles: ['registrar'] });
  const own = join(folder, 'identities', mspId, agencyId);
  const msp = mkdtempSync(join(tmpdir(), 'registrar-'));
  try {
    cpSync(paths.msp, msp, { recursive: true });
    for (const part of ['keystore', 'signcerts']) mkdirSync(join(msp, part));
    // A link, not a copy: the key stays where it is.
    symlinkSync(join(own, 'key.pem'), join(msp, 'keystore/key.pem'));
    cpSync(join(own, 'certificate.pem'), join(msp, 'signcerts/certificate.pem'));
    await work(msp);
  } finally {
    rmSync(msp, { recursive: true, force: true });
  }
}

export interface RegistrarCall {
  /** `contract:Function` */
  readonly function: string;
  /** as `encodeArgument` makes it */
  readonly argument: string;
  readonly endorsers: readonly Member[];
}

/** Returns when the province's own peer has committed it. @throws NetworkFault */
export async function submitAsRegistrar(
  network: Network,
  member: Member,
  { endorsers, ...invocation }: RegistrarCall,
): Promise<void> {
  const { root, operated } = network;
  const flags = [...ON_CHANNEL, ...toOrderer(root, operated[0] ?? member), ...fromPeers(root, endorsers), '--waitForEvent'];
  const command = ['chaincode', 'invoke', ...flags, '-c', call(invocation.function, invocation.argument)];
  await withMsp(network, member, async (msp) => {
    const run = peerCommand(network, member, command);
    await runProgram({ ...run, environment: { ...run.environment, CORE_PEER_MSPCONFIGPATH: msp } });
  });
}
