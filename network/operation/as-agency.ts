/** Acts in an agency's name with Fabric's `peer`, as commands here do before any API runs: its key laid out as an MSP. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProvinceCode } from '../../chaincode/provinces.js';
import type { Role } from '../../chaincode/roles.js';
import { CHAINCODE_NAME, CHANNEL } from '../channel.js';
import type { Member } from '../definition/definition.js';
import { networkPaths, provincePaths } from '../definition/network-folder.js';
import type { AuthorityMaterial } from '../identity/authority.js';
import { readAuthority } from '../identity/files.js';
import { identityFolder, openWallet, type Wallet } from '../identity/wallet.js';
import { REGISTRARS, type Registrar } from '../registrars.js';
import { fromPeers, type Network, peerCommand, untilSeen } from './commands.js';
import { attempt, type Ran, runProgram } from './run-program.js';

const ON_CHANNEL = ['-C', CHANNEL, '-n', CHAINCODE_NAME];

export interface Agent {
  readonly agencyId: string;
  readonly member: Member;
  readonly roles: readonly Role[];
  /** the digest of the key that it signs with; that of its record where not given, of its first key where it has none */
  readonly keyDigest?: string;
}

export function registrarOf(member: Member): Agent {
  const { agencyId } = REGISTRARS.find(({ province }) => province === member.province.code) as Registrar;
  return { agencyId, member, roles: ['registrar'] };
}

/** The wallet of all provinces whose authorities are in the network's folder. */
export function networkWallet({ root, operated }: Network): Wallet {
  const authorities = operated.map(({ province: { code, mspId, slug } }) => {
    return [code, readAuthority(provincePaths(root, slug).ca, mspId)] as const;
  });
  const { wallet: folder } = networkPaths(root);
  return openWallet({ folder, authorities: new Map<ProvinceCode, AuthorityMaterial>(authorities), clock: Date.now });
}

/** The agency's key and certificate, laid out as `peer` wants them, for as long as the work takes. */
async function asMsp<T>(network: Network, agent: Agent, work: (msp: string) => Promise<T>): Promise<T> {
  const { code: province, slug } = agent.member.province;
  const identity = { ...agent, province };
  await networkWallet(network).signer(identity);
  const own = identityFolder(networkPaths(network.root).wallet, identity);
  const msp = mkdtempSync(join(tmpdir(), 'agency-'));
  try {
    cpSync(provincePaths(network.root, slug).msp, msp, { recursive: true });
    for (const part of ['keystore', 'signcerts']) mkdirSync(join(msp, part));
    // A link, not a copy: the key stays where it is.
    symlinkSync(join(own, 'key.pem'), join(msp, 'keystore/key.pem'));
    cpSync(join(own, 'certificate.pem'), join(msp, 'signcerts/certificate.pem'));
    return await work(msp);
  } finally {
    rmSync(msp, { recursive: true, force: true });
  }
}

/** The agent with the key that its record names, as the peer says that is asked for the endorsement anyway. */
async function withKey(network: Network, agent: Agent, endorsers: readonly Member[]): Promise<Agent> {
  if (agent.keyDigest !== undefined) return agent;
  const asked = endorsers.find((member) => member === agent.member) ?? endorsers[0] ?? agent.member;
  const record = await readRecord(network, agent.member, `agency~${agent.agencyId}`, asked);
  return typeof record?.keyDigest === 'string' ? { ...agent, keyDigest: record.keyDigest } : agent;
}

/**
 * Sends a transaction, endorsed by these provinces' peers, and waits until each of them has it.
 * @returns the program's code and words: a contract's refusal is in its complaint
 */
export async function invoke(
  network: Network,
  agent: Agent,
  call: readonly [name: string, argument: string],
  endorsers: readonly Member[] = network.definition.members,
  orderer = network.operated[0] ?? agent.member,
): Promise<Ran> {
  const flags = [...ON_CHANNEL, ...untilSeen(network.root, orderer), ...fromPeers(network.root, endorsers), '--waitForEvent'];
  const [name, argument] = call;
  const text = JSON.stringify({ function: name, Args: [argument] });
  return asMsp(network, await withKey(network, agent, endorsers), (msp) => {
    const run = peerCommand(network, agent.member, ['chaincode', 'invoke', ...flags, '-c', text]);
    return attempt({ ...run, environment: { ...run.environment, CORE_PEER_MSPCONFIGPATH: msp } });
  });
}

/** A record as one province's peer has it, its own without `asked`, parsed; undefined when there is none. @throws NetworkFault when the peer does not say */
export async function readRecord(
  network: Network,
  member: Member,
  recordKey: string,
  asked = member,
): Promise<Record<string, unknown> | undefined> {
  const text = JSON.stringify({ function: 'ledger:ReadRecord', Args: [recordKey] });
  const output = await runProgram(peerCommand(network, member, ['chaincode', 'query', ...ON_CHANNEL, '-c', text], asked));
  return output.trim() === '' ? undefined : JSON.parse(output);
}
