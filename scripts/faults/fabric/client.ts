/** A client of the Fabric ledger that writes down what it asked and what it was told. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '../../../chaincode/errors.js';
import { type ProvinceCode, provinceOf } from '../../../chaincode/provinces.js';
import type { Role } from '../../../chaincode/roles.js';
import { encodeArgument } from '../../../chaincode/runtime/argument.js';
import { key } from '../../../chaincode/state/keys.js';
import { LedgerConflict, LedgerUnavailable, OutcomeUnknown, TransactionInvalid } from '../../../network/errors.js';
import { type Fabric, type FabricOptions, openFabric } from '../../../network/fabric/open.js';
import { memoryOutbox } from '../../../network/fabric/outbox.js';
import type { Invocation } from '../../../network/ledger.js';
import { type HistoryEvent, type Listener, now } from '../history/history.js';

export interface Agency {
  readonly agencyId: string;
  readonly province: ProvinceCode;
  readonly roles: readonly Role[];
}

/** How an attempt ended, with the contract's answer to one that was committed. */
export type Told =
  | {
      readonly kind: 'ok';
      readonly transactionId: string;
      readonly block?: number;
      readonly payload?: string;
      /** MSP ids of the provinces whose peers endorsed it */
      readonly endorsers?: readonly string[];
      readonly milliseconds: number;
    }
  | { readonly kind: 'failed'; readonly error: Error; readonly milliseconds: number }
  | { readonly kind: 'unknown'; readonly transactionId: string; readonly milliseconds: number };

/** For messages. */
export function saidOf(told: Told | undefined): string {
  return told?.kind === 'failed' ? `${told.error.name}: ${told.error.message}` : String(told?.kind);
}

export interface Write {
  readonly agency: Agency;
  readonly operation: string;
  readonly function: string;
  readonly input: object;
}

/** What the port may answer with when nothing was written; anything else is a defect of the adapter. */
function isOfThePort(error: unknown): boolean {
  return [Refusal, LedgerConflict, LedgerUnavailable, TransactionInvalid].some((kind) => error instanceof kind);
}

export class Client {
  readonly fabric: Fabric;
  /** errors that the port does not promise, in words */
  readonly strange: string[] = [];
  readonly #name: string;
  readonly #listener: Listener;
  /** transactions of which nothing certain was told yet, and whose they are */
  readonly #open = new Map<string, Pick<HistoryEvent, 'writer' | 'operation' | 'attempt'>>();

  constructor(name: string, fabric: Fabric, listener: Listener) {
    this.#name = name;
    this.fabric = fabric;
    this.#listener = listener;
  }

  get unresolved(): number {
    return this.#open.size;
  }

  async invocation({ agency, operation, function: name, input }: Write): Promise<Invocation> {
    return { signer: await this.fabric.wallet.signer(agency), function: name, argument: encodeArgument({ operation, input }) };
  }

  async write(write: Write): Promise<Told> {
    const invocation = await this.invocation(write);
    const common = {
      writer: this.#name,
      operation: key('operation', write.agency.agencyId, write.operation),
      attempt: randomUUID(),
    };
    const log = this.#listener;
    const begun = performance.now();
    const milliseconds = () => Math.round(performance.now() - begun);
    log({ at: now(), ...common, event: 'invoke' });
    const prepared = (transactionId: string) => log({ at: now(), ...common, event: 'prepared', transactionId });
    try {
      const { transactionId, block, position, payload, endorsers } = await this.fabric.ledger.submit(invocation, prepared);
      log({ at: now(), ...common, event: 'ok', transactionId, block, position });
      return { kind: 'ok', transactionId, block, payload, endorsers, milliseconds: milliseconds() };
    } catch (error) {
      if (error instanceof OutcomeUnknown) {
        const { transactionId } = error;
        this.#open.set(transactionId, common);
        log({ at: now(), ...common, event: 'unknown', transactionId });
        return { kind: 'unknown', transactionId, milliseconds: milliseconds() };
      }
      if (error instanceof Refusal && error.code === 'operation.applied') {
        const transactionId = String(error.facts.transaction);
        log({ at: now(), ...common, event: 'ok', transactionId });
        return { kind: 'ok', transactionId, milliseconds: milliseconds() };
      }
      if (!isOfThePort(error)) this.strange.push(`${write.function} ended with ${String(error)}`);
      const reason = error instanceof Refusal ? error.code : `${(error as Error).name}: ${(error as Error).message}`;
      log({ at: now(), ...common, event: 'failed', reason });
      return { kind: 'failed', error: error as Error, milliseconds: milliseconds() };
    }
  }

  /** Asks for what is unknown until all of it is certain. @returns ids that are not after so long */
  async resolve(patience: number): Promise<string[]> {
    for (const deadline = Date.now() + patience; this.#open.size > 0 && Date.now() < deadline; await pause(250))
      for (const [transactionId, common] of this.#open) {
        const told = await this.fabric.ledger.transactionStatus(transactionId).catch(() => undefined);
        if (!told || told.status === 'pending') continue;
        this.#listener({ at: now(), ...common, event: 'resolved', transactionId, status: told.status });
        this.#open.delete(transactionId);
      }
    return [...this.#open.keys()];
  }

  close(): Promise<void> {
    return this.fabric.ledger.close();
  }
}

export async function openClient(
  name: string,
  listener: Listener,
  options: Partial<FabricOptions> & Pick<FabricOptions, 'profileFile'>,
): Promise<Client> {
  return new Client(name, await openFabric({ outbox: memoryOutbox(), ...options }), listener);
}

export function registrarOf({ fabric }: Client, province: ProvinceCode): Agency {
  const found = fabric.registrars.find((registrar) => registrar.province === province);
  if (!found) throw new Error(`${provinceOf(province).mspId} has no registrar`);
  return { ...found, roles: ['registrar'] };
}

/** A record as the ledger answers it, empty where it has none. @throws Refusal, LedgerUnavailable */
export async function readRecord({ fabric }: Client, agency: Agency, recordKey: string): Promise<string> {
  const signer = await fabric.wallet.signer(agency);
  return fabric.ledger.evaluate({ signer, function: 'ledger:ReadRecord', argument: recordKey });
}

/** Whether the agency's record can be read now. */
export async function canRead(client: Client, agency: Agency | undefined): Promise<boolean> {
  if (!agency) return false;
  return readRecord(client, agency, key('agency', agency.agencyId)).then(
    (record) => record.includes(agency.agencyId),
    () => false,
  );
}
