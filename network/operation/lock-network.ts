/** One command at a time for a network's folder. */
import { lockFolder } from '../embedded/lock.js';
import { DataFolderRefused } from '../errors.js';
import { NetworkFault } from './fault.js';

/** @throws NetworkFault while another command is at work in the folder */
export async function withLock<T>(root: string, work: () => Promise<T>): Promise<T> {
  let lock: ReturnType<typeof lockFolder>;
  try {
    lock = lockFolder(root);
  } catch (error) {
    if (!(error instanceof DataFolderRefused)) throw error;
    throw new NetworkFault(`another command is at work in ${root}: wait until it has ended`);
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}
