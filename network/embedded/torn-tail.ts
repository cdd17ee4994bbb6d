/**
 * The end of a log whose last record was not finished: a process was killed while it wrote. Such a
 * record was never acknowledged. It is cut off and kept in a file of its own. A bad record that others
 * follow was finished once, because a record is begun only after the one before is synced: that is damage.
 */
import { closeSync, fsyncSync, ftruncateSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeWhole } from '../identity/files.js';
import { FRAME_HEADER_LENGTH, MARK, matches, parseFrameHeader } from './frame.js';
import type { LogReader, ScanFault } from './log-scan.js';

const WINDOW = 1024 * 1024;

function isLaterRecord(reader: LogReader, offset: number, number: number): boolean {
  const header = parseFrameHeader(reader.read(offset, FRAME_HEADER_LENGTH));
  if (!header || header.number <= number) return false;
  return matches(header, reader.read(offset + FRAME_HEADER_LENGTH, header.length));
}

/** Whether a whole record of a later block lies behind the fault. */
export function hasLaterRecord(reader: LogReader, fault: ScanFault): boolean {
  const { length } = reader;
  for (let start = fault.offset + 1; start < length; start += WINDOW) {
    const window = reader.read(start, WINDOW + MARK.length - 1);
    for (let at = window.indexOf(MARK); at >= 0; at = window.indexOf(MARK, at + 1))
      if (isLaterRecord(reader, start + at, fault.number)) return true;
  }
  return false;
}

/** Moves everything from the fault on into a file beside the log. @returns that file's path */
export function cutTail(path: string, reader: LogReader, fault: ScanFault): string {
  const kept = join(dirname(path), `torn-${fault.number}-${Date.now()}.bin`);
  writeWhole(kept, reader.read(fault.offset, reader.length - fault.offset), 0o600);
  const descriptor = openSync(path, 'r+');
  try {
    ftruncateSync(descriptor, fault.offset);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return kept;
}
