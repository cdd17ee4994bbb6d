/**
 * Checks a folder's block log from block 0 to the watermark and beyond: records, hash links, the orderers'
 * signatures, the creator's and endorsers' signatures under each transaction, and the chain of commit
 * hashes. It reads only, needs no lock, and reports the first thing that is wrong.
 */
import { CHAINCODE_NAME } from '../channel.js';
import { type Block, signedByOrderer } from '../format/block.js';
import { commitHash } from '../format/commit-hash.js';
import { rootCertificatesOf } from '../format/config.js';
import { decodeSignatureHeader } from '../format/header.js';
import { VALIDATION_CODE, validationCodeName } from '../format/validation-code.js';
import { Membership, verifyMember } from '../identity/msp.js';
import { BLOCK_SIGNATURES, updatesOf } from './block-builder.js';
import { pathsOf } from './folder.js';
import { FILE_HEADER_LENGTH, fileVersion, LOG_VERSION } from './frame.js';
import { LogReader, type ScanFault, scan } from './log-scan.js';
import { BEGINNING } from './log-walk.js';
import { type CheckedTransaction, checkEnvelope } from './validation.js';
import { readWatermark } from './watermark.js';

export interface LogVerification {
  /** blocks found whole, from block 0 on */
  readonly blocks: number;
  readonly transactions: number;
  /** the first thing that is wrong; undefined when nothing is */
  readonly problem: ScanFault | undefined;
}

/** Codes that a transaction can have only if its bytes alone deserve it. */
const DECIDED_BY_BYTES: readonly number[] = [
  VALIDATION_CODE.ENDORSEMENT_POLICY_FAILURE,
  VALIDATION_CODE.INVALID_ENDORSER_TRANSACTION,
];

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

function codeProblem(code: number, checked: CheckedTransaction): string | undefined {
  const byBytes = DECIDED_BY_BYTES.includes(code);
  const right = byBytes ? checked.code === code : checked.code === VALIDATION_CODE.VALID;
  return right ? undefined : `it is marked ${validationCodeName(code)} and deserves ${validationCodeName(checked.code)}`;
}

async function checkTransactions(membership: Membership, block: Block): Promise<CheckedTransaction[]> {
  return Promise.all(
    block.data.map(async (envelope, position) => {
      const checked = await checkEnvelope(membership, envelope);
      const problem = codeProblem(block.filter[position] ?? VALIDATION_CODE.INVALID_OTHER_REASON, checked);
      if (problem) throw new Error(`transaction ${position}: ${problem}`);
      return checked;
    }),
  );
}

/** @throws Error that says what is wrong with the block */
async function checkBlock(membership: Membership, block: Block, previousCommitHash: Uint8Array): Promise<void> {
  const signed = await orderersWhoSigned(membership, block);
  if (signed < BLOCK_SIGNATURES) throw new Error(`${signed} orderers signed it, not ${BLOCK_SIGNATURES}`);
  const { number } = block.header;
  const transactions = number === 0 ? [] : await checkTransactions(membership, block);
  const updates = updatesOf(number, transactions, [...block.filter]);
  const expected = commitHash(CHAINCODE_NAME, block.filter, updates, previousCommitHash);
  if (!expected.equals(block.commitHash)) throw new Error('its commit hash is not that of its writes');
}

/** @param onProgress told after each block: how many, and at which byte of how many */
export async function verifyLog(
  folder: string,
  onProgress: (blocks: number, bytes: number, of: number) => void = () => {},
): Promise<LogVerification> {
  const paths = pathsOf(folder);
  const reader = new LogReader(paths.log);
  try {
    const mark = readWatermark(paths.watermark);
    const acknowledged = mark.found === 'value' ? mark.value.height : undefined;
    if (fileVersion(reader.read(0, FILE_HEADER_LENGTH)) !== LOG_VERSION)
      return {
        blocks: 0,
        transactions: 0,
        problem: { number: 0, offset: 0, problem: 'the file is no block log of this version' },
      };
    return await verifyBlocks(reader, acknowledged, onProgress);
  } finally {
    reader.close();
  }
}

async function verifyBlocks(
  reader: LogReader,
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
    try {
      membership ??= new Membership(rootCertificatesOf(block.data[0] ?? Buffer.alloc(0)));
      await checkBlock(membership, block, previousCommitHash);
    } catch (error) {
      return { blocks, transactions, problem: { number: block.header.number, offset, problem: (error as Error).message } };
    }
    previousCommitHash = block.commitHash;
    [blocks, transactions, end] = [blocks + 1, transactions + block.data.length, value.next];
    onProgress(blocks, end, reader.length);
  }
}
