/**
 * Envelopes on their way to the network, in the store: durable before one is sent, so that a process that
 * ends in between leaves its bytes to the next one, which sends the very same again. A settled one that is
 * forgotten too late costs a look-up, so forgetting it need not be on the disk; of one that was never sent it must be.
 */
import { prepare } from '../store/prepared.js';
import type { Store } from '../store/store.js';

export interface OutboxEntry {
  /** 64 hex */
  readonly transactionId: string;
  /** protobuf `common.Envelope` */
  readonly envelope: Uint8Array;
}

export interface StoreOutbox {
  /** Durable when it resolves. The same transaction put again is the same bytes. */
  put(entry: OutboxEntry): Promise<void>;
  settle(transactionId: string): Promise<void>;
  /** Durable when it resolves: no later process sends it. @throws Error when that is not certain */
  withdraw(transactionId: string): Promise<void>;
  pending(): Promise<readonly OutboxEntry[]>;
  /** Whether all that was here when it was opened is settled. */
  readonly isCaughtUp: () => boolean;
}

const putEnvelope = prepare((db, p) =>
  db
    .insertInto('outbox')
    .values({ transaction_id: p(0), envelope: p(1) })
    .onConflict((conflict) => conflict.column('transaction_id').doNothing()),
);

const forgetEnvelope = prepare((db, p) => db.deleteFrom('outbox').where('transaction_id', '=', p(0)));

export async function storeOutbox({ db, durable }: Pick<Store, 'db' | 'durable'>): Promise<StoreOutbox> {
  const pending = async () => {
    const rows = await db.selectFrom('outbox').selectAll().orderBy('transaction_id').execute();
    return rows.map(({ transaction_id, envelope }) => ({
      transactionId: transaction_id,
      envelope: new Uint8Array(Buffer.from(envelope, 'base64')),
    }));
  };
  const left = new Set((await pending()).map(({ transactionId }) => transactionId));
  return {
    put: async ({ transactionId, envelope }) => {
      await putEnvelope(durable, transactionId, Buffer.from(envelope).toString('base64'));
    },
    settle: async (transactionId) => {
      await forgetEnvelope(db, transactionId);
      left.delete(transactionId);
    },
    withdraw: async (transactionId) => {
      await forgetEnvelope(durable, transactionId);
      left.delete(transactionId);
    },
    pending,
    isCaughtUp: () => left.size === 0,
  };
}
