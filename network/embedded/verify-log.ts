/**
 * Checks a folder's block log from block 0 to the watermark and beyond: records, hash links, the orderers'
 * signatures, the creator's and endorsers' signatures under each transaction, the validation codes by replaying
 * every commit, and the chain of commit hashes. It reads only, needs no lock, and reports the first thing that is wrong.
 */
import { type Block, signedByOrderer } from '../format/block.js';
import { decodeSignatureHeader } from '../format/header.js';
import { type Membership, verifyMember } from '../identity/msp.js';
import { BLOCK_SIGNATURES } from './block-builder.js';
import { pathsOf } from './folder.js';
import { FILE_HEADER_LENGTH, fileVersion, LOG_VERSION } from './frame.js';
import { LogReader, type ScanFault, scan } from './log-scan.js';
import { BEGINNING } from './log-walk.js';
import { checkOutcome, membershipOfLog, type Outcome, type ReplayDeps } from './replay.js';
import { ReplayIndex } from './replay-index.js';
import { readWatermark } from './watermark.js';

export interface LogVerification {
  /** blocks found whole, from block 0 on */
  readonly blocks: number;
  readonly transactions: number;
  /** the first thing that is wrong; undefined when nothing is */
  readonly problem: ScanFault | undefined;
}

async function orderersWhoSigned(membership: Membership, block: Block): Promise<number> {
  const members = await Promise.all(
    block.signatures.map(async ({ signatureHeader, signature }) => {
      const member = membership.member(decodeSignatureHeader(signatureHeader).creator);
      if (member?.unit !== 'orderer') return undefined;
      return (await verifyMember(member, signedByOrderer(block, signatureHeader), signature)) ? member.mspId : undefined;
    }),
  );
  return new Set(members.filter((mspId) => mspId !== undefined)).size;
}

/** @throws Error that says what is wrong with the block */
async function checkBlock(deps: ReplayDeps, block: Block, previousCommitHash: Uint8Array): Promise<Outcome> {
  const signed = await orderersWhoSigned(deps.membership, block);
  if (signed < BLOCK_SIGNATURES) throw new Error(`${signed} orderers signed it, not ${BLOCK_SIGNATURES}`);
  return checkOutcome(deps, block, previousCommitHash);
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
  let membership: Membership | undefined;
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
      membership ??= membershipOfLog(reader);
      outcome = await checkBlock({ membership, view: index, signatures: 'all' }, block, previousCommitHash);
    } catch (error) {
      return { blocks, transactions, problem: { number: block.header.number, offset, problem: (error as Error).message } };
    }
    index.record(outcome);
    previousCommitHash = block.commitHash;
    [blocks, transactions, end] = [blocks + 1, transactions + block.data.length, value.next];
    onProgress(blocks, end, reader.length);
  }
}
