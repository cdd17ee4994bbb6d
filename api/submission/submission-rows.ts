/** Rows of submissions: the answers that were given, found again by their key. */
import type { HttpAnswer } from '../http/answer.js';
import type { SubmissionTable } from '../store/off-chain-tables.js';
import { prepare } from '../store/prepared.js';
import type { Store } from '../store/store.js';
import type { Operation } from './attempt.js';
import type { Command } from './command.js';

export type SubmissionRow = SubmissionTable;

/** The final answer takes the place of a 202, and of nothing else. */
const putRow = prepare((db, p) =>
  db
    .insertInto('submission')
    .values({
      agency: p(0),
      operation: p(1),
      fingerprint: p(2),
      state: p(3),
      function: p(4),
      input: p(5),
      context: p(6),
      transaction_id: p(7),
      status: p(8),
      headers: p(9),
      body: p(10),
      created_at: p(11),
    })
    .onConflict((conflict) =>
      conflict
        .columns(['agency', 'operation'])
        .doUpdateSet((eb) => ({
          state: eb.ref('excluded.state'),
          input: eb.ref('excluded.input'),
          context: eb.ref('excluded.context'),
          transaction_id: eb.ref('excluded.transaction_id'),
          status: eb.ref('excluded.status'),
          headers: eb.ref('excluded.headers'),
          body: eb.ref('excluded.body'),
        }))
        .where('submission.state', '=', 'pending'),
    ),
);

const selectRow = prepare((db, p) =>
  db.selectFrom('submission').selectAll().where('agency', '=', p(0)).where('operation', '=', p(1)),
);

export interface RowKey {
  readonly agency: string;
  readonly operation: string;
}

export async function findSubmission(store: Store, { agency, operation }: RowKey): Promise<SubmissionRow | undefined> {
  const [row] = await selectRow(store.db, agency, operation);
  return row;
}

export interface Given {
  readonly state: 'pending' | 'done';
  /** the transaction that a 202 names, or the one that carried the write */
  readonly transactionId: string | null;
  readonly answer: HttpAnswer;
  readonly now: string;
}

/** Only a pending write is sent again: what it was made from is kept as long as it is. */
export async function putAnswer(
  store: Store,
  { agency, operation, function: name, asked, input }: Operation,
  { fingerprint, context }: Pick<Command, 'fingerprint' | 'context'>,
  { state, transactionId, answer, now }: Given,
): Promise<void> {
  const [kept, made] = state === 'pending' ? [JSON.stringify({ asked, input }), JSON.stringify(context)] : ['', ''];
  const { status, headers, body } = answer;
  const told = [status, JSON.stringify(headers), body] as const;
  await putRow(store.db, agency, operation, fingerprint, state, name, kept, made, transactionId, ...told, now);
}

/** Remembers under which write a transaction id was told to a client. */
export async function announce(store: Store, { agency, operation }: RowKey, id: string): Promise<void> {
  await store.db
    .insertInto('announced_transaction')
    .values({ id, agency, operation })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** The write that an announced transaction belongs to. */
export function findAnnounced(store: Store, id: string): Promise<SubmissionRow | undefined> {
  return store.db
    .selectFrom('announced_transaction')
    .innerJoin('submission', (join) =>
      join
        .onRef('submission.agency', '=', 'announced_transaction.agency')
        .onRef('submission.operation', '=', 'announced_transaction.operation'),
    )
    .selectAll('submission')
    .where('announced_transaction.id', '=', id)
    .executeTakeFirst();
}

/** Writes whose clients were told 202 and nothing since. */
export function findPending(store: Store): Promise<SubmissionRow[]> {
  return store.db.selectFrom('submission').selectAll().where('state', '=', 'pending').execute();
}

/** Deletes final answers older than an instant; their operations stay on the ledger, which refuses them for ever. */
export async function prune(store: Store, before: string): Promise<void> {
  await store.db.deleteFrom('submission').where('state', '=', 'done').where('created_at', '<', before).execute();
}

/** The answer a row holds. */
export function storedAnswer(row: SubmissionRow): HttpAnswer | undefined {
  if (row.status === null || row.headers === null || row.body === null) return undefined;
  return { status: row.status, headers: JSON.parse(row.headers), body: row.body };
}
