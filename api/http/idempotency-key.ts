import Type, { type Static } from 'typebox';

/** The header under which a client may repeat a write; any other header passes by. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9_-]{16,64}$',
      description: '幂等键：同键同内容返回首次结果。 Names this write: the same key and body give the first answer again.',
    }),
  ),
});

export type IdempotencyHeaders = Static<typeof IdempotencyHeaders>;
