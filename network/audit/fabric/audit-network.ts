/** A network of four provinces: one history from block 0 on, and the same with each of them. */
import { CHAINCODE_VERSION } from '../../channel.js';
import type { Dispatcher } from '../../embedded/dispatcher.js';
import type { NetworkReader } from '../../fabric/reader.js';
import { type Audited, auditChain, type Companion } from '../audit-chain.js';
import { Differs } from '../difference.js';
import { progressKeeper, readProgress } from '../progress.js';
import { compareProvinces, notCompared, type ProvinceView, withWitnesses } from './compare-provinces.js';
import { NetworkSource } from './network-source.js';
import { fabricRules } from './rules.js';

export interface NetworkAudit {
  /** as reports name it: the connection profile */
  readonly name: string;
  readonly reader: NetworkReader;
  /** where the progress is kept */
  readonly progressFile?: string;
  /** milliseconds between two notes of it while blocks are read; 2 s unless it is told */
  readonly progressEveryMs?: number;
  /** compared besides, such as a projection or a checkpoint */
  readonly companions?: readonly Companion[];
  /** told how many blocks there are to read */
  readonly sized?: (blocks: number) => void;
  readonly warn?: (message: string) => void;
  readonly dispatcher?: Dispatcher;
}

export interface NetworkFindings extends Audited {
  /** which contracts executed */
  readonly code: string;
  /** number of blocks whose signatures and executions an earlier audit checked, not this one */
  readonly resumedFrom: number;
  /** every province's peer, as it stood at the end */
  readonly provinces: readonly ProvinceView[];
  /** those of them that were away or behind, whose last blocks nobody has compared */
  readonly notCompared: readonly string[];
}

/** Says who else has it so. */
export async function named(reader: NetworkReader, error: unknown): Promise<unknown> {
  return error instanceof Differs ? new Differs(await withWitnesses(reader, error.difference)) : error;
}

/** Nothing on the network is written. @throws Differs at the first difference, CannotTell */
export async function auditNetwork(audit: NetworkAudit): Promise<NetworkFindings> {
  const { name, reader, progressFile, companions = [], warn = () => {} } = audit;
  const source = new NetworkSource(name, reader);
  await source.look();
  audit.sized?.(source.size);
  let provinces: readonly ProvinceView[] = [];
  const comparison: Companion = {
    async atEnd(at, state) {
      provinces = await compareProvinces(reader, at, state);
    },
  };
  const before = progressFile === undefined ? undefined : readProgress(progressFile, warn);
  const kept = progressFile === undefined ? [] : [progressKeeper(progressFile, before, audit.progressEveryMs)];
  try {
    const audited = await auditChain({
      source,
      rules: fabricRules(reader.pinned),
      companions: [comparison, ...companions, ...kept],
      ...(before ? { before } : {}),
      ...(audit.dispatcher ? { dispatcher: audit.dispatcher } : {}),
    });
    return {
      ...audited,
      code: CHAINCODE_VERSION,
      resumedFrom: before?.height ?? 0,
      provinces,
      notCompared: notCompared(provinces, audited.height),
    };
  } catch (error) {
    throw await named(reader, error);
  }
}
