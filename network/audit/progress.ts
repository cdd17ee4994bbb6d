/**
 * How far an audit came, so that the next one need not check the same signatures and run the same transactions
 * again. It is a claim, no proof: the next audit links, hashes and replays all blocks anew and only then believes
 * that these very blocks were found right. Whoever can write this file can have that much skipped: keep it where
 * the audited party cannot write, or delete it.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { CHAINCODE_VERSION } from '../channel.js';
import type { Audited, Companion } from './audit-chain.js';

export const PROGRESS_FORMAT = 'yrd-audit-progress/1';
const EVERY_MS = 2000;

export interface Progress {
  readonly height: number;
  readonly blockHash: string;
}

/** Undefined when there is none, or none that this build can go on from; `warn` is told why. */
export function readProgress(file: string, warn: (message: string) => void): Progress | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const value = JSON.parse(readFileSync(file, 'utf8'));
    const { format, code, height, blockHash } = value ?? {};
    if (format !== PROGRESS_FORMAT) throw new Error(`its format is not ${PROGRESS_FORMAT}`);
    if (code !== CHAINCODE_VERSION) throw new Error('it was made with other contracts');
    if (!Number.isSafeInteger(height) || height < 1 || !/^[0-9a-f]{64}$/.test(blockHash)) throw new Error('it is damaged');
    return { height, blockHash };
  } catch (error) {
    warn(`${file} is not used (${(error as Error).message}): the audit starts from block 0`);
    return undefined;
  }
}

function write(file: string, { height, blockHash }: Audited): void {
  const text = JSON.stringify({ format: PROGRESS_FORMAT, code: CHAINCODE_VERSION, height, blockHash });
  writeFileSync(`${file}.new`, `${text}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Notes the progress now and then, and at the end. */
export function progressKeeper(file: string, before: Progress | undefined): Companion {
  let written = performance.now();
  return {
    afterBlock(_block, at) {
      if (at.height <= (before?.height ?? 0) || performance.now() - written < EVERY_MS) return;
      write(file, at);
      written = performance.now();
    },
    atEnd: (at) => write(file, at),
  };
}
