/** What the hashing thread is told, and what it answers; `id` tells documents apart. Blocks go there and come back. */
export type HashRequest =
  | { readonly id: number; readonly step: 'block'; readonly block: Uint8Array<ArrayBuffer>; readonly used: number }
  | { readonly id: number; readonly step: 'end' }
  | { readonly id: number; readonly step: 'drop' };

export type HashReply =
  | { readonly id: number; readonly step: 'taken'; readonly block: Uint8Array<ArrayBuffer> }
  | { readonly id: number; readonly step: 'digests'; readonly sha256: string; readonly sm3: string };
