/**
 * The vault's key: whether the rows are under it, and another one in its place. A rotation writes the new key
 * beside the old one, wraps every row again in one transaction, and then puts the new key in place. Killed in
 * between, the next opening sees by the rows which of the two it is.
 */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DataFolderRefused } from '../../network/errors.js';
import { syncFolder } from '../../network/identity/files.js';
import { openKeyFile } from '../auth/secret-file.js';
import type { Settings } from '../settings.js';
import type { Store, StoreTransaction } from '../store/store.js';
import type { SubjectProof } from './find-subject.js';
import { requestFingerprint } from './fingerprint.js';
import { seal, unseal } from './seal.js';
import { personIndex, type VaultKeys, vaultKeys } from './vault.js';

/** Where the vault's key is. */
export function vaultKeyFileOf({ vaultKeyFile, dataDir }: Pick<Settings, 'vaultKeyFile' | 'dataDir'>): string {
  return vaultKeyFile ?? join(dataDir, 'vault.key');
}

const PAGE = 500;
const nextOf = (keyFile: string) => `${keyFile}.next`;

function canOpen(keys: VaultKeys, subject: string, sealed: string): boolean {
  try {
    unseal(keys.data, subject, sealed);
    return true;
  } catch {
    return false;
  }
}

/** Whether the first and the last handle that are held, in the order of handles, which is none of time, open with the key of a file. */
async function fits({ db }: Store, keyFile: string): Promise<boolean> {
  const keys = existsSync(keyFile) ? vaultKeys(openKeyFile(keyFile)) : undefined;
  for (const direction of ['asc', 'desc'] as const) {
    const row = await db
      .selectFrom('vault_subject')
      .select(['subject', 'sealed'])
      .where('sealed', 'is not', null)
      .orderBy('subject', direction)
      .limit(1)
      .executeTakeFirst();
    if (row?.sealed && !(keys && canOpen(keys, row.subject, row.sealed))) return false;
  }
  return true;
}

function putInPlace(keyFile: string): void {
  renameSync(nextOf(keyFile), keyFile);
  syncFolder(dirname(keyFile));
}

/**
 * Ends a rotation that was killed, and makes sure that the key is the rows' own: under another one nothing that
 * is there could be opened or linked, and what came now could not be under the right one later.
 * @throws DataFolderRefused `damaged`
 */
export async function settleVaultKey(store: Store, keyFile: string): Promise<void> {
  const next = nextOf(keyFile);
  if (existsSync(next)) {
    // Rows are under one of the two, all of them; where there are none, either will do.
    if (await fits(store, next)) putInPlace(keyFile);
    else rmSync(next);
  }
  if (!(await fits(store, keyFile)))
    throw new DataFolderRefused(
      'damaged',
      `${keyFile} is not the key that the vault's handles are under: put the right one back from a backup, or name its file in VAULT_KEY_FILE; only when it is lost for good, \`npm run vault -- forget\` gives up what it opened`,
    );
}

/**
 * Gives up the handles that a key does not open, because the one that did is lost: nobody can tell any more whose they are.
 * @returns how many
 */
export async function forgetUnderOtherKeys(store: Store, keyFile: string, now: number): Promise<number> {
  const keys = vaultKeys(openKeyFile(keyFile));
  const held = await store.db.selectFrom('vault_subject').select(['subject', 'sealed']).where('sealed', 'is not', null).execute();
  const lost = held.filter(({ subject, sealed }) => !canOpen(keys, subject, sealed as string));
  const nothing = {
    state: 'erased',
    person: null,
    sealed: null,
    fingerprint: null,
    erased_at: new Date(now).toISOString(),
  } as const;
  await store.durable.transaction().execute(async (transaction) => {
    for (const { subject } of lost)
      await transaction.updateTable('vault_subject').set(nothing).where('subject', '=', subject).execute();
  });
  return lost.length;
}

interface Rewrapping {
  readonly before: VaultKeys;
  readonly after: VaultKeys;
}

/** @returns how many, and where to go on; undefined at the end */
async function rewrapPage(db: StoreTransaction, from: string, { before, after }: Rewrapping) {
  const rows = await db
    .selectFrom('vault_subject')
    .select(['subject', 'home_province', 'sealed', 'fingerprint'])
    .where('sealed', 'is not', null)
    .where('subject', '>', from)
    .orderBy('subject')
    .limit(PAGE)
    .execute();
  for (const { subject, home_province: province, sealed, fingerprint } of rows) {
    const text = unseal(before.data, subject, sealed as string);
    const person = JSON.parse(text) as SubjectProof;
    await db
      .updateTable('vault_subject')
      .set({
        sealed: seal(after.data, subject, text),
        person: personIndex({ keys: after }, province, person),
        fingerprint: fingerprint === null ? null : requestFingerprint(after, province, person),
      })
      .where('subject', '=', subject)
      .execute();
  }
  return { rewrapped: rows.length, last: rows.at(-1)?.subject };
}

/**
 * Puts a fresh key in the place of the vault's, for a store that nobody else has open. Handles, salts and links stay.
 * @param progress told how many handles are under the new key so far
 * @returns how many there are
 * @throws DataFolderRefused `damaged` when the key is not the rows' own; Error when a row does not open: nothing has changed then
 */
export async function rotateVaultKey(
  store: Store,
  keyFile: string,
  progress: (handles: number) => void = () => {},
): Promise<number> {
  await settleVaultKey(store, keyFile);
  const next = nextOf(keyFile);
  const keys = { before: vaultKeys(openKeyFile(keyFile)), after: vaultKeys(openKeyFile(next)) };
  let handles = 0;
  try {
    await store.durable.transaction().execute(async (transaction) => {
      for (let from: string | undefined = ''; from !== undefined; ) {
        const { rewrapped, last } = await rewrapPage(transaction, from, keys);
        handles += rewrapped;
        from = last;
        progress(handles);
      }
    });
  } catch (error) {
    rmSync(next);
    throw error;
  }
  putInPlace(keyFile);
  // The old key must open nothing: no older copy of a row stays on the disk.
  await store.scrub();
  return handles;
}
