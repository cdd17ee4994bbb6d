/** Histories: sequences of steps, each made from numbers that fast-check generates and shrinks. */
import fc from 'fast-check';
import { Step } from './step.js';

export const histories = fc.commands(
  [fc.array(fc.nat(9999), { minLength: 24, maxLength: 24 }).map((numbers) => new Step(numbers))],
  { maxCommands: 60, size: 'max' },
);

/** Within `FAR_RUNS` histories from here every function is accepted at least once. */
export const FAR_SEED = 310_000;
export const FAR_RUNS = 250;
