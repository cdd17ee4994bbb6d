import { beforeAll, describe, expect, it } from 'vitest';
import { statementOf } from '../../api/evidence/checkpoint.js';
import { PROVINCES } from '../../chaincode/provinces.js';
import { type Checkpoint, checkpointComparison } from '../../network/audit/checkpoint.js';
import { CHECKPOINT_FORMAT, type Statement } from '../../network/audit/checkpoint-format.js';
import { endorse } from '../../network/embedded/endorser.js';
import { type Block, blockHash, encodeBlock } from '../../network/format/block.js';
import { encodeResponsePayload } from '../../network/format/response.js';
import type { NetworkNode } from '../../network/identity/province.js';
import { differenceOf } from '../support/audit-world.js';
import type { FabricChain } from '../support/fabric-chain.js';
import { auditedChain, auditShown } from '../support/network-world.js';

describe('a network’s checkpoint with what provinces signed', () => {
  let chain: FabricChain;
  let middle: number;
  let agencyId: string;
  beforeAll(async () => {
    ({ chain, middle, agencyId } = await auditedChain());
  }, 60_000);
  const block = (number: number) => chain.blocks[number] as Block;

  /** What a peer signs to be a block. */
  const statement = async (shown: Block, index: number, by = chain.peers[index] as NetworkNode) => {
    const { mspId } = PROVINCES[index] as (typeof PROVINCES)[number];
    const asked = { proposalHash: Buffer.alloc(32, 1), chaincode: { name: 'qscc', version: 'syscc' }, status: 200 };
    const payload = encodeResponsePayload({ ...asked, payload: encodeBlock(shown), reads: [], writes: [] });
    const { endorser, signature } = await endorse(by, payload);
    return statementOf({ mspId, certificate: by.certificate, payload, endorser, signature });
  };
  const compared = (statements: readonly Statement[]) => {
    const { header, commitHash } = block(middle);
    const [hash, state] = [blockHash(header).toString('hex'), Buffer.from(commitHash).toString('hex')];
    const checkpoint: Checkpoint = {
      format: CHECKPOINT_FORMAT,
      channel: 'delta',
      height: middle + 1,
      blockHash: hash,
      stateHash: state,
      statements,
    };
    return auditShown(chain, () => chain.blocks, [checkpointComparison(checkpoint, 'kept.json')]);
  };

  it('finds nothing when four signed the block that there is, and shows none of its transactions', async () => {
    const four = await Promise.all([0, 1, 2, 3].map((index) => statement(block(middle), index)));
    expect(await compared(four)).toMatchObject({ height: chain.blocks.length });
    const kept = Buffer.concat(four.flatMap(({ before, after }) => [before, after].map((text) => Buffer.from(text, 'base64'))));
    expect(encodeBlock(block(middle)).includes(agencyId)).toBe(true);
    expect(kept.includes(agencyId)).toBe(false);
  });

  it('names the province that signed another state', async () => {
    const lie = await statement({ ...block(middle), commitHash: Buffer.alloc(32, 7) }, 2);
    expect(await differenceOf(compared([await statement(block(middle), 0), lie]))).toMatchObject({
      check: 'checkpoint',
      block: middle,
      problem: expect.stringContaining('the peer of ZhejiangMSP signed, in kept.json, a state that block'),
      found: '07'.repeat(32),
    });
  });

  it('takes no word that was changed, that is of another block, or that no peer of the province signed', async () => {
    const right = await statement(block(middle), 1);
    const other = await statement(block(middle - 1), 1);
    const client = await statement(block(middle), 1, await chain.node(1, 'client'));
    const neighbour = await statement(block(middle), 1, chain.peers[2] as NetworkNode);
    const wrong = [
      [{ ...right, stateHash: 'ab'.repeat(32) }, 'says another thing than what was signed'],
      [{ ...right, after: other.after }, 'has no signature that holds'],
      [{ ...right, signature: other.signature }, 'has no signature that holds'],
      [client, 'is by no peer of that province'],
      [neighbour, 'is by no peer of that province'],
    ] as const;
    for (const [one, problem] of wrong)
      expect(await differenceOf(compared([one]))).toMatchObject({
        check: 'checkpoint',
        problem: expect.stringContaining(problem),
      });
  });
});
