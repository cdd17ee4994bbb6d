/** Where things are in a data folder (DATA_DIR). */
import { join } from 'node:path';

export interface FolderPaths {
  readonly ledger: string;
  readonly log: string;
  readonly state: string;
  readonly watermark: string;
}

export function pathsOf(folder: string): FolderPaths {
  const ledger = join(folder, 'ledger');
  return { ledger, log: join(ledger, 'blocks.log'), state: join(ledger, 'state.db'), watermark: join(folder, 'watermark') };
}
