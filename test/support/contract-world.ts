/**
 * The contracts alone, through fabric-shim's dispatcher, over state in memory: what contract tests
 * run in. Each accepted transaction is committed at once as a block of its own.
 */
import { randomBytes, X509Certificate } from 'node:crypto';
import { parseRefusal, type Refusal } from '../../chaincode/errors.js';
import { creditCodeCheck } from '../../chaincode/identifiers/credit-code.js';
import { PROVINCES, type ProvinceCode, provinceOf } from '../../chaincode/provinces.js';
import type { Role } from '../../chaincode/roles.js';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { createDispatcher, type Dispatcher } from '../../network/embedded/dispatcher.js';
import { type Simulation, simulate, type VersionedValue } from '../../network/embedded/simulation.js';
import {
  type AuthorityMaterial,
  createAuthority,
  generateKeyPair,
  issueCertificate,
  keyDigestOf,
} from '../../network/identity/authority.js';

export interface Actor {
  readonly agencyId: string;
  readonly province: ProvinceCode;
  readonly mspId: string;
  readonly certificate: string;
  readonly keyDigest: string;
  readonly roles: readonly Role[];
}

export interface Accepted {
  readonly transactionId: string;
  readonly record: Record<string, unknown>;
  readonly simulation: Simulation;
}

let serial = 0;

/** A fresh valid credit code of a province (GB 32100). */
export function freshAgencyId(province: ProvinceCode): string {
  const body = `11${province}${String(++serial).padStart(8, '0')}X`.slice(0, 17);
  return body + creditCodeCheck(body);
}

export class ContractWorld {
  readonly state = new Map<string, VersionedValue>();
  readonly #dispatcher: Dispatcher;
  readonly #authorities: Map<ProvinceCode, AuthorityMaterial>;
  readonly registrars = new Map<ProvinceCode, Actor>();
  /** the clock that transactions declare, in milliseconds; tests move it */
  now = Date.parse('2026-11-02T01:00:00.000Z');
  #block = 0;

  private constructor(dispatcher: Dispatcher, authorities: Map<ProvinceCode, AuthorityMaterial>) {
    this.#dispatcher = dispatcher;
    this.#authorities = authorities;
  }

  /** A ledger with its four founding registrars. */
  static async create(): Promise<ContractWorld> {
    const authorities = new Map<ProvinceCode, AuthorityMaterial>();
    const now = Date.parse('2026-11-01T00:00:00Z');
    for (const province of PROVINCES) authorities.set(province.code, await createAuthority(province.mspId, province.slug, now));
    const world = new ContractWorld(await createDispatcher(), authorities);
    for (const { code } of PROVINCES) {
      const registrar = await world.identity(code, ['registrar']);
      world.registrars.set(code, registrar);
      await world.submit(registrar, 'registry:FoundRegistrar', {});
    }
    return world;
  }

  get dispatcher(): Dispatcher {
    return this.#dispatcher;
  }

  /** An identity under a province's authority that the ledger does not know yet. */
  async identity(
    province: ProvinceCode,
    roles: readonly Role[],
    agencyId = freshAgencyId(province),
    keyPair?: Awaited<ReturnType<typeof generateKeyPair>>,
  ): Promise<Actor> {
    const keys = keyPair ?? (await generateKeyPair());
    const certificate = await this.#certificate(province, roles, agencyId, keys.publicKey);
    return { agencyId, province, mspId: provinceOf(province).mspId, certificate, keyDigest: keyDigestOf(keys.publicKey), roles };
  }

  /** The same agency and key under a certificate that names other roles. */
  async withRoles(actor: Actor, roles: readonly Role[]): Promise<Actor> {
    const publicKey = new X509Certificate(actor.certificate).publicKey.export({ type: 'spki', format: 'pem' }) as string;
    return { ...actor, roles, certificate: await this.#certificate(actor.province, roles, actor.agencyId, publicKey) };
  }

  #certificate(province: ProvinceCode, roles: readonly Role[], agencyId: string, publicKey: string): Promise<string> {
    const authority = this.#authorities.get(province);
    if (!authority) throw new Error(`no authority for ${province}`);
    const attributes = { agency: agencyId, roles: roles.join(',') };
    return issueCertificate(authority, { commonName: agencyId, unit: 'client', publicKey, attributes, days: 365, now: this.now });
  }

  /** A registered agency with the roles asked for. */
  async agency(province: ProvinceCode, roles: readonly Role[], kind = 'department'): Promise<Actor> {
    const actor = await this.identity(province, roles);
    const registrar = this.registrars.get(province);
    if (!registrar) throw new Error(`no registrar for ${province}`);
    await this.submit(registrar, 'registry:RegisterAgency', {
      agencyId: actor.agencyId,
      name: { zh: `机构${serial}` },
      divisionCode: province,
      kind,
      roles,
      keyDigest: actor.keyDigest,
    });
    return actor;
  }

  /** Simulates without committing. */
  simulate(actor: Actor, fn: string, argument?: string, transactionId = randomBytes(32).toString('hex')): Promise<Simulation> {
    return simulate(this.#dispatcher, this.state, {
      transactionId,
      channel: 'delta',
      chaincode: 'trust',
      timestamp: this.now,
      creator: { mspId: actor.mspId, certificate: actor.certificate },
      args: argument === undefined ? [fn] : [fn, argument],
    });
  }

  /** Runs and commits. @throws Refusal as the contract gave it, after checking that it wrote nothing */
  async submit(actor: Actor, fn: string, input: object, operation = randomBytes(16).toString('hex')): Promise<Accepted> {
    const transactionId = randomBytes(32).toString('hex');
    const simulation = await this.simulate(actor, fn, encodeArgument({ operation, input }), transactionId);
    if (simulation.status !== 200) {
      if (simulation.writes.length > 0) throw new Error(`${fn} was refused and wrote ${simulation.writes.map((w) => w.key)}`);
      throw parseRefusal(simulation.message) ?? new Error(simulation.message);
    }
    this.#block += 1;
    const version = { block: this.#block, position: 0 };
    for (const write of simulation.writes) {
      if (write.value === undefined) this.state.delete(write.key);
      else this.state.set(write.key, { value: write.value, version });
    }
    this.now += 1000;
    return { transactionId, record: JSON.parse(Buffer.from(simulation.payload).toString('utf8')), simulation };
  }

  /** The code the contract refuses with; fails when it accepts. */
  async refusal(actor: Actor, fn: string, input: object, operation?: string): Promise<Refusal> {
    try {
      await this.submit(actor, fn, input, operation);
    } catch (error) {
      if (error instanceof Error && error.name === 'Refusal') return error as Refusal;
      throw error;
    }
    throw new Error(`${fn} was accepted`);
  }

  /** The record under a key, parsed. */
  read<T = Record<string, unknown>>(stateKey: string): T | undefined {
    const found = this.state.get(stateKey);
    return found ? (JSON.parse(Buffer.from(found.value).toString('utf8')) as T) : undefined;
  }
}

/** The keys a transaction wrote, in byte order. */
export function writtenKeys(accepted: Accepted): string[] {
  return accepted.simulation.writes.map((write) => write.key);
}
