/**
 * Opens the ledger that the settings name, and what it needs of the data folder. The embedded one lives in
 * the folder; of Fabric there is only the outbox, in the store, and the folder is locked all the same: two
 * processes would settle each other's envelopes and seal in one vault.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathsOf } from '../network/embedded/folder.js';
import { lockFolder } from '../network/embedded/lock.js';
import { openEmbedded } from '../network/embedded/open.js';
import { DataFolderRefused } from '../network/errors.js';
import { openFabric } from '../network/fabric/open.js';
import { openRemoteWallet } from '../network/identity/signing/remote-wallet.js';
import type { Wallet } from '../network/identity/wallet.js';
import type { Ledger } from '../network/ledger.js';
import type { Closers } from './closers.js';
import type { Settings } from './settings.js';
import { openSqliteStore, type Store } from './store/store.js';
import { storeOutbox } from './submission/outbox.js';

/** A ledger, and the keys of the agencies that write to it through this service. */
export interface LedgerAccess {
  readonly ledger: Ledger;
  readonly wallet: Wallet;
  /** where the ledger needed it before the service did; closed by whoever opened it */
  readonly store?: Store;
  /** whether every envelope that an earlier process left has an outcome */
  readonly envelopesSettled?: () => boolean;
}

interface Opening {
  readonly clock: () => number;
  readonly log: (message: string) => void;
}

export function storeFileOf(dataDir: string): string {
  return join(dataDir, 'store', 'store.db');
}

/** A folder belongs to the ledger that its tables follow. */
function checkKind({ dataDir, ledger }: Settings): void {
  const { ledger: blocks, watermark } = pathsOf(dataDir);
  const isEmbedded = existsSync(blocks) || existsSync(watermark);
  if (ledger === 'fabric' && isEmbedded)
    throw new DataFolderRefused(
      'other-ledger',
      `${dataDir} holds an embedded ledger: give another DATA_DIR for the network, or start with LEDGER=embedded`,
    );
  if (ledger === 'embedded' && !isEmbedded && existsSync(storeFileOf(dataDir)))
    throw new DataFolderRefused(
      'other-ledger',
      `${dataDir} holds a store and no ledger: start with LEDGER=fabric if it served the network, restore its ledger folder if it was lost, or give another DATA_DIR`,
    );
}

async function openNetwork(
  settings: Settings,
  opening: Opening,
  wallet: Wallet | undefined,
  closers: Closers,
): Promise<LedgerAccess> {
  const lock = lockFolder(settings.dataDir);
  closers.add(async () => lock.release());
  const store = await openSqliteStore(storeFileOf(settings.dataDir));
  closers.add(() => store.close());
  const outbox = await storeOutbox(store);
  const { ledger, wallet: own } = await openFabric({
    profileFile: settings.fabricProfile as string,
    outbox,
    ...opening,
    ...(wallet && { wallet }),
  });
  closers.add(() => ledger.close());
  return { ledger, wallet: own, store, envelopesSettled: outbox.isCaughtUp };
}

/** @throws DataFolderRefused, StoreTooNew, ProfileRefused, LedgerUnavailable; what was opened is in `closers` */
export async function openLedger(settings: Settings, opening: Opening, closers: Closers): Promise<LedgerAccess> {
  checkKind(settings);
  const wallet = settings.signerSocket === undefined ? undefined : openRemoteWallet(settings.signerSocket);
  if (wallet) closers.add(async () => wallet.close());
  if (settings.ledger === 'fabric') return openNetwork(settings, opening, wallet, closers);
  const access = await openEmbedded({ folder: settings.dataDir, ...opening, ...(wallet && { wallet }) });
  closers.add(() => access.ledger.close());
  return access;
}
