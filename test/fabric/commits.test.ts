import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { type Block, dataHash, decodeBlock, encodeBlock } from '../../network/format/block.js';
import { decodeResponsePayload, encodeResponsePayload } from '../../network/format/response.js';
import { VALIDATION_CODE } from '../../network/format/validation-code.js';
import { MessageWriter } from '../../network/format/wire.js';
import { freshAgencyId } from '../support/contract-world.js';
import { doubleSuite } from '../support/fabric-double/double-suite.js';

const { ENDORSEMENT_POLICY_FAILURE } = VALIDATION_CODE;

function withCode(block: Buffer, code: number): Buffer {
  const decoded = decodeBlock(block);
  return encodeBlock({ ...decoded, filter: Buffer.alloc(decoded.filter.length, code) });
}

describe('what became of a transaction', () => {
  const suite = doubleSuite({ deadlineMilliseconds: 10_000 });

  /** The peer says of every transaction from now on that it has this code, in its blocks and when it is asked. */
  function claim(index: number, code: number, from = suite.double.peer(index).height): void {
    const peer = suite.double.peer(index);
    peer.block = (bytes, number) => (number < from ? bytes : withCode(bytes, code));
    peer.answer = async (honest, chaincode) => {
      const answer = await honest();
      if (chaincode !== 'qscc' || answer.status !== 200) return answer;
      const response = decodeResponsePayload(answer.payload);
      const first = response.payload[0];
      // A processed transaction has its code in field 2, a block its header in field 1, a height is a number in field 1.
      if (first === 0x08) return answer;
      const payload =
        first === 0x0a ? withCode(Buffer.from(response.payload), code) : new MessageWriter().integer(2, code).finish();
      return peer.signed(encodeResponsePayload({ ...response, payload }));
    };
  }

  it("believes the own peer's block stream that it is valid, and asks nobody", async () => {
    const committed = await suite.register();
    expect(await suite.fabric.ledger.transactionStatus(committed.transactionId)).toEqual({
      id: committed.transactionId,
      status: 'valid',
      committed,
    });
  });

  it('does not believe the own peer alone that it is invalid', async () => {
    claim(0, ENDORSEMENT_POLICY_FAILURE);
    const { transactionId } = await suite.register();
    expect(await suite.fabric.ledger.transactionStatus(transactionId)).toMatchObject({ status: 'valid' });
  });

  it('tells a failure that two provinces confirm, and does not try again', async () => {
    for (const index of [0, 2]) claim(index, ENDORSEMENT_POLICY_FAILURE);
    for (const index of [1, 3]) suite.double.peer(index).limit = suite.double.peer(index).height;
    const told: string[] = [];
    const failed = suite.register(undefined, (id) => told.push(id));
    await expect(failed).rejects.toMatchObject({ name: 'TransactionInvalid', validationCode: 'ENDORSEMENT_POLICY_FAILURE' });
    expect(told.length).toBe(1);
    expect(await suite.outbox.pending()).toEqual([]);
  });

  it('tries a stale read again, and tells who loses what the ledger says then', async () => {
    const agencyId = freshAgencyId('310000');
    const told: string[] = [];
    const attempts = await Promise.allSettled(Array.from({ length: 4 }, () => suite.register(agencyId, (id) => told.push(id))));
    expect(attempts.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    for (const attempt of attempts)
      if (attempt.status === 'rejected') expect(attempt.reason).toMatchObject({ name: 'Refusal', code: 'agency.exists' });
    expect(new Set(told).size).toBe(told.length);
  });

  it('gives up a read that is stale every time, after the first try and five more', async () => {
    const patient = await suite.double.open({ deadlineMilliseconds: 60_000 });
    const agencyId = freshAgencyId('310000');
    await suite.register(agencyId);
    const touch = () => {
      const input = { agencyId, roles: ['case-handler'] };
      const argument = encodeArgument({ operation: randomBytes(16).toString('hex'), input });
      return { signer: suite.signer, function: 'registry:SetAgencyRoles', argument };
    };
    // Each time before ours is ordered, somebody else writes the record that it read.
    suite.double.ordering.before = async () => {
      const { world } = suite.double;
      await world.node.committer.broadcast(await world.envelope(await world.execute(touch())));
    };
    const told: string[] = [];
    await expect(patient.ledger.submit(touch(), (id) => told.push(id))).rejects.toMatchObject({
      name: 'LedgerConflict',
    });
    expect(new Set(told).size).toBe(6);
  });

  it('learns of the commit from the others when the own peer holds its blocks back', async () => {
    const from = suite.double.peer(0).height;
    suite.double.peer(0).block = (bytes, number) => (number < from ? bytes : undefined);
    expect((await suite.register()).block).toBeGreaterThanOrEqual(from);
  });

  it('learns of the commit from two others when the own peer is gone after the transaction was sent', async () => {
    suite.double.orderer(0).take = async (honest) => {
      suite.double.peers[0]?.stop();
      return honest();
    };
    const { endorsers, transactionId } = await suite.register();
    expect(endorsers.length).toBe(3);
    expect(await suite.fabric.ledger.transactionStatus(transactionId)).toMatchObject({ status: 'valid' });
  });

  it('does not believe one other province while the own peer is away', async () => {
    const { transactionId } = await suite.register();
    for (const index of [0, 2, 3]) suite.double.peers[index]?.stop();
    await suite.until('they are known to be away', () => suite.fabric.health().away.length === 3);
    const asked = () => suite.fabric.ledger.transactionStatus(transactionId).catch(() => undefined);
    let told = await asked();
    await suite.until('the one that is left answers', async () => {
      told = await asked();
      return told !== undefined;
    });
    expect(told).toEqual({ id: transactionId, status: 'pending' });
  });

  /** What the peers answer to a question about a transaction's block. */
  function tellBlock(indexes: readonly number[], change: (block: Block) => Block, code?: number): void {
    for (const index of indexes) {
      const peer = suite.double.peer(index);
      peer.answer = async (honest, chaincode, [question]) => {
        const answer = await honest();
        if (chaincode !== 'qscc' || question === 'GetChainInfo') return answer;
        if (question === 'GetTransactionByID' && code === undefined) return answer;
        const response = decodeResponsePayload(answer.payload);
        const payload =
          question === 'GetTransactionByID'
            ? new MessageWriter().integer(2, code ?? 0).finish()
            : encodeBlock(change(decodeBlock(response.payload)));
        return peer.signed(encodeResponsePayload({ ...response, payload }));
      };
    }
  }

  it("takes from nobody's word alone where it stands while the own peer is away", async () => {
    const { transactionId, block } = await suite.register();
    suite.double.peers[0]?.stop();
    suite.double.peers[3]?.stop();
    await suite.until('they are known to be away', () => suite.fabric.health().away.length === 2);
    tellBlock([1], (told) => ({ ...told, header: { ...told.header, number: told.header.number + 1 } }));
    const status = () => suite.fabric.ledger.transactionStatus(transactionId);
    expect(await status()).toEqual({ id: transactionId, status: 'pending' });
    tellBlock([1], (told) => ({ ...told, filter: Buffer.alloc(told.filter.length, ENDORSEMENT_POLICY_FAILURE) }));
    expect(await status()).toEqual({ id: transactionId, status: 'pending' });
    tellBlock([1], (told) => told);
    expect(await status()).toMatchObject({ status: 'valid', committed: { block } });
  });

  it('does not take content that the block has no hash of, from the own peer neither', async () => {
    const { transactionId, payload } = await suite.register();
    const other = (told: Block) => ({
      ...told,
      data: told.data.map((envelope) => Buffer.concat([envelope, Buffer.from([0x98, 0x06, 1])])),
    });
    tellBlock([0], other);
    expect(await suite.fabric.ledger.transactionStatus(transactionId)).toMatchObject({ status: 'valid', committed: { payload } });
    tellBlock([1, 2], other);
    expect(await suite.fabric.ledger.transactionStatus(transactionId)).toEqual({ id: transactionId, status: 'pending' });
  });

  it('finds the valid one behind an invalid one that bears its id', async () => {
    const { transactionId, block } = await suite.register();
    // Whoever may write to the channel can have this: the peers index the first, and tell its code.
    tellBlock(
      [0, 1, 2, 3],
      (told) => {
        const data = [...told.data.map((envelope) => Buffer.concat([envelope, Buffer.from([0x98, 0x06, 1])])), ...told.data];
        const filter = Buffer.concat([Buffer.alloc(told.data.length, VALIDATION_CODE.BAD_CREATOR_SIGNATURE), told.filter]);
        return { ...told, header: { ...told.header, dataHash: dataHash(data) }, data, filter };
      },
      VALIDATION_CODE.BAD_CREATOR_SIGNATURE,
    );
    expect(await suite.fabric.ledger.transactionStatus(transactionId)).toMatchObject({
      status: 'valid',
      committed: { block, position: 1 },
    });
  });

  it('of one that was never sent stays pending', async () => {
    const id = 'ab'.repeat(32);
    expect(await suite.fabric.ledger.transactionStatus(id)).toEqual({ id, status: 'pending' });
  });
});
