/**
 * The receipt of a transaction: the record of its operation, which names it and never changes, and the
 * records it wrote, as they stand now. Those that it was the last to write have its place as their version.
 */
import { parseKey } from '../../chaincode/state/keys.js';
import type { LedgerTransaction } from '../../network/ledger.js';
import type { Principal } from '../auth/principal.js';
import type { Deps } from '../deps.js';
import { Problem } from '../http/problem.js';
import { recordLook } from '../store/read-log.js';
import { transactionStatus } from '../submission/transaction-status.js';
import { askerFor } from './asker.js';
import { attestRecords } from './attest-records.js';
import { readableKeys } from './readable-keys.js';

async function transactionIn({ ledger }: Deps, block: number, id: string): Promise<LedgerTransaction | undefined> {
  const reading = new AbortController();
  try {
    for await (const { transactions } of ledger.blocks(block, reading.signal)) return transactions.find((each) => each.id === id);
  } finally {
    reading.abort();
  }
  return undefined;
}

/** @throws Problem `receipt.not-found` for what is no valid transaction of an agency */
async function findTransaction(deps: Deps, id: string): Promise<LedgerTransaction> {
  const status = await transactionStatus(deps, id);
  const carried = status.transaction ?? id;
  const found = status.status === 'valid' && (await transactionIn(deps, status.block as number, carried));
  if (!found) throw new Problem('receipt.not-found');
  return found;
}

/**
 * Asked anew each time, so that the receipt says how things stand now. The look is recorded first.
 * @throws Problem `receipt.not-found`, `auth.agency`, `ledger.unavailable`
 */
export async function transactionReceipt(deps: Deps, principal: Principal, id: string): Promise<string> {
  const transaction = await findTransaction(deps, id);
  const keys = transaction.writes.map(({ key }) => key);
  const operation = keys.find((key) => key.startsWith('operation~'));
  // Genesis stands outside the fence: it has no operation, and the configuration no keys at all.
  if (operation === undefined) throw new Problem('receipt.not-found');
  const [writer = ''] = parseKey(operation)?.parts ?? [];
  const others = keys.filter((key) => key !== operation);
  const readable = await readableKeys(deps.store, principal, writer, others);
  if (readable.length === 0) throw new Problem('auth.agency');
  await recordLook(deps, { principal, action: 'receipt', thing: transaction.id });
  const asker = await askerFor(deps, principal.agencyId);
  return (await attestRecords(deps.receipts, asker, [operation, ...readable])).text;
}
