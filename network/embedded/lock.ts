/**
 * One process at a time for a data folder. Node has no flock, so the lock is SQLite's own: an exclusive
 * transaction held for the process's life is an fcntl lock, which the system takes back from a killed process.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataFolderRefused } from '../errors.js';

const SQLITE_BUSY = 5;

export interface FolderLock {
  release(): void;
}

/** @throws DataFolderRefused `busy` while another process, or another opening in this one, has the folder. */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(folder, 'lock'));
  try {
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new DataFolderRefused('busy', `${folder} is in use by another process: stop that one, or use another DATA_DIR`);
  }
  return { release: () => database.close() };
}
