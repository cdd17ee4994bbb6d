/** Brings the state to where the log is: from its savepoint on, or anew from block 0 when it cannot be trusted. */
import { appliedBlock } from './applied-block.js';
import { FILE_HEADER_LENGTH } from './frame.js';
import type { LogReader, ScannedBlock, ScanStart } from './log-scan.js';
import { BEGINNING, type Walk, walk } from './log-walk.js';
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
  /** @throws DamagedState when the state has another block under a number */
  visit(scanned: ScannedBlock): void;
  /** applies what was gathered */
  finish(): void;
}

/** Applies what the state does not have yet, many blocks in one SQLite transaction. */
function follow(state: StateStore): Follower {
  const { height } = state.savepoint(FILE_HEADER_LENGTH);
  let gathered: AppliedBlock[] = [];
  const finish = () => {
    if (gathered.length > 0) state.apply(...gathered);
    gathered = [];
  };
  return {
    visit(scanned) {
      const { number } = scanned.block.header;
      if (number >= height) gathered.push(appliedBlock(scanned));
      else if (!state.block(number)?.hash.equals(scanned.hash)) throw new DamagedState(`its block ${number} is another one`);
      if (gathered.length === GATHERED_BLOCKS) finish();
    },
    finish,
  };
}

/** The walk over the log's tail when state and log agree there; undefined when they do not. */
export function catchUp(
  state: StateStore,
  reader: LogReader,
  mark: WatermarkValue,
  log: (message: string) => void,
): Walk | undefined {
  if (state.savepoint(FILE_HEADER_LENGTH).height === 0) return undefined;
  try {
    const { visit, finish } = follow(state);
    const found = walk(reader, startOf(state, mark), mark, visit);
    finish();
    return found.holdsMark && found.height === state.savepoint(FILE_HEADER_LENGTH).height ? found : undefined;
  } catch (error) {
    log(`the state cannot be used: ${(error as Error).message}`);
    return undefined;
  }
}

/** A new state in place of the old one, from all blocks of a log that was found good. */
export function rebuild(path: string, reader: LogReader, mark: WatermarkValue): StateStore {
  const state = StateStore.create(path);
  state.checkpointEvery(REBUILD_CHECKPOINT_PAGES);
  const { visit, finish } = follow(state);
  walk(reader, BEGINNING, mark, visit);
  finish();
  return state;
}
