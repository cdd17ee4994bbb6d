/**
 * How far an audit came, so that the next one need not check the same signatures and run the same transactions
 * again. It is a claim, no proof: the next audit links, hashes and replays all blocks anew and only then believes
 * that these very blocks were found right. Whoever can write this file can have that much skipped: keep it where
 * the audited party cannot write, or delete it.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { CHAINCODE_VERSION } from '../channel.js';
import type { Audited, Before, Companion } from './audit-chain.js';
import { CannotTell } from './difference.js';

export const PROGRESS_FORMAT = 'yrd-audit-progress/1';
const EVERY_MS = 2000;

/** Undefined when there is no file. @throws Error with the reason why it cannot be used */
function parse(file: string): Before | undefined {
  if (!existsSync(file)) return undefined;
  const value = JSON.parse(readFileSync(file, 'utf8'));
  const { format, code, height, blockHash } = value ?? {};
  if (format !== PROGRESS_FORMAT) throw new Error(`its format is not ${PROGRESS_FORMAT}`);
  if (!Number.isSafeInteger(height) || height < 1 || !/^[0-9a-f]{64}$/.test(blockHash)) throw new Error('it is damaged');
  return { height, blockHash, otherCode: code !== CHAINCODE_VERSION };
}

/** Undefined when there is none, or none that this build can go on from; `warn` is told why. */
export function readProgress(file: string, warn: (message: string) => void): Before | undefined {
  try {
    const progress = parse(file);
    if (progress?.otherCode) throw new Error('it was made with other contracts');
    return progress;
  } catch (error) {
    warn(`${file} is not used (${(error as Error).message}): the audit starts from block 0`);
    return undefined;
  }
}

/** What a follower must find again; undefined when there is no file. @throws CannotTell for one that is not to be read */
export function readRemembered(file: string): Before | undefined {
  try {
    return parse(file);
  } catch (error) {
    const { message } = error as Error;
    throw new CannotTell(
      `${file} does not tell how far was followed (${message}): put it back, or audit against a checkpoint and then delete it`,
    );
  }
}

function write(file: string, { height, blockHash }: Audited): void {
  const text = JSON.stringify({ format: PROGRESS_FORMAT, code: CHAINCODE_VERSION, height, blockHash });
  writeFileSync(`${file}.new`, `${text}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}

export interface ProgressKeeper extends Companion {
  /** Notes it now, unless the chain was longer before. */
  note(at: Audited): void;
}

/** Notes the progress now and then, and at the end. @param everyMs milliseconds between two notes while blocks are read */
export function progressKeeper(file: string, before: Before | undefined, everyMs = EVERY_MS): ProgressKeeper {
  const least = before?.height ?? 0;
  let written = performance.now();
  const note = (at: Audited) => {
    if (at.height < least) return;
    write(file, at);
    written = performance.now();
  };
  return {
    afterBlock(_block, at) {
      if (at.height > least && performance.now() - written >= everyMs) note(at);
    },
    atEnd: note,
    note,
  };
}
