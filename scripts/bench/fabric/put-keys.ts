/** The baseline's function: each item of a batch under a key of its own, where there was none. */
export const PUT_KEYS = 'bench:PutKeys';
