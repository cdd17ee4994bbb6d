/** Rows of submissions: claimed before anything leaves this process, answered once, found again by their key. */

import type { HttpAnswer } from '../http/answer.js';
import type { SubmissionTable } from '../store/off-chain-tables.js';
import { prepare } from '../store/prepared.js';
import type { Store } from '../store/store.js';
import type { Command } from './command.js';

export type SubmissionRow = SubmissionTable;

const insertRow = prepare((db, p) =>
  db
    .insertInto('submission')
    .values({
      agency: p(0),
      operation: p(1),
      fingerprint: p(2),
      state: 'running',
      process: p(3),
      function: p(4),
      input: p(5),
      context: p(6),
      created_at: p(7),
    })
    .onConflict((conflict) => conflict.columns(['agency', 'operation']).doNothing())
    .returning('operation'),
);

const selectRow = prepare((db, p) =>
  db.selectFrom('submission').selectAll().where('agency', '=', p(0)).where('operation', '=', p(1)),
);

const pendRow = prepare((db, p) =>
  db
    .updateTable('submission')
    .set({ state: 'pending', transaction_id: p(0), status: p(1), headers: p(2), body: p(3) })
    .where('agency', '=', p(4))
    .where('operation', '=', p(5)),
);

/** What the answer was made from is needed no more: the row stays about as long as it was. */
const finishRow = prepare((db, p) =>
  db
    .updateTable('submission')
    .set({ state: 'done', input: '', context: '', transaction_id: p(0), status: p(1), headers: p(2), body: p(3) })
    .where('agency', '=', p(4))
    .where('operation', '=', p(5)),
);

const deleteRow = prepare((db, p) => db.deleteFrom('submission').where('agency', '=', p(0)).where('operation', '=', p(1)));

export interface RowKey {
  readonly agency: string;
  readonly operation: string;
}

/** @returns whether the row is this caller's; false when there already is one */
export async function claim(
  store: Store,
  { agency, operation }: RowKey,
  command: Command,
  process: string,
  now: string,
): Promise<boolean> {
  const { fingerprint, input, context } = command;
  const rows = await insertRow(
    store.db,
    agency,
    operation,
    fingerprint,
    process,
    command.function,
    JSON.stringify(input),
    JSON.stringify(context),
    now,
  );
  return rows.length === 1;
}

export async function findSubmission(store: Store, { agency, operation }: RowKey): Promise<SubmissionRow | undefined> {
  const [row] = await selectRow(store.db, agency, operation);
  return row;
}

export async function putAnswer(
  store: Store,
  { agency, operation }: RowKey,
  state: 'pending' | 'done',
  transactionId: string | null,
  answer: HttpAnswer,
): Promise<void> {
  const put = state === 'done' ? finishRow : pendRow;
  const { status, headers, body } = answer;
  await put(store.db, transactionId, status, JSON.stringify(headers), body, agency, operation);
}

/** Forgets a write that changed nothing, so that the same key may try again. */
export async function forget(store: Store, { agency, operation }: RowKey): Promise<void> {
  await deleteRow(store.db, agency, operation);
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

/** What earlier processes left open. */
export function findOrphans(store: Store, process: string): Promise<SubmissionRow[]> {
  return store.db
    .selectFrom('submission')
    .selectAll()
    .where('state', 'in', ['running', 'pending'])
    .where('process', '!=', process)
    .execute();
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
