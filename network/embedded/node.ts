/** The running parts of an embedded ledger: files, identities, peers, orderers. `openEmbedded` puts client and wallet on top. */
import { PROVINCES } from '../../chaincode/provinces.js';
import { DataFolderRefused } from '../errors.js';
import { decodeBlock } from '../format/block.js';
import { decodeConfiguration } from '../format/configuration.js';
import { Membership } from '../identity/msp.js';
import { openProvince, type ProvinceIdentities } from '../identity/province.js';
import type { Wallet } from '../identity/wallet.js';
import { type Checkpointed, Checkpoints } from '../sqlite/checkpoints.js';
import { type BackgroundVerification, backgroundVerification } from './background-verification.js';
import { Committer } from './committer.js';
import { createDispatcher, type Dispatcher } from './dispatcher.js';
import type { EndorserDeps } from './endorser.js';
import { pathsOf } from './folder.js';
import { FILE_HEADER_LENGTH } from './frame.js';
import { commitConfiguration } from './genesis.js';
import { guardedState } from './guarded-state.js';
import { lockFolder } from './lock.js';
import { Readiness } from './readiness.js';
import { type OpenedFiles, openFiles } from './recovery.js';

const KEYS_A_CHECKPOINT = 1000;

export interface EmbeddedOptions {
  /** DATA_DIR */
  readonly folder: string;
  /** milliseconds since the epoch; the system's clock unless given */
  readonly clock?: () => number;
  readonly log?: (message: string) => void;
  /** 3 executes every proposal three times and compares; 1 unless given */
  readonly executions?: 1 | 3;
  /** who signs for agencies; a wallet in the folder unless given */
  readonly wallet?: Wallet;
  /** what executes; the contracts through fabric-shim unless given */
  readonly createDispatcher?: () => Promise<Dispatcher>;
}

export interface EmbeddedNode {
  readonly files: OpenedFiles;
  readonly provinces: readonly ProvinceIdentities[];
  readonly readiness: Readiness;
  readonly committer: Committer;
  readonly endorser: EndorserDeps;
  readonly verification: BackgroundVerification;
  /** aborts when the ledger closes */
  readonly closed: AbortSignal;
  close(): Promise<void>;
}

/** The members' roots as block 0 states them, which must be those of the folder's authorities. */
async function membershipOf(files: OpenedFiles, provinces: readonly ProvinceIdentities[]): Promise<Membership> {
  const ours = new Map<string, string>(provinces.map(({ authority }) => [authority.mspId, authority.certificate]));
  if (files.head.height === 0) return new Membership(ours);
  const { bytes } = await files.log.read(0, FILE_HEADER_LENGTH);
  const { members } = decodeConfiguration(decodeBlock(bytes).data[0] ?? Buffer.alloc(0));
  for (const [mspId, certificate] of ours)
    if (members.get(mspId)?.roots.join() !== certificate)
      throw new DataFolderRefused(
        'damaged',
        `the authority of ${mspId} is not the one in block 0: restore DATA_DIR/authorities from a backup`,
        0,
      );
  return new Membership(ours);
}

async function startNode(options: EmbeddedOptions, files: OpenedFiles, release: () => Promise<void>): Promise<EmbeddedNode> {
  const { folder, clock = Date.now, log = () => {}, executions = 1 } = options;
  const isNew = files.head.height === 0;
  const provinces = await Promise.all(PROVINCES.map((province) => openProvince(folder, province, clock(), isNew)));
  const membership = await membershipOf(files, provinces);
  const readiness = new Readiness(log);
  const orderers = provinces.map(({ orderer }) => orderer);
  const checkpointed: Checkpointed = {
    checkpointEvery: (pages) => files.state.checkpointEvery(pages),
    still: (work) => committer.between(work),
  };
  const checkpoints = new Checkpoints(checkpointed, pathsOf(folder).state, KEYS_A_CHECKPOINT);
  const applied = (writes: number) => checkpoints.noted(writes);
  const state = guardedState(files.state, readiness);
  const committer = new Committer({ membership, orderers, readiness, applied, reader: state, ...files }, files.head);
  if (isNew) await commitConfiguration(committer, provinces, clock());
  const dispatchers: Dispatcher[] = [];
  for (let count = 0; count < executions; count += 1) dispatchers.push(await (options.createDispatcher ?? createDispatcher)());
  const ended = new AbortController();
  const verification = backgroundVerification(
    pathsOf(folder).log,
    () => committer.head.height,
    ended.signal,
    (problem) => readiness.fail(`the block log is damaged: ${problem}: restore the data folder from a backup`),
  );
  let closing: Promise<void> | undefined;
  const close = () => {
    ended.abort();
    return inTurn([() => committer.close(), () => readiness.end(), () => verification.done, () => checkpoints.stop(), release]);
  };
  return {
    files,
    provinces,
    readiness,
    committer,
    endorser: { membership, dispatchers, state, height: () => committer.head.height, clock },
    verification,
    closed: ended.signal,
    close() {
      closing ??= close();
      return closing;
    },
  };
}

/** Every step, also after one that failed: whatever else breaks, the folder must be free in the end. @throws the first error */
async function inTurn(steps: readonly (() => unknown)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

/** @throws DataFolderRefused */
export async function openNode(options: EmbeddedOptions): Promise<EmbeddedNode> {
  const lock = lockFolder(options.folder);
  let files: OpenedFiles | undefined;
  const release = () =>
    inTurn([() => files?.log.close(), () => files?.watermark.close(), () => files?.state.close(), () => lock.release()]);
  try {
    files = await openFiles(pathsOf(options.folder), options.log ?? (() => {}));
    return await startNode(options, files, release);
  } catch (error) {
    // What went wrong first is what is told.
    await release().catch(() => {});
    throw error;
  }
}
