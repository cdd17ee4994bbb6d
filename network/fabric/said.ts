/** What several peers' answers to one proposal say together. */
import { createHash } from 'node:crypto';
import { ClockRefused, ProvincesDisagree, type Said } from '../errors.js';
import type { Answer, Endorsed } from './answer.js';

export function saidBy(answer: Answer): Said {
  const { mspId } = answer;
  if (answer.kind === 'endorsed') return { mspId, said: createHash('sha256').update(answer.payload).digest('hex') };
  return { mspId, said: answer.kind === 'refused' ? `refused with ${answer.refusal.code}` : answer.message };
}

/** Answers that say the same, the largest group first. */
export function groups<A extends Answer>(answers: readonly A[], said: (answer: A) => string): A[][] {
  const table = new Map<string, A[]>();
  for (const answer of answers) table.set(said(answer), [...(table.get(said(answer)) ?? []), answer]);
  return [...table.values()].sort((left, right) => right.length - left.length);
}

export function endorsedOf(answers: readonly Answer[]): Endorsed[] {
  return answers.filter((answer) => answer.kind === 'endorsed');
}

/** Nobody signs a refusal: one alone could invent it. */
export const ENOUGH_TO_REFUSE = 2;

function clockFault(message: string): ClockRefused {
  return new ClockRefused(
    `the peers refuse this machine's time: set its clock by NTP, and compare it with the peers' if it is right (${message})`,
  );
}

export interface Objection {
  readonly error: Error;
  readonly by: readonly string[];
  /** whether a peer that has more blocks may see it otherwise */
  readonly ofState: boolean;
}

/** What two provinces say against the proposal; undefined while there is nothing of the kind. */
export function objection(answers: readonly Answer[]): Objection | undefined {
  const refused = groups(
    answers.filter((answer) => answer.kind === 'refused'),
    ({ refusal }) => refusal.message,
  )[0];
  const failed = answers.filter((answer) => answer.kind === 'failed');
  const clock = answers.filter((answer) => answer.kind === 'clock');
  const found = [refused ?? [], failed, clock].find((group) => group.length >= ENOUGH_TO_REFUSE);
  const [first] = found ?? [];
  if (!found || !first) return undefined;
  const by = found.map(({ mspId }) => mspId);
  if (first.kind === 'refused') return { error: first.refusal, by, ofState: true };
  if (first.kind === 'clock') return { error: clockFault(first.message), by, ofState: false };
  return { error: new Error(`the contract failed: ${(first as { message: string }).message}`), by, ofState: true };
}

/** What an endorsement was executed on: the keys that it read, each with its version. */
export function readsOf({ response }: Endorsed): string {
  return JSON.stringify(response.reads);
}

/** Equal reads must give equal results: where they do not, code differs or somebody lies. */
export function disagreement(question: string, answers: readonly Answer[]): ProvincesDisagree | undefined {
  const byReads = groups(endorsedOf(answers), readsOf);
  const torn = byReads.some((group) => groups(group, ({ payload }) => payload.toString('base64')).length > 1);
  return torn ? new ProvincesDisagree(question, answers.map(saidBy)) : undefined;
}
