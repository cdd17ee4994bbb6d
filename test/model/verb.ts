/** One function of a contract as the model sees it: how it is called, and what the rules say about a call. */
import type { Role } from '../../chaincode/roles.js';
import type { Actor } from '../support/contract-world.js';
import type { Dice } from './dice.js';
import type { Model } from './state.js';

export type Input = Record<string, unknown>;

export interface Proposed {
  readonly actor: Actor;
  readonly input: Input;
}

export interface Call extends Proposed {
  /** the transaction's declared time, in milliseconds */
  readonly time: number;
  readonly transactionId: string;
}

/** A refusal's code; or what the answer must say, after the model has changed accordingly. */
export type Verdict = { readonly refused: string } | { readonly answer: Input };

export interface Verb {
  /** `contract:Function` */
  readonly fn: string;
  readonly roles: readonly Role[] | 'any';
  /** the field of the body that must begin with the digits of the caller's province */
  readonly clientId?: string;
  /** the field of the body that takes a code, where a personal number is tried */
  readonly codeField?: string;
  /** how often it is tried, relative to the others */
  readonly weight: number;
  /** whether there is anything yet that it could succeed on; always, when absent */
  readonly ground?: (model: Model) => boolean;
  readonly propose: (model: Model, dice: Dice) => Proposed;
  readonly judge: (model: Model, call: Call) => Verdict;
}

export const refused = (code: string): Verdict => ({ refused: code });
export const accepted = (answer: Input = {}): Verdict => ({ answer });

/** The one who should act, most of the time; otherwise anybody. */
export function actorOr(model: Model, dice: Dice, agencyId: string | undefined, ...roles: readonly Role[]): Actor {
  const anybody = dice.chance(92) ? model.actors(...roles) : model.actors();
  if (agencyId !== undefined && dice.chance(92)) return model.agency(agencyId).actor;
  return dice.of(anybody);
}

export const HOUR = 3_600_000;

export function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** An instant around now. */
export function around(model: Model, dice: Dice, hours: readonly number[]): string {
  return iso(model.now + dice.of(hours) * HOUR);
}

export const text = (input: Input, field: string): string => input[field] as string;
export const instant = (input: Input, field: string): number => Date.parse(input[field] as string);

/** A key of a map, of those that are there if there are any, else of the names that there could be. */
export function known<T>(dice: Dice, map: ReadonlyMap<string, T>, names: readonly string[]): string {
  return map.size > 0 && dice.chance(95) ? dice.of([...map.keys()]) : dice.of(names);
}

/** A name of the actor's province that nothing has yet, mostly; now and then one that is taken, or another's. */
export function freshName(dice: Dice, actor: Actor, names: readonly string[], taken: ReadonlyMap<string, unknown>): string {
  const own = names.filter((name) => name.startsWith(actor.province.slice(0, 2)));
  const free = own.filter((name) => !taken.has(name));
  if (free.length > 0 && dice.chance(85)) return dice.of(free);
  return dice.of(own.length > 0 && dice.chance(80) ? own : names);
}
