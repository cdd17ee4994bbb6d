/** Each province's registrar enters itself, once, from its certificate; those that are there already are left alone. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProvinceCode } from '../../chaincode/provinces.js';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { key } from '../../chaincode/state/keys.js';
import { CHAINCODE_NAME, CHANNEL } from '../channel.js';
import type { Member } from '../definition/definition.js';
import { networkPaths, provincePaths } from '../definition/network-folder.js';
import { readAuthority } from '../identity/files.js';
import { openWallet } from '../identity/wallet.js';
import { REGISTRARS } from '../registrars.js';
import { fromPeers, type Network, peerCommand, toOrderer } from './commands.js';
import { runProgram } from './run-program.js';

const call = (name: string, argument: string) => JSON.stringify({ function: name, Args: [argument] });
const ON_CHANNEL = ['-C', CHANNEL, '-n', CHAINCODE_NAME];

async function isFounded(network: Network, member: Member): Promise<boolean> {
  const query = call('ledger:ReadRecord', key('founder', member.province.code));
  const answer = await runProgram(peerCommand(network, member, ['chaincode', 'query', ...ON_CHANNEL, '-c', query]));
  return answer.trim() !== '';
}

/** The registrar's key and certificate, laid out as `peer` wants them, for as long as the work takes. */
async function asMsp(network: Network, member: Member, agencyId: string, work: (msp: string) => Promise<void>): Promise<void> {
  const { mspId, code, slug } = member.province;
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
    cpSync(join(own, 'key.pem'), join(msp, 'keystore/key.pem'));
    cpSync(join(own, 'certificate.pem'), join(msp, 'signcerts/certificate.pem'));
    await work(msp);
  } finally {
    rmSync(msp, { recursive: true, force: true });
  }
}

async function found(network: Network, member: Member): Promise<void> {
  const { code } = member.province;
  const registrar = REGISTRARS.find(({ province }) => province === code);
  if (!registrar || (await isFounded(network, member))) return;
  const { members } = network.definition;
  const argument = call('registry:FoundRegistrar', encodeArgument({ operation: `found-${code}-0000000`, input: {} }));
  const [orderer = member] = members;
  const flags = [...ON_CHANNEL, ...toOrderer(network.root, orderer), ...fromPeers(network.root, members), '--waitForEvent'];
  await asMsp(network, member, registrar.agencyId, async (msp) => {
    const run = peerCommand(network, member, ['chaincode', 'invoke', ...flags, '-c', argument]);
    await runProgram({ ...run, environment: { ...run.environment, CORE_PEER_MSPCONFIGPATH: msp } });
  });
}

/** @throws NetworkFault */
export async function foundRegistrars(network: Network): Promise<void> {
  await Promise.all(network.definition.members.map((member) => found(network, member)));
}
