/** How the ledger stands, as four provinces' peers say and its orderers sign, for somebody outside to keep. */
import { CHECKPOINT_FORMAT, type Statement } from '../../network/audit/checkpoint-format.js';
import { LedgerUnavailable } from '../../network/errors.js';
import { blockHash } from '../../network/format/block.js';
import { blockInAnswer, cutAnswer } from '../../network/format/block-statement.js';
import type { Ledger, LedgerBlock, SignedAnswer } from '../../network/ledger.js';

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Without the block's transactions: not everybody may read them. @throws FormatError */
export function statementOf({ mspId, payload, endorser, signature }: SignedAnswer): Statement {
  const bytes = Buffer.from(payload);
  const { header, commitHash } = blockInAnswer(bytes);
  const { before, after } = cutAnswer(bytes);
  const said = { mspId, blockHash: hex(blockHash(header)), stateHash: hex(commitHash) };
  return { ...said, before: base64(before), after: base64(after), endorser: base64(endorser), signature: base64(signature) };
}

/** The state hash that most provinces sign for this block; home's own when they are torn. */
function stateHashOf({ hash, seal }: LedgerBlock, statements: readonly Statement[]): string {
  const said = statements.flatMap(({ blockHash: block, stateHash }) => (block === hash ? [stateHash] : []));
  const count = (stateHash: string) => said.filter((one) => one === stateHash).length;
  return said.reduce((best, one) => (count(one) > count(best) ? one : best), seal.stateHash);
}

async function lastBlock(ledger: Ledger, height: number): Promise<LedgerBlock> {
  const enough = new AbortController();
  try {
    for await (const block of ledger.blocks(height - 1, enough.signal)) return block;
  } finally {
    enough.abort();
  }
  throw new LedgerUnavailable('the ledger is closing');
}

/** @param height number of blocks @throws LedgerUnavailable */
export async function checkpointAt(ledger: Ledger, height: number) {
  const [block, answers] = await Promise.all([lastBlock(ledger, height), ledger.statements(height - 1)]);
  const statements = answers.map(statementOf);
  const { hash, previousHash, seal } = block;
  const { dataHash, ordererMetadata, signatures } = seal;
  const place = { height, blockHash: hash, stateHash: stateHashOf(block, statements), previousHash, dataHash };
  return { format: CHECKPOINT_FORMAT, ...place, ordererMetadata, signatures, statements };
}
