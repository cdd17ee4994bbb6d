/** `npm run audit -- --fabric PROFILE`: the network's chain, the same with four provinces, and an API's tables. */

import { checkpointComparison, readCheckpoint } from '../../network/audit/checkpoint.js';
import { CannotTell } from '../../network/audit/difference.js';
import { auditNetwork } from '../../network/audit/fabric/audit-network.js';
import { checkNotInUse } from '../../network/audit/folder-files.js';
import { ProfileRefused } from '../../network/fabric/profile.js';
import { type NetworkReader, openReader } from '../../network/fabric/reader.js';
import { ProjectionComparison } from './compare-projection.js';
import { progressLine } from './progress-line.js';
import { AUDIT_FORMAT, type AuditReport } from './report.js';

export interface NetworkOptions {
  /** connection profile */
  readonly fabric: string;
  /** DATA_DIR of an API on that network, whose tables are compared */
  readonly data?: string;
  readonly checkpoint?: string;
  readonly progress?: string;
}

/** @throws CannotTell when the profile cannot be used */
export async function readerOf(profile: string): Promise<NetworkReader> {
  try {
    return await openReader(profile, () => undefined);
  } catch (error) {
    throw error instanceof ProfileRefused ? new CannotTell(error.message) : error;
  }
}

/** @throws Differs, CannotTell */
export async function auditFabric({ fabric, data, checkpoint, progress }: NetworkOptions): Promise<AuditReport> {
  if (data !== undefined) checkNotInUse(data);
  const kept = checkpoint === undefined ? [] : [checkpointComparison(readCheckpoint(checkpoint), checkpoint)];
  const projection = data === undefined ? undefined : await ProjectionComparison.open(data);
  const reader = await readerOf(fabric);
  try {
    let blocks: number | undefined;
    const companions = [...kept, ...(projection ? [projection] : []), progressLine(() => blocks)];
    const warn = (message: string) => process.stderr.write(`${message}\n`);
    const found = await auditNetwork({
      name: fabric,
      reader,
      companions,
      warn,
      sized: (size) => {
        blocks = size;
      },
      ...(progress === undefined ? {} : { progressFile: progress }),
    });
    const tables = projection?.compared ? 'compared' : 'none';
    const common = { format: AUDIT_FORMAT, source: fabric, verdict: 'holds' } as const;
    return { ...common, ...found, projection: tables, checkpoint: checkpoint ?? 'none' };
  } finally {
    await reader.close();
    await projection?.close();
  }
}
