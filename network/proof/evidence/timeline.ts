/** A case's entries: that all of them are there, in order and unaltered, and how the case stood on a day. */
import { Malformed, toHex } from '../bytes.js';
import { canonicalJson, type Json, type JsonObject, objectOf, stringOf } from '../canonical-json.js';
import { require } from '../faults.js';
import type { Primitives } from '../primitives.js';
import { instantOf } from './time.js';

const NO_ENTRY = '0'.repeat(64);

/** SHA-256 over the canonical JSON, 64 hex. */
export function hashOf(sha256: Primitives['sha256'], value: Json): string {
  return toHex(sha256(new TextEncoder().encode(canonicalJson(value))));
}

/**
 * Each entry holds the hash of the one before, and the signed record of the case the number of entries and the hash of
 * the last: none can be left out, put in, moved or altered. @throws Fault `proof.chain`
 */
export function requireChain(
  sha256: Primitives['sha256'],
  timeline: readonly JsonObject[],
  { entries, head }: { readonly entries?: Json; readonly head?: Json },
): void {
  let previous = NO_ENTRY;
  for (const [index, { hash, ...unsealed }] of timeline.entries()) {
    const isNext = unsealed.number === index + 1 && unsealed.previousHash === previous;
    require(isNext, 'proof.chain', `entry ${index + 1} is missing or does not follow on the one before`);
    require(hashOf(sha256, unsealed) === hash, 'proof.chain', `entry ${index + 1} is not what its hash is of`);
    previous = hash;
  }
  const isWhole = timeline.length === entries && previous === head;
  require(isWhole, 'proof.chain', 'the entries do not end as the signed record of the case says');
}

/** How a case stands after some of its entries. */
export interface CaseState {
  readonly status: string;
  /** credit code of the agency that holds it */
  readonly holder: string;
  /** whom it is offered to */
  readonly offeredTo?: string;
}

type Step = (state: CaseState, data: JsonObject) => CaseState;

const heldAgain: Step = ({ holder }) => ({ status: 'open', holder });
const heldBy: Step = (_state, data) => ({ status: 'open', holder: stringOf(objectOf(data.holder).agency) });

const STEPS: Readonly<Record<string, Step>> = {
  'handoff-offer': ({ holder }, data) => ({ status: 'offered', holder, offeredTo: stringOf(data.to) }),
  'handoff-acceptance': heldBy,
  'handoff-return': heldBy,
  'handoff-rejection': heldAgain,
  'handoff-recall': heldAgain,
  'handoff-lapse': heldAgain,
  decision: ({ holder }, { outcome }) => ({ status: outcome === 'withdrawn' ? 'withdrawn' : 'decided', holder }),
  closure: ({ holder }) => ({ status: 'closed', holder }),
};

/** What only the holder enters; the receiver of an offer answers it, and gives back what it holds. */
const HOLDERS = ['subcase', 'milestone', 'material', 'handoff-offer', 'handoff-recall', 'handoff-return'];
const HOLDERS_TOO = ['pause', 'resumption', 'decision', 'closure'];
const RECEIVERS = ['handoff-acceptance', 'handoff-rejection'];

function mayEnter(type: string, agency: string, state: CaseState): boolean {
  if (RECEIVERS.includes(type)) return agency === state.offeredTo;
  return agency === state.holder || ![...HOLDERS, ...HOLDERS_TOO].includes(type);
}

/** The state after an entry. @param before undefined for the opening @throws Malformed */
function after(before: CaseState | undefined, entry: JsonObject): CaseState {
  const type = stringOf(entry.type);
  const data = objectOf(entry.data);
  if (!before) return heldBy({ status: '', holder: '' }, data);
  return (STEPS[type] ?? ((state) => state))(before, data);
}

/** Every state of a case, that after entry n at n − 1. @throws Malformed */
export function statesOf(timeline: readonly JsonObject[]): CaseState[] {
  const states: CaseState[] = [];
  for (const entry of timeline) states.push(after(states.at(-1), entry));
  return states;
}

/** The state on a day, and since when; undefined before the opening. @throws Malformed */
export function stateAsOf(timeline: readonly JsonObject[], asOf: string): (CaseState & { readonly entries: number }) | undefined {
  // Recorded times never run backwards within a case.
  const entries = timeline.filter(({ time }) => instantOf(time) <= instantOf(asOf)).length;
  const state = statesOf(timeline.slice(0, entries)).at(-1);
  return state && { ...state, entries };
}

/** One holder at every moment, and only the holder moved the case. @throws Fault `proof.entitlement` */
export function requireHolders(timeline: readonly JsonObject[], { status, holder }: JsonObject): void {
  const states = statesOf(timeline);
  for (const [index, entry] of timeline.entries()) {
    const before = states[index - 1];
    const isOpening = entry.type === 'opening';
    if (isOpening !== (before === undefined)) throw new Malformed(`entry ${index + 1} cannot be an ${entry.type}`);
    const may = !before || mayEnter(stringOf(entry.type), stringOf(entry.agency), before);
    require(may, 'proof.entitlement', `entry ${index + 1} was not for ${entry.agency} to make`);
  }
  const last = states.at(-1);
  const agrees = last?.status === status && last?.holder === objectOf(holder).agency;
  require(agrees, 'proof.entitlement', 'the entries lead to another holder or status than the signed record has');
}
