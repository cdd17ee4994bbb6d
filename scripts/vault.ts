/** `npm run vault -- rotate`: another key for the vault of a server that is stopped. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { storeFileOf } from '../api/open-ledger.js';
import { readSettings, SettingsFault } from '../api/settings.js';
import { openSqliteStore, type Store } from '../api/store/store.js';
import { forgetUnderOtherKeys, rotateVaultKey, vaultKeyFileOf } from '../api/vault/vault-key.js';
import { lockFolder } from '../network/embedded/lock.js';
import { NoDataFolder } from './issuer.js';
import { refusalText } from './refusal-text.js';

async function withStore(work: (store: Store, keyFile: string) => Promise<string>): Promise<void> {
  const settings = readSettings();
  const dataDir = resolve(settings.dataDir);
  const file = storeFileOf(dataDir);
  if (!existsSync(file)) throw new NoDataFolder(dataDir);
  const lock = lockFolder(dataDir);
  try {
    const store = await openSqliteStore(file);
    try {
      process.stdout.write(`${await work(store, vaultKeyFileOf({ ...settings, dataDir }))}\n`);
    } finally {
      await store.close();
    }
  } finally {
    lock.release();
  }
}

async function told(work: (store: Store, keyFile: string) => Promise<string>): Promise<void> {
  try {
    await withStore(work);
  } catch (error) {
    const known = error instanceof NoDataFolder || error instanceof SettingsFault ? error.message : refusalText(error);
    if (known === undefined) throw error;
    process.stderr.write(`${known}\n`);
    process.exitCode = 1;
  }
}

const program = new Command('vault').description('Looks after the key of the subject vault; the server is stopped meanwhile.');
program
  .command('rotate')
  .description(
    'puts a fresh key in the place of the vault’s and wraps every handle again; back the new key up, and destroy old copies',
  )
  .action(() =>
    told(async (store, keyFile) => {
      const handles = await rotateVaultKey(store, keyFile, (done) => process.stderr.write(`${done} handles wrapped again\n`));
      return `${keyFile} is a new key, ${handles} handles are under it: back it up`;
    }),
  );
program
  .command('forget')
  .description('gives up the handles that the key does not open, when the one that did is lost for good')
  .action(() =>
    told(async (store, keyFile) => {
      const handles = await forgetUnderOtherKeys(store, keyFile, Date.now());
      return `${handles} handles are given up: nobody can tell any more whose they are`;
    }),
  );

await program.parseAsync();
