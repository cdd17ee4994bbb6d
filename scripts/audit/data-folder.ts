/** `npm run audit -- --data DIR`: the folder's ledger, and the tables that the API reads from. */
import { statSync } from 'node:fs';
import { auditFolder } from '../../network/audit/audit-folder.js';
import { checkpointComparison, readCheckpoint } from '../../network/audit/checkpoint.js';
import { checkNotInUse } from '../../network/audit/folder-files.js';
import { pathsOf } from '../../network/embedded/folder.js';
import { ProjectionComparison } from './compare-projection.js';
import { progressLine } from './progress-line.js';
import { AUDIT_FORMAT, type AuditReport } from './report.js';

export interface DataFolderOptions {
  readonly data: string;
  readonly checkpoint?: string;
  readonly progress?: string;
}

function sizeOf(folder: string): number | undefined {
  return statSync(pathsOf(folder).log, { throwIfNoEntry: false })?.size;
}

/** @throws Differs, CannotTell */
export async function auditDataFolder({ data, checkpoint, progress }: DataFolderOptions): Promise<AuditReport> {
  checkNotInUse(data);
  const kept = checkpoint === undefined ? [] : [checkpointComparison(readCheckpoint(checkpoint), checkpoint)];
  const projection = await ProjectionComparison.open(data);
  try {
    const companions = [...kept, ...(projection ? [projection] : []), progressLine(() => sizeOf(data))];
    const warn = (message: string) => process.stderr.write(`${message}\n`);
    const found = await auditFolder({
      folder: data,
      companions,
      warn,
      ...(progress === undefined ? {} : { progressFile: progress }),
    });
    const tables = projection?.compared ? 'compared' : 'none';
    return {
      format: AUDIT_FORMAT,
      source: data,
      verdict: 'holds',
      ...found,
      projection: tables,
      checkpoint: checkpoint ?? 'none',
    };
  } finally {
    await projection?.close();
  }
}
