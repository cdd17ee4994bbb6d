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
const OPTIONAL: readonly CheckName[] = ['revocation', 'document'];

export interface Check {
  readonly name: CheckName;
  /** `skipped` when there was nothing to check it with, or a check before it left nothing to check */
  readonly result: 'pass' | 'fail' | 'unknown' | 'skipped';
  readonly code?: FaultCode;
  /** for people; the code is what programs read */
  readonly message?: string;
}

export const VERDICTS = ['holds', 'fails', 'unknown'] as const;

export interface Judgement {
  readonly verdict: (typeof VERDICTS)[number];
  readonly checks: readonly Check[];
}

export class Checks {
  readonly #done = new Map<CheckName, Check>();

  /** Runs a check; a Fault is its result, any other error is a mistake of ours. @returns what it found, undefined when it failed */
  async run<T>(name: CheckName, check: () => T | Promise<T>): Promise<T | undefined> {
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

  judgement(): Judgement {
    const checks = CHECKS.map((name): Check => this.#done.get(name) ?? { name, result: 'skipped' });
    const results = checks.map(({ result }) => result);
    if (results.includes('fail')) return { verdict: 'fails', checks };
    if (results.includes('unknown')) return { verdict: 'unknown', checks };
    const whole = checks.every(({ name, result }) => result === 'pass' || OPTIONAL.includes(name));
    return { verdict: whole ? 'holds' : 'fails', checks };
  }
}
