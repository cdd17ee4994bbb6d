/**
 * Checks a folder's block log from block 0 to the watermark and beyond: records, hash links, the orderers'
 * signatures, the creator's and endorsers' signatures under each transaction, the validation codes by replaying
 * every commit, and the chain of commit hashes. It reads only, needs no lock, and reports the first thing that is wrong.
 */
import type { Block } from '../format/block.js';
import { signatureFault } from '../identity/block-signatures.js';
import type { ChannelInForce } from '../identity/in-force.js';
import { pathsOf } from './folder.js';
import { FILE_HEADER_LENGTH, fileVersion, LOG_VERSION } from './frame.js';
import { LogReader, type ScanFault, scan } from './log-scan.js';
import { BEGINNING } from './log-walk.js';
import { channelOfLog, checkOutcome, type Outcome } from './replay.js';
import { ReplayIndex } from './replay-index.js';
import { readWatermark } from './watermark.js';

export interface LogVerification {
  /** blocks found whole, from block 0 on */
  readonly blocks: number;
  readonly transactions: number;
  /** the first thing that is wrong; undefined when nothing is */
  readonly problem: ScanFault | undefined;
}

/** @throws Error that says what is wrong with the block */
async function checkBlock(
  channel: ChannelInForce,
  view: ReplayIndex,
  block: Block,
  previousCommitHash: Uint8Array,
): Promise<Outcome> {
  const fault = await signatureFault(channel, block);
  if (fault !== undefined) throw new Error(fault);
  return checkOutcome({ membership: channel.membership, view, signatures: 'all' }, block, previousCommitHash);
}

/** @param onProgress told after each block: how many, and at which byte of how many */
export async function verifyLog(
  folder: string,
  onProgress: (blocks: number, bytes: number, of: number) => void = () => {},
): Promise<LogVerification> {
  const paths = pathsOf(folder);
  const reader = new LogReader(paths.log);
  const index = new ReplayIndex();
  try {
    const mark = readWatermark(paths.watermark);
    const acknowledged = mark.found === 'value' ? mark.value.height : undefined;
    if (fileVersion(reader.read(0, FILE_HEADER_LENGTH)) !== LOG_VERSION)
      return {
        blocks: 0,
        transactions: 0,
        problem: { number: 0, offset: 0, problem: 'the file is no block log of this version' },
      };
    return await verifyBlocks(reader, index, acknowledged, onProgress);
  } finally {
    index.close();
    reader.close();
  }
}

async function verifyBlocks(
  reader: LogReader,
  index: ReplayIndex,
  acknowledged: number | undefined,
  onProgress: (blocks: number, bytes: number, of: number) => void,
): Promise<LogVerification> {
  let channel: ChannelInForce | undefined;
  let [blocks, transactions, end] = [0, 0, BEGINNING.offset];
  let previousCommitHash: Uint8Array = new Uint8Array();
  const walk = scan(reader, BEGINNING);
  for (;;) {
    const { done, value } = walk.next();
    if (done) {
      const missing =
        acknowledged === undefined ? 'the watermark is missing or damaged' : `${acknowledged} blocks were acknowledged`;
      const short = acknowledged === undefined || blocks < acknowledged;
      return { blocks, transactions, problem: value ?? (short ? { number: blocks, offset: end, problem: missing } : undefined) };
    }
    const { block, offset } = value;
    let outcome: Outcome;
    try {
      channel ??= channelOfLog(reader);
      outcome = await checkBlock(channel, index, block, previousCommitHash);
    } catch (error) {
      return { blocks, transactions, problem: { number: block.header.number, offset, problem: (error as Error).message } };
    }
    index.record(outcome);
    previousCommitHash = block.commitHash;
    [blocks, transactions, end] = [blocks + 1, transactions + block.data.length, value.next];
    onProgress(blocks, end, reader.length);
  }
}
