/** A checkpoint's statements against the audited chain: with the block's transactions put back, each signature is checked. */
import type { Block } from '../format/block.js';
import { blockHash } from '../format/block.js';
import { blockInAnswer, wholeAnswer } from '../format/block-statement.js';
import type { ChannelInForce } from '../identity/in-force.js';
import { verifyMember } from '../identity/msp.js';
import type { Audited } from './audit-chain.js';
import type { Statement } from './checkpoint-format.js';
import { Differs } from './difference.js';

const bytes = (text: string) => Buffer.from(text, 'base64');

/** What is wrong with a statement itself; undefined when that province's peer signed it of this block. */
async function fault({ membership }: ChannelInForce, block: Block, statement: Statement): Promise<string | undefined> {
  try {
    const payload = wholeAnswer({ before: bytes(statement.before), after: bytes(statement.after) }, block.data);
    const endorser = bytes(statement.endorser);
    const member = membership.member(endorser);
    if (member?.mspId !== statement.mspId || member.unit !== 'peer') return 'is by no peer of that province';
    if (!(await verifyMember(member, Buffer.concat([payload, endorser]), bytes(statement.signature))))
      return 'has no signature that holds over this block: it was changed, or signed of another one';
    const said = blockInAnswer(payload);
    const [hash, state] = [blockHash(said.header).toString('hex'), Buffer.from(said.commitHash).toString('hex')];
    return hash === statement.blockHash && state === statement.stateHash ? undefined : 'says another thing than what was signed';
  } catch (error) {
    return `cannot be read: ${(error as Error).message}`;
  }
}

/** @param file where they were kept, for messages @throws Differs at the first that does not hold, or holds and says what is not so */
export async function checkStatements(
  statements: readonly Statement[],
  file: string,
  block: Block,
  at: Audited,
  channel: ChannelInForce,
): Promise<void> {
  const number = block.header.number;
  for (const statement of statements) {
    const { mspId, stateHash } = statement;
    const wrong = await fault(channel, block, statement);
    const differs = (problem: string, found: string) =>
      new Differs({ check: 'checkpoint', block: number, problem, expected: at.stateHash, found });
    if (wrong) throw differs(`what ${file} keeps of ${mspId} ${wrong}`, stateHash);
    if (stateHash !== at.stateHash)
      throw differs(`the peer of ${mspId} signed, in ${file}, a state that block ${number} does not make`, stateHash);
  }
}
