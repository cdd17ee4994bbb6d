/** A data folder, every file of it that follows from the chain: log, watermark, state, identities; and what a caller adds. */
import { CHAINCODE_VERSION } from '../channel.js';
import type { Dispatcher } from '../embedded/dispatcher.js';
import { type Audited, auditChain, type Companion } from './audit-chain.js';
import { StateComparison } from './compare-state.js';
import { checkNotInUse, identityComparison, watermarkComparison, watermarkOf } from './folder-files.js';
import { folderSource } from './folder-source.js';
import { EMBEDDED_RULES } from './ledger-rules.js';
import { progressKeeper, readProgress } from './progress.js';

export interface FolderAudit {
  /** DATA_DIR */
  readonly folder: string;
  /** where the progress is kept, outside the folder */
  readonly progressFile?: string;
  /** milliseconds between two notes of it while blocks are read; 2 s unless it is told */
  readonly progressEveryMs?: number;
  /** compared besides, such as a projection or a checkpoint */
  readonly companions?: readonly Companion[];
  readonly warn?: (message: string) => void;
  readonly dispatcher?: Dispatcher;
}

export interface FolderFindings extends Audited {
  /** which contracts executed */
  readonly code: string;
  /** number of blocks whose signatures and executions an earlier audit checked, not this one */
  readonly resumedFrom: number;
  /** `none`: there is no `state.db`, and the next start makes it */
  readonly state: 'compared' | 'none';
}

/** Nothing in the folder is written. @throws Differs at the first difference, CannotTell */
export async function auditFolder(audit: FolderAudit): Promise<FolderFindings> {
  const { folder, progressFile, companions = [], warn = () => {} } = audit;
  checkNotInUse(folder);
  const source = folderSource(folder);
  let state: StateComparison | undefined;
  try {
    state = new StateComparison(folder, source);
    const before = progressFile === undefined ? undefined : readProgress(progressFile, warn);
    const mark = watermarkOf(folder);
    const own = [watermarkComparison(() => mark, source.ends), state, identityComparison(folder), ...companions];
    const kept = progressFile === undefined ? [] : [progressKeeper(progressFile, before, audit.progressEveryMs)];
    const audited = await auditChain({
      source,
      rules: EMBEDDED_RULES,
      companions: [...own, ...kept],
      ...(before ? { before } : {}),
      ...(audit.dispatcher ? { dispatcher: audit.dispatcher } : {}),
    });
    return {
      ...audited,
      code: CHAINCODE_VERSION,
      resumedFrom: before?.height ?? 0,
      state: state.compared ? 'compared' : 'none',
    };
  } finally {
    state?.close();
    source.close();
  }
}
