/** Brings the state to where the log is: from its savepoint on, or anew from block 0 when it cannot be trusted. */
import type { Membership } from '../identity/msp.js';
import { appliedBlock } from './applied-block.js';
import { DamagedRecord } from './block-log.js';
import { FILE_HEADER_LENGTH } from './frame.js';
import type { LogReader, ScannedBlock, ScanStart } from './log-scan.js';
import { BEGINNING, type Walk, walk } from './log-walk.js';
import { PendingOutcomes } from './pending-outcomes.js';
import { channelOfLog, checkOutcome, type Outcome, WrongOutcome } from './replay.js';
import { type AppliedBlock, DamagedState, StateStore } from './state-store.js';
import type { WatermarkValue } from './watermark.js';

/** So many blocks at the end are read again at every start. */
const TAIL_BLOCKS = 64;
const GATHERED_BLOCKS = 16;
const REBUILD_CHECKPOINT_PAGES = 50_000;

/** A place near the end, before the mark, that the state vouches for; the beginning when it vouches for none. */
function startOf(state: StateStore, mark: WatermarkValue): ScanStart {
  const { height } = state.savepoint(FILE_HEADER_LENGTH);
  const number = Math.max(0, Math.min(height, mark.height) - TAIL_BLOCKS);
  const place = state.block(number);
  const before = number > 0 ? state.block(number - 1) : undefined;
  if (!place || (number > 0 && !before)) return BEGINNING;
  return { number, offset: place.offset, previousHash: before?.hash ?? Buffer.alloc(0) };
}

interface Follower {
  /** @throws DamagedState when the state has another block under a number, DamagedRecord when a block's outcome is wrong */
  visit(scanned: ScannedBlock): Promise<void>;
  /** applies what was gathered */
  finish(): void;
}

/** Applies what the state does not have yet, many blocks in one SQLite transaction. */
function follow(state: StateStore, reader: LogReader): Follower {
  const savepoint = state.savepoint(FILE_HEADER_LENGTH);
  const pending = new PendingOutcomes(state);
  let membership: Membership | undefined;
  let previousCommitHash: Uint8Array = new Uint8Array();
  let gathered: AppliedBlock[] = [];

  function compare({ block, hash }: ScannedBlock): void {
    const { number } = block.header;
    if (!state.block(number)?.hash.equals(hash)) throw new DamagedState(`its block ${number} is another one`);
    if (number === savepoint.height - 1 && !savepoint.commitHash.equals(block.commitHash))
      throw new DamagedState(`its commit hash of block ${number} is another one`);
  }

  async function outcomeOf({ block, offset }: ScannedBlock): Promise<Outcome> {
    membership ??= channelOfLog(reader).membership;
    try {
      return await checkOutcome({ membership, view: pending, signatures: 'of-refused' }, block, previousCommitHash);
    } catch (error) {
      throw error instanceof WrongOutcome ? new DamagedRecord(block.header.number, offset, error.message) : error;
    }
  }

  const finish = () => {
    if (gathered.length > 0) state.apply(...gathered);
    gathered = [];
    pending.clear();
  };
  return {
    async visit(scanned) {
      const { block } = scanned;
      if (block.header.number < savepoint.height) compare(scanned);
      else {
        const outcome = await outcomeOf(scanned);
        gathered.push(appliedBlock(block, scanned, outcome.transactions));
        pending.record(outcome);
      }
      previousCommitHash = block.commitHash;
      if (gathered.length === GATHERED_BLOCKS) finish();
    },
    finish,
  };
}

/** The walk over the log's tail when state and log agree there; undefined when they do not. */
export async function catchUp(
  state: StateStore,
  reader: LogReader,
  mark: WatermarkValue,
  log: (message: string) => void,
): Promise<Walk | undefined> {
  if (state.savepoint(FILE_HEADER_LENGTH).height === 0) return undefined;
  try {
    const { visit, finish } = follow(state, reader);
    const found = await walk(reader, startOf(state, mark), mark, visit);
    finish();
    return found.holdsMark && found.height === state.savepoint(FILE_HEADER_LENGTH).height ? found : undefined;
  } catch (error) {
    log(`the state cannot be used: ${(error as Error).message}`);
    return undefined;
  }
}

/**
 * A new state in place of the old one, from all blocks of a log whose records and links were found good.
 * @throws DamagedRecord when a block's outcome is not what its transactions deserve
 */
export async function rebuild(path: string, reader: LogReader, mark: WatermarkValue): Promise<StateStore> {
  const state = StateStore.create(path);
  try {
    state.checkpointEvery(REBUILD_CHECKPOINT_PAGES);
    const { visit, finish } = follow(state, reader);
    await walk(reader, BEGINNING, mark, visit);
    finish();
    return state;
  } catch (error) {
    state.close();
    throw error;
  }
}
