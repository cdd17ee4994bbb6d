/** The data folder as it lies there, read without changing anything in it. */
import { accessSync, closeSync, constants, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathsOf } from '../../network/embedded/folder.js';
import { FILE_HEADER_LENGTH, fileVersion, LOG_VERSION } from '../../network/embedded/frame.js';
import { readWatermark } from '../../network/embedded/watermark.js';
import { type Finding, fault, note, ok } from './finding.js';

const FOLDER = 'data folder';
const RESTORE = 'Restore the folder from a backup, or set DATA_DIR to another one.';

function header(file: string): Buffer {
  const bytes = Buffer.alloc(FILE_HEADER_LENGTH);
  const descriptor = openSync(file, 'r');
  try {
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(descriptor);
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether the block log is there, of this version, and as long as was acknowledged. */
export function checkDataFolder(dataDir: string): Finding {
  if (!existsSync(dataDir)) return ok(FOLDER, `${dataDir} is not there yet; npm start makes it`);
  if (!statSync(dataDir).isDirectory()) return fault(FOLDER, `${dataDir} is a file`, 'Set DATA_DIR to a folder.');
  if (!isWritable(dataDir))
    return fault(FOLDER, `${dataDir} cannot be written`, 'Make it yours (chown, chmod 700), or set another DATA_DIR.');
  const { log, watermark } = pathsOf(dataDir);
  const mark = readWatermark(watermark);
  if (mark.found === 'damaged') return fault(FOLDER, `${watermark} is damaged`, RESTORE);
  if (mark.found === 'other-version')
    return fault(FOLDER, `${watermark} has format ${mark.version}`, 'Run the version that wrote it.');
  if (!existsSync(log))
    return mark.found === 'none' ? ok(FOLDER, `${dataDir} holds no ledger yet`) : fault(FOLDER, `${log} is missing`, RESTORE);
  const version = fileVersion(header(log));
  if (version === undefined) return fault(FOLDER, `${log} does not begin as a block log does`, RESTORE);
  if (version !== LOG_VERSION)
    return fault(FOLDER, `${log} has format ${version}, not ${LOG_VERSION}`, 'Run the version that wrote it.');
  if (mark.found === 'none') return fault(FOLDER, `${watermark} is missing`, RESTORE);
  const { height, logLength } = mark.value;
  if (statSync(log).size < logLength) return fault(FOLDER, `${log} is shorter than what was acknowledged`, RESTORE);
  return ok(FOLDER, `${dataDir}: ${height} blocks, format ${version}`);
}

/** Whether a process has the folder: the lock is held by the process itself, so no stale one is left. */
export function checkLock(dataDir: string): Finding {
  const file = join(dataDir, 'lock');
  if (!existsSync(file)) return ok('lock', 'nobody has opened the folder');
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    return ok('lock', 'no process has the folder open');
  } catch {
    return note(
      'lock',
      'a running process has the folder open',
      'That is right while the server runs; a second one needs another DATA_DIR.',
    );
  } finally {
    database.close();
  }
}

/** When the last block was written, by the clock of that time; undefined without a ledger. */
export function lastWrite(dataDir: string): number | undefined {
  const { log } = pathsOf(dataDir);
  return existsSync(log) ? statSync(log).mtimeMs : undefined;
}

function secretsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile() && /(^|-)key\.pem$|\.key$/.test(basename(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Private keys are their owner's alone: whoever reads one can sign as that agency. */
export function checkKeyModes(dataDir: string): Finding {
  const secrets = secretsIn(dataDir);
  const open = secrets.filter((file) => statSync(file).mode & 0o077);
  if (open.length === 0) return ok('keys', `${secrets.length} private keys, each readable by its owner only`);
  const advice = `chmod 600 ${open.slice(0, 3).join(' ')}${open.length > 3 ? ' …' : ''}, and make new keys if others use this machine.`;
  return fault('keys', `${open.length} of ${secrets.length} private keys can be read by others`, advice);
}
