/** A closed ledger's folder as bytes, to be damaged in memory and written out again for each trial. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type FolderPaths, pathsOf } from '../../network/embedded/folder.js';
import { FILE_HEADER_LENGTH, FRAME_HEADER_LENGTH } from '../../network/embedded/frame.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { openFiles } from '../../network/embedded/recovery.js';
import { foundedLedger, memoryFolder, register } from './ledger-world.js';

export interface RecordPlace {
  readonly number: number;
  readonly offset: number;
  /** where the next record begins */
  readonly next: number;
}

export interface FolderBytes {
  readonly log: Buffer;
  readonly watermark: Buffer;
  /** undefined: no state, which recovery then makes from the log */
  readonly state: Buffer | undefined;
}

function read(paths: FolderPaths): FolderBytes {
  return { log: readFileSync(paths.log), watermark: readFileSync(paths.watermark), state: readFileSync(paths.state) };
}

/** Where the records lie in an undamaged log. */
export function recordsOf(log: Buffer): RecordPlace[] {
  const records: RecordPlace[] = [];
  for (let offset = FILE_HEADER_LENGTH; offset < log.length; ) {
    const next = offset + FRAME_HEADER_LENGTH + log.readUInt32BE(offset + 4);
    records.push({ number: records.length, offset, next });
    offset = next;
  }
  return records;
}

/** The folder before and after its last block: all of it, and what a process leaves that is killed while it writes the last. */
export async function folderBeforeAndAfter(): Promise<{ before: FolderBytes; after: FolderBytes; ids: string[] }> {
  const world = await foundedLedger();
  const ids: string[] = [];
  for (let count = 0; count < 3; count += 1) ids.push((await register(world)).transactionId);
  await world.ledger.close();
  const before = read(pathsOf(world.folder));
  const again = { ...(await openEmbedded({ folder: world.folder })), folder: world.folder };
  ids.push((await register(again)).transactionId);
  await again.ledger.close();
  return { before, after: read(pathsOf(world.folder)), ids };
}

export interface Recovered {
  readonly height: number;
  readonly log: string[];
  readonly knows: (transactionId: string) => boolean;
}

export class TrialFolder {
  readonly folder = memoryFolder();
  readonly paths = pathsOf(this.folder);

  write({ log, watermark, state }: FolderBytes): void {
    rmSync(this.paths.ledger, { recursive: true, force: true });
    mkdirSync(this.paths.ledger, { recursive: true });
    writeFileSync(this.paths.log, log);
    writeFileSync(this.paths.watermark, watermark);
    if (state) writeFileSync(this.paths.state, state);
  }

  /** Opens the files and closes them again. @throws DataFolderRefused */
  async recover(): Promise<Recovered> {
    const log: string[] = [];
    const files = await openFiles(this.paths, (message) => log.push(message));
    const known = new Set<string>();
    const knows = (id: string) => known.has(id);
    for (const id of this.#asked) if (files.state.transaction(id)) known.add(id);
    const { height } = files.head;
    await files.log.close();
    files.watermark.close();
    files.state.close();
    return { height, log, knows };
  }

  #asked: readonly string[] = [];

  /** Which transaction ids `recover` looks for. */
  askFor(ids: readonly string[]): this {
    this.#asked = ids;
    return this;
  }
}
