/** Histories: sequences of steps, each made from numbers that fast-check generates and shrinks. */
import fc from 'fast-check';
import { Step } from './step.js';

export const histories = fc.commands(
  [fc.array(fc.nat(9999), { minLength: 80, maxLength: 80 }).map((numbers) => new Step(numbers))],
  { maxCommands: 60, size: 'max' },
);

/** Within `FAR_RUNS` histories from here every function is accepted and refused at least once. */
export const FAR_SEED = 102;
export const FAR_RUNS = 120;
