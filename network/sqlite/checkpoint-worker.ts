/** A thread that copies a database's write-ahead log into its file, with the waiting for the disk that takes. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

const database = new DatabaseSync(workerData.path);
database.exec('PRAGMA synchronous = NORMAL');

let before = 0;

parentPort?.on('message', (order: 'checkpoint' | 'stop') => {
  if (order === 'stop') {
    database.close();
    parentPort?.close();
    return;
  }
  // How many pages the log has since SQLite last began it anew, and how many of them are in the file now.
  const row = database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get();
  const copied = Number(row?.checkpointed ?? 0);
  // A log that has begun anew counts from its beginning.
  const pages = copied < before ? copied : copied - before;
  before = copied;
  parentPort?.postMessage(pages);
});
