/** A thread that copies a database's write-ahead log into its file, with the waiting for the disk that takes. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

const database = new DatabaseSync(workerData.path);
database.exec('PRAGMA synchronous = NORMAL');

parentPort?.on('message', (order: 'checkpoint' | 'stop') => {
  if (order === 'stop') {
    database.close();
    parentPort?.close();
    return;
  }
  database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get();
  parentPort?.postMessage('done');
});
