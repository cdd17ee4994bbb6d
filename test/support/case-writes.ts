/** Whole records that a step of a case must write, made apart from the contract, and a call that compares them. */
import { expect } from 'vitest';
import type { CaseRecord } from '../../chaincode/transactions/case/case-record.js';
import type { EntryType } from '../../chaincode/transactions/case/entry.js';
import { type CaseWorld, canonical } from './case-world.js';
import type { Accepted, Actor } from './contract-world.js';
import { hash } from './digests.js';
import { writeSet } from './write-set.js';

const numbered = (number: number) => String(number).padStart(8, '0');

type Records = Readonly<Record<string, unknown>>;

export interface Step {
  readonly type: EntryType;
  /** the entry's data */
  readonly data: object;
  /** in what the case differs from before, besides its entries, head and recorded time; `undefined` for what goes */
  readonly changes?: Records;
  /** what is written besides the case and its entry */
  readonly others?: Records;
}

export interface ExpectedStep extends Step {
  /** which of the written records is the answer */
  readonly answer: 'case' | 'entry' | 'handoff' | 'session';
}

/** Who took a step, in which transaction, the time that it must be recorded at, and the records before it. */
export interface Taken {
  readonly agency: string;
  readonly transaction: string;
  readonly time: string;
  readonly was: (key: string) => Record<string, unknown> | undefined;
}

/** The case and its next entry, chained by hashing of its own, and the others. */
export function stepWrites(caseId: string, { was, ...taken }: Taken, { type, data, changes, others }: Step): Records {
  const before = was(`case~${caseId}`) as CaseRecord | undefined;
  const number = (before?.entries ?? 0) + 1;
  const unsealed = { number, type, ...taken, previousHash: before?.head ?? '0'.repeat(64), data };
  const head = hash(canonical(unsealed));
  return {
    [`case~${caseId}`]: { ...before, ...changes, entries: number, head, recordedAt: taken.time },
    [`entry~${caseId}~${numbered(number)}`]: { ...unsealed, hash: head },
    ...others,
  };
}

/** A party's record; `accepted` counts the hand-offs that it accepted and did not return. */
export function partyWrite(caseId: string, { agencyId }: Actor, accepted: number, recordedAt: string): Records {
  return { [`case-party~${caseId}~${agencyId}`]: { caseId, agencyId, accepted, recordedAt } };
}

/** A hand-off as it is after a step: as it was but for the changes. */
export function handoffWrite(
  { was }: Taken,
  path: { readonly caseId: string; readonly handoff: number },
  changes: Records,
): Records {
  const key = `handoff~${path.caseId}~${numbered(path.handoff)}`;
  return { [key]: { ...was(key), ...changes } };
}

/** @param here the world, which a test file makes before its first test */
export function caseSteps(here: () => CaseWorld) {
  return {
    /** Runs a case's function and compares its whole write set and its answer with what the step must write. */
    step: async (
      actor: Actor,
      verb: string,
      input: { readonly caseId: string },
      expected: (taken: Taken) => ExpectedStep,
    ): Promise<Accepted> => {
      const { world } = here();
      const before = new Map(world.state);
      const time = new Date(world.now).toISOString();
      const accepted = await world.submit(actor, `case:${verb}`, input);
      const was = (key: string) => {
        const found = before.get(key);
        return found && (JSON.parse(Buffer.from(found.value).toString('utf8')) as Record<string, unknown>);
      };
      const taken = { agency: actor.agencyId, transaction: accepted.transactionId, time, was };
      const { answer, ...step } = expected(taken);
      const writes = stepWrites(input.caseId, taken, step);
      expect(writeSet(accepted, actor, `case:${verb}`)).toEqual(writes);
      const key = Object.keys(writes).find((one) => one.startsWith(`${answer}~${input.caseId}`)) ?? '';
      expect(accepted.record).toEqual(writes[key]);
      return accepted;
    },
  };
}
