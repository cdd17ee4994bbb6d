/** Every function of every contract that writes, with how often it is tried. */
import type { Dice } from '../dice.js';
import type { Model } from '../state.js';
import type { Verb } from '../verb.js';
import { ANCHOR_VERBS } from './anchor-verbs.js';
import { CASE_VERBS } from './case-verbs.js';
import { CATALOGUE_VERBS } from './catalogue-verbs.js';
import { CERTIFICATE_VERBS } from './certificate-verbs.js';
import { CUSTODY_AND_SESSION_VERBS } from './custody-and-session-verbs.js';
import { GRANT_VERBS } from './grant-verbs.js';
import { HANDOFF_VERBS } from './handoff-verbs.js';
import { REGISTRY_VERBS } from './registry-verbs.js';

export const VERBS: readonly Verb[] = [
  ...CASE_VERBS,
  ...HANDOFF_VERBS,
  ...CUSTODY_AND_SESSION_VERBS,
  ...CERTIFICATE_VERBS,
  ...GRANT_VERBS,
  ...CATALOGUE_VERBS,
  ...REGISTRY_VERBS,
  ...ANCHOR_VERBS,
];

const WEIGHTED = VERBS.flatMap((verb) => Array.from({ length: verb.weight }, () => verb));

/** What most of a history is about, so that some get deep into one contract; '' is everything. */
export const THEMES = ['case:', '', 'grant:', 'case:', 'certificate:', 'catalogue:', 'registry:'] as const;
export type Theme = (typeof THEMES)[number];

/** Mostly one of the theme that has a ground to stand on: from the others there is little to learn. */
export function someVerb(model: Model, dice: Dice, theme: Theme): Verb {
  const tried = Array.from({ length: 12 }, () => dice.of(WEIGHTED));
  const [first = dice.of(WEIGHTED)] = tried;
  if (dice.chance(5)) return first;
  const grounded = tried.filter((verb) => verb.ground?.(model) ?? true);
  const onTheme = dice.chance(60) ? grounded.find((verb) => verb.fn.startsWith(theme)) : undefined;
  return onTheme ?? grounded[0] ?? first;
}
