/**
 * What the hashing thread is told, and what it answers; `id` tells documents apart. Blocks are memory that
 * both threads see: while one is with the hashing thread, nobody else touches it.
 */
export type SharedBlock = Uint8Array<SharedArrayBuffer>;

export type HashRequest =
  | { readonly id: number; readonly step: 'block'; readonly block: SharedBlock; readonly used: number }
  | { readonly id: number; readonly step: 'end' }
  | { readonly id: number; readonly step: 'drop' };

export type HashReply =
  | { readonly id: number; readonly step: 'taken' }
  | { readonly id: number; readonly step: 'digests'; readonly sha256: string; readonly sm3: string };
