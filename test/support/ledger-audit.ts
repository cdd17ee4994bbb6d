/** Compares a folder's ledger with what its processes said: the promise of rule 9, in words where it is broken. */
import { openEmbedded } from '../../network/embedded/open.js';
import type { LedgerTransaction } from '../../network/ledger.js';
import { createPlainDispatcher } from '../ledger/programs/plain-dispatcher.js';
import type { Account } from './ledger-process.js';
import { allBlocks } from './ledger-world.js';

interface Found {
  readonly block: number;
  readonly transaction: LedgerTransaction;
}

function agencyOf(transaction: LedgerTransaction): string | undefined {
  return transaction.writes.find(({ key }) => key.startsWith('agency~'))?.key.slice('agency~'.length);
}

/** How often each agency was entered. */
function entered(valid: ReadonlyMap<string, Found>): Map<string, number> {
  const times = new Map<string, number>();
  for (const { transaction } of valid.values()) {
    const agencyId = agencyOf(transaction);
    if (agencyId && transaction.function === 'registry:RegisterAgency') times.set(agencyId, (times.get(agencyId) ?? 0) + 1);
  }
  return times;
}

function brokenPromises(account: Account, valid: ReadonlyMap<string, Found>): string[] {
  const times = entered(valid);
  const sent = new Set(account.sent.map(({ agencyId }) => agencyId));
  const failed = account.lost.filter(({ error }) => error !== 'OutcomeUnknown');
  return [
    ...[...times].filter(([, count]) => count > 1).map(([agencyId, count]) => `${agencyId} was entered ${count} times`),
    ...account.kept
      .filter(({ id, block }) => valid.get(id)?.block !== block)
      .map(({ id, block, agencyId }) => `${agencyId}: ${id} was acknowledged in block ${block} and is not there`),
    ...failed
      .filter(({ agencyId }) => times.has(agencyId))
      .map(({ agencyId, error }) => `${agencyId} was reported failed (${error}) and is there`),
    ...[...times.keys()].filter((agencyId) => !sent.has(agencyId)).map((agencyId) => `${agencyId} was never sent`),
  ];
}

export interface Audit {
  readonly broken: string[];
  readonly height: number;
  readonly valid: number;
  /** what recovery had to say */
  readonly log: readonly string[];
}

/** Opens the folder, reads all blocks and the index, and closes it. @throws DataFolderRefused */
export async function auditFolder(folder: string, account: Account): Promise<Audit> {
  const log: string[] = [];
  const { ledger } = await openEmbedded({ folder, createDispatcher: createPlainDispatcher, log: (line) => log.push(line) });
  try {
    const valid = new Map<string, Found>();
    let previousHash = '';
    const broken: string[] = [];
    for (const block of await allBlocks(ledger)) {
      if (block.previousHash !== previousHash) broken.push(`block ${block.number} does not follow the one before`);
      previousHash = block.hash;
      for (const transaction of block.transactions)
        if (transaction.validationCode === 'VALID') valid.set(transaction.id, { block: block.number, transaction });
    }
    for (const { id } of account.kept) {
      const status = await ledger.transactionStatus(id);
      if (status.status !== 'valid') broken.push(`the index says ${status.status} of ${id}`);
    }
    broken.push(...brokenPromises(account, valid));
    return { broken, height: (await ledger.info()).height, valid: valid.size, log };
  } finally {
    await ledger.close();
  }
}
