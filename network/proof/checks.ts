/** Named checks and the verdict computed from them. */
import { Fault, type FaultCode, UNDECIDED } from './faults.js';

/** In the order in which a report shows them. */
export const CHECKS = [
  'form',
  'signatures',
  'answer',
  'ledger',
  'records',
  'signers',
  'revocation',
  'assurance',
  'document',
] as const;
export type CheckName = (typeof CHECKS)[number];

/** Checks for which a reader may have nothing to check with. No receipt holds with any other one left out. */
export const OPTIONAL: readonly CheckName[] = ['revocation', 'document'];

export const VERDICTS = ['holds', 'fails', 'unknown'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface NamedCheck<Name extends string> {
  readonly name: Name;
  /** `skipped` when there was nothing to check it with, or a check before it left nothing to check */
  readonly result: 'pass' | 'fail' | 'unknown' | 'skipped';
  readonly code?: FaultCode;
  /** for people; the code is what programs read */
  readonly message?: string;
}

export type Check = NamedCheck<CheckName>;

export class Checks<Name extends string> {
  readonly #done = new Map<Name, NamedCheck<Name>>();

  /** Runs a check; a Fault is its result, any other error is a mistake of ours. @returns what it found, undefined when it failed */
  async run<T>(name: Name, check: () => T | Promise<T>): Promise<T | undefined> {
    try {
      const found = await check();
      this.#done.set(name, { name, result: 'pass' });
      return found;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const undecided = (UNDECIDED as readonly string[]).includes(error.code);
      this.#done.set(name, { name, result: undecided ? 'unknown' : 'fail', code: error.code, message: error.message });
      return undefined;
    }
  }

  /** The checks of these names, in this order; one that did not run is the one given, or skipped. */
  list(names: readonly Name[], others: readonly NamedCheck<Name>[] = []): NamedCheck<Name>[] {
    return names.map(
      (name) => this.#done.get(name) ?? others.find((other) => other.name === name) ?? { name, result: 'skipped' },
    );
  }
}

/** @param optional checks that may be skipped */
export function verdictOf(checks: readonly NamedCheck<string>[], optional: readonly string[] = OPTIONAL): Verdict {
  const results = checks.map(({ result }) => result);
  if (results.includes('fail')) return 'fails';
  if (results.includes('unknown')) return 'unknown';
  return checks.every(({ name, result }) => result === 'pass' || optional.includes(name)) ? 'holds' : 'fails';
}
