/** What the hashing thread is told, and what it answers; `id` tells documents apart. */
export type HashRequest =
  | { readonly id: number; readonly step: 'chunk'; readonly bytes: Uint8Array }
  | { readonly id: number; readonly step: 'end' }
  | { readonly id: number; readonly step: 'drop' };

export type HashReply =
  | { readonly id: number; readonly step: 'taken'; readonly size: number }
  | { readonly id: number; readonly step: 'digests'; readonly sha256: string; readonly sm3: string };
