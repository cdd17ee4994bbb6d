/** What every rehearsed runbook needs: a running network, writes by a registrar, and figures. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { creditCodeCheck } from '../../../chaincode/identifiers/credit-code.js';
import type { Role } from '../../../chaincode/roles.js';
import { encodeArgument } from '../../../chaincode/runtime/argument.js';
import type { Member } from '../../definition/definition.js';
import { type Agent, invoke, networkWallet, readRecord, registrarOf } from '../as-agency.js';
import type { Network } from '../commands.js';
import { NetworkFault } from '../fault.js';
import { metricsOf } from '../metrics.js';

/** What was seen of a runbook: `check` in words, whether it held, and how long what it names took. */
export interface Seen {
  readonly runbook: string;
  readonly check: string;
  readonly held: boolean;
  readonly seconds: number;
}

const PATIENCE_MS = 150_000;

export class Stage {
  readonly network: Network;
  readonly seen: Seen[] = [];
  readonly #tell: (seen: Seen) => void;
  #runbook = '';

  constructor(network: Network, tell: (seen: Seen) => void) {
    this.network = network;
    this.#tell = tell;
  }

  get members(): readonly [Member, Member, Member, Member] {
    return this.network.definition.members as unknown as readonly [Member, Member, Member, Member];
  }

  begin(runbook: string): void {
    this.#runbook = runbook;
  }

  /** Does something, and notes how long it took and whether it came out as it should. An error is noted as not held. */
  async check(check: string, work: () => Promise<unknown>): Promise<void> {
    const began = performance.now();
    let held = false;
    let said = '';
    try {
      held = (await work()) !== false;
    } catch (error) {
      said = `: ${(error instanceof Error ? error.message : String(error)).slice(0, 400)}`;
    }
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    const seen = { runbook: this.#runbook, check: `${check}${said}`, held, seconds };
    this.seen.push(seen);
    this.#tell(seen);
  }

  /** Waits for a condition; false when it does not come in time. What a node cannot say yet is asked again. */
  async until(condition: () => Promise<boolean>): Promise<boolean> {
    const holds = () => condition().catch((error) => (error instanceof NetworkFault ? false : Promise.reject(error)));
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(100)) if (await holds()) return true;
    return false;
  }

  /** The contract's words when it refuses, or the network's; empty when the transaction is valid. */
  async write(agent: Agent, name: string, input: object, endorsers?: readonly Member[], orderer?: Member): Promise<string> {
    const argument = encodeArgument({ operation: randomBytes(16).toString('hex'), input });
    const { code, complaint } = await invoke(this.network, agent, [name, argument], endorsers, orderer);
    return code === 0 ? '' : complaint;
  }

  /** Registers an agency whose key is in the network's wallet. @throws NetworkFault with the refusal */
  async agency(
    member: Member,
    roles: readonly Role[],
    by = registrarOf(member),
    endorsers?: readonly Member[],
    orderer?: Member,
  ): Promise<Agent> {
    const body = `11${member.province.code}R${randomBytes(4)
      .toString('hex')
      .toUpperCase()
      .replace(/[OISZV]/g, 'A')}`.slice(0, 17);
    const agencyId = body + creditCodeCheck(body);
    const keyDigest = await networkWallet(this.network).keyDigest(agencyId, member.province.code);
    const { code } = member.province;
    const input = { agencyId, name: { zh: '演练机构' }, divisionCode: code, kind: 'department', roles, keyDigest };
    const refused = await this.write(by, 'registry:RegisterAgency', input, endorsers, orderer);
    if (refused) throw new NetworkFault(refused);
    return { agencyId, member, roles };
  }

  record(member: Member, agencyId: string): Promise<Record<string, unknown> | undefined> {
    return readRecord(this.network, member, `agency~${agencyId}`);
  }

  async height({ ports }: Member): Promise<number> {
    return (await metricsOf(ports.peerOperations))?.get('ledger_blockchain_height') ?? 0;
  }

  /** Whether a province's peer comes to the height that another has now. */
  async catchesUp(member: Member, with_: Member): Promise<boolean> {
    const wanted = await this.height(with_);
    return this.until(async () => (await this.height(member)) >= wanted);
  }
}
