/**
 * Opens the three files of a ledger and makes them agree: the block log is the truth, the watermark says
 * how much of it was acknowledged, the state is a copy. Afterwards everything acknowledged is there, or
 * the folder is refused.
 */
import { existsSync, statSync } from 'node:fs';
import { DataFolderRefused } from '../errors.js';
import { writeWhole } from '../identity/files.js';
import type { ChainHead } from './block-builder.js';
import { BlockLog, DamagedRecord } from './block-log.js';
import type { FolderPaths } from './folder.js';
import { FILE_HEADER_LENGTH, fileHeader, fileVersion, LOG_VERSION } from './frame.js';
import { LogReader } from './log-scan.js';
import { BEGINNING, type Walk, walk } from './log-walk.js';
import { catchUp, rebuild } from './state-recovery.js';
import { StateStore } from './state-store.js';
import { cutTail, hasLaterRecord } from './torn-tail.js';
import { createWatermark, readWatermark, WATERMARK_VERSION, Watermark, type WatermarkValue } from './watermark.js';

const RESTORE = 'restore the data folder from a backup';

export interface OpenedFiles {
  readonly log: BlockLog;
  readonly watermark: Watermark;
  readonly state: StateStore;
  readonly head: ChainHead;
}

type Log = (message: string) => void;

interface Mark {
  readonly value: WatermarkValue;
  /** the other slot, when it is damaged: the value may then not be the last one that was written */
  readonly damagedSlot: WatermarkValue | undefined;
}

function damaged(message: string, block?: number): DataFolderRefused {
  return new DataFolderRefused('damaged', `${message}: ${RESTORE}`, block);
}

function otherVersion(file: string, found: number, ours: number): DataFolderRefused {
  const newer = found > ours;
  const advice = newer ? 'run the newer software that wrote it' : 'run the older software that wrote it';
  return new DataFolderRefused(newer ? 'newer' : 'older', `${file} has format ${found}, this software reads ${ours}: ${advice}`);
}

function readMark(paths: FolderPaths): Mark {
  const found = readWatermark(paths.watermark);
  if (found.found === 'value') return { value: found.value, damagedSlot: found.damagedSlot };
  if (found.found === 'other-version') throw otherVersion(paths.watermark, found.version, WATERMARK_VERSION);
  if (found.found === 'damaged') throw damaged(`${paths.watermark} is damaged, so it is not known what was acknowledged`);
  if (existsSync(paths.log)) throw damaged(`${paths.watermark} is missing, so it is not known what was acknowledged`);
  const value = { height: 0, hash: Buffer.alloc(32), logLength: FILE_HEADER_LENGTH };
  createWatermark(paths.watermark, value);
  return { value, damagedSlot: undefined };
}

function prepareLog(paths: FolderPaths, mark: WatermarkValue): void {
  const size = existsSync(paths.log) ? statSync(paths.log).size : 0;
  if (mark.height === 0 && size < FILE_HEADER_LENGTH) writeWhole(paths.log, fileHeader(), 0o600);
  else if (size === 0) throw damaged(`${paths.log} is missing, ${mark.height} blocks of it were acknowledged`, 0);
}

function checkHeader(paths: FolderPaths, reader: LogReader): void {
  const version = fileVersion(reader.read(0, FILE_HEADER_LENGTH));
  if (version === undefined) throw damaged(`${paths.log} does not begin as a block log does`, 0);
  if (version !== LOG_VERSION) throw otherVersion(paths.log, version, LOG_VERSION);
}

/**
 * Whether a damaged slot was written before the good one, by two of its three fields: with one bit wrong it is
 * still told from one that acknowledged a block which the log has lost.
 */
function isOlder(slot: WatermarkValue, value: WatermarkValue, found: Walk): boolean {
  const signs = [
    slot.height < value.height,
    slot.logLength >= FILE_HEADER_LENGTH && slot.logLength < value.logLength,
    slot.hash.equals(found.hashBeforeMark),
  ];
  return signs.filter(Boolean).length >= 2;
}

function judge(paths: FolderPaths, reader: LogReader, mark: Mark, found: Walk, log: Log): void {
  const { value } = mark;
  const where = `block ${found.height} at byte ${found.end} of ${paths.log}`;
  if (found.height < value.height)
    throw damaged(
      `${where}: ${found.fault?.problem ?? 'the file ends here'}; ${value.height} blocks were acknowledged`,
      found.height,
    );
  if (!found.holdsMark)
    throw damaged(
      `${paths.log} is not the log that was acknowledged: block ${value.height - 1} is another one`,
      value.height - 1,
    );
  const { fault } = found;
  if (!fault && found.height === value.height && mark.damagedSlot && !isOlder(mark.damagedSlot, value, found))
    throw damaged(`${where}: the file ends here, and ${paths.watermark} is damaged where it may have told of more`, found.height);
  if (!fault) return;
  if (hasLaterRecord(reader, fault)) throw damaged(`${where}: ${fault.problem}, and later blocks follow`, fault.number);
  if (mark.damagedSlot) throw damaged(`${where}: ${fault.problem}, and ${paths.watermark} is damaged too`, fault.number);
  log(`${where} was never finished; its ${reader.length - fault.offset} bytes are now in ${cutTail(paths.log, reader, fault)}`);
}

/** The state as far as the log reaches, once the log is judged: a folder that is refused is left as it is. */
async function recoverState(
  paths: FolderPaths,
  reader: LogReader,
  mark: Mark,
  log: Log,
): Promise<{ state: StateStore; found: Walk }> {
  if (reader.length < mark.value.logLength) judge(paths, reader, mark, await walk(reader, BEGINNING, mark.value, () => {}), log);
  const state = StateStore.open(paths.state);
  try {
    const tail = await catchUp(state, reader, mark.value, log);
    const found = tail ?? (await walk(reader, BEGINNING, mark.value, () => {}));
    judge(paths, reader, mark, found, log);
    if (tail) return { state, found };
    state.close();
    if (found.height > 0) log('the state is made from the block log');
    return { state: await rebuild(paths.state, reader, mark.value), found };
  } catch (error) {
    state.close();
    throw error instanceof DamagedRecord ? damaged(error.message, error.block) : error;
  }
}

/** @throws DataFolderRefused naming the block, the byte and what to do */
export async function openFiles(paths: FolderPaths, log: Log): Promise<OpenedFiles> {
  const mark = readMark(paths);
  prepareLog(paths, mark.value);
  const reader = new LogReader(paths.log);
  try {
    checkHeader(paths, reader);
    const { state, found } = await recoverState(paths, reader, mark, log);
    const watermark = new Watermark(paths.watermark);
    if (found.height > 0) watermark.write({ height: found.height, hash: found.hash, logLength: found.end });
    const head = { height: found.height, hash: found.hash, commitHash: found.commitHash };
    return { log: await BlockLog.open(paths.log, found.end), watermark, state, head };
  } finally {
    reader.close();
  }
}
