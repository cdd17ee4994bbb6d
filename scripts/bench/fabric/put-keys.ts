/** The baseline's functions: each item of a batch under a key of its own. */

/** Where there was none: a look and a write for each. */
export const NEW_KEYS = 'bench:NewKeys';
/** Whatever there was: one message for each, and records that nobody protects from being written over. */
export const PUT_KEYS = 'bench:PutKeys';
