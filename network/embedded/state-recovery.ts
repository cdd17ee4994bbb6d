/** Brings the state to where the log is: from its savepoint on, or anew from block 0 when it cannot be trusted. */
import { appliedBlock } from './applied-block.js';
import { FILE_HEADER_LENGTH } from './frame.js';
import type { LogReader, ScannedBlock, ScanStart } from './log-scan.js';
import { BEGINNING, type Walk, walk } from './log-walk.js';
import { DamagedState, StateStore } from './state-store.js';
import type { WatermarkValue } from './watermark.js';

/** So many blocks at the end are read again at every start. */
const TAIL_BLOCKS = 64;

/** A place near the end that the state vouches for; the beginning when it vouches for none. */
function startOf(state: StateStore): ScanStart {
  const { height } = state.savepoint(FILE_HEADER_LENGTH);
  const number = Math.max(0, height - TAIL_BLOCKS);
  const place = state.block(number);
  const before = number > 0 ? state.block(number - 1) : undefined;
  if (!place || (number > 0 && !before)) return BEGINNING;
  return { number, offset: place.offset, previousHash: before?.hash ?? Buffer.alloc(0) };
}

/** Applies what the state does not have yet. @throws DamagedState when it has another block under a number */
function follow(state: StateStore): (scanned: ScannedBlock) => void {
  let { height } = state.savepoint(FILE_HEADER_LENGTH);
  return (scanned) => {
    const { number } = scanned.block.header;
    if (number < height) {
      if (!state.block(number)?.hash.equals(scanned.hash)) throw new DamagedState(`its block ${number} is another one`);
      return;
    }
    state.apply(appliedBlock(scanned));
    height = number + 1;
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
    const found = walk(reader, startOf(state), mark, follow(state));
    return found.holdsMark && found.height === state.savepoint(FILE_HEADER_LENGTH).height ? found : undefined;
  } catch (error) {
    log(`the state cannot be used: ${(error as Error).message}`);
    return undefined;
  }
}

/** A new state in place of the old one, from all blocks of a log that was found good. */
export function rebuild(path: string, reader: LogReader, mark: WatermarkValue): StateStore {
  const state = StateStore.create(path);
  walk(reader, BEGINNING, mark, follow(state));
  return state;
}
