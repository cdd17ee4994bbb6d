/** The baseline's function: each item of a batch under a key of its own. */
export const PUT_KEYS = 'bench:PutKeys';
