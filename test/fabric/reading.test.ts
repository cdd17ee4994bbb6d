import { describe, expect, it } from 'vitest';
import { dataHash, decodeBlock, encodeBlock } from '../../network/format/block.js';
import { decodeResponsePayload, encodeResponsePayload } from '../../network/format/response.js';
import { MessageWriter } from '../../network/format/wire.js';
import { freshAgencyId } from '../support/contract-world.js';
import { doubleSuite } from '../support/fabric-double/double-suite.js';
import { GrpcFault } from '../support/fabric-double/grpc-server.js';
import { allBlocks } from '../support/ledger-world.js';

describe('reading blocks', () => {
  const suite = doubleSuite();

  async function untampered(): Promise<void> {
    const honest = await suite.double.open();
    const expected = await allBlocks(honest.ledger);
    expect(await allBlocks(suite.fabric.ledger)).toEqual(expected);
    expect(expected.map(({ number }) => number)).toEqual(expected.map((_, index) => index));
  }

  it('reads on from another peer when the own one goes away, and misses none', async () => {
    const { height } = await suite.fabric.ledger.info();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { transactions } of suite.fabric.ledger.blocks(height, new AbortController().signal)) {
        seen.push(...transactions.map(({ id }) => id));
        if (seen.length === 3) return;
      }
    })();
    const first = await suite.register();
    await suite.until('the first is read', () => seen.length === 1);
    suite.double.peers[0]?.stop();
    const [second, third] = [await suite.register(), await suite.register()];
    await reading;
    expect(seen).toEqual([first, second, third].map(({ transactionId }) => transactionId));
  });

  it('believes no single peer where the chain ends, while the own one is away', async () => {
    const liar = suite.double.peer(1);
    liar.answer = async (honest, _chaincode, args) => {
      const answer = await honest();
      if (args[0] !== 'GetChainInfo') return answer;
      const payload = new MessageWriter().integer(1, 1_000_000_000).finish();
      return liar.signed(encodeResponsePayload({ ...decodeResponsePayload(answer.payload), payload }));
    };
    suite.double.peers[0]?.stop();
    await suite.until('it is known to be away', () => suite.fabric.health().away.length === 1);
    const begun = await suite.double.open();
    await begun.ledger.submit(suite.registration());
    const seen = async () => {
      for await (const { number } of begun.ledger.blocks(0, new AbortController().signal)) if (number > 1) return true;
      return false;
    };
    expect(await seen()).toBe(true);
    expect(suite.logged("the reader's certificate has 0 days left")).toBe(true);
    expect(suite.logged('1000000000')).toBe(false);
  });

  it('tells no block whose data is not what its header says, and asks another peer', async () => {
    suite.double.peer(0).block = (bytes, number) => {
      if (number !== 2) return bytes;
      const block = decodeBlock(bytes);
      return encodeBlock({
        ...block,
        data: block.data.map((envelope) => Buffer.concat([envelope, Buffer.from([0x98, 0x06, 1])])),
      });
    };
    const blocks = await allBlocks((await suite.double.open()).ledger);
    expect(blocks.map(({ number }) => number)).toEqual(blocks.map((_, index) => index));
    expect(suite.logged('block 2 does not hold what its header says')).toBe(true);
    suite.double.peer(0).block = (bytes) => bytes;
    await untampered();
  });

  it('tells no block that does not name the one before it', async () => {
    suite.double.peer(0).block = (bytes, number) => {
      if (number !== 2) return bytes;
      const block = decodeBlock(bytes);
      const header = { ...block.header, previousHash: Buffer.alloc(32), dataHash: dataHash(block.data) };
      return encodeBlock({ ...block, header });
    };
    const blocks = await allBlocks((await suite.double.open()).ledger);
    expect(blocks[2]?.previousHash).toBe(blocks[1]?.hash);
    expect(suite.logged('block 2 does not name the block before it')).toBe(true);
  });

  it('tells no block in another place', async () => {
    suite.double.peer(0).block = (bytes, number) => {
      const block = decodeBlock(bytes);
      return number === 1 ? encodeBlock({ ...block, header: { ...block.header, number: 3 } }) : bytes;
    };
    const blocks = await allBlocks((await suite.double.open()).ledger);
    expect(blocks.map(({ number }) => number)).toEqual(blocks.map((_, index) => index));
    expect(suite.logged('block 1 was asked for, 3 came')).toBe(true);
  });

  it('answers a query from another peer when the own one is away', async () => {
    const agencyId = freshAgencyId('310000');
    const { payload } = await suite.register(agencyId);
    suite.double.peers[0]?.stop();
    expect(await suite.fabric.ledger.evaluate(suite.record(agencyId))).toBe(payload);
    suite.double.peers[1]?.stop();
    suite.double.peers[2]?.stop();
    expect(await suite.fabric.ledger.evaluate(suite.record(agencyId))).toBe(payload);
  });

  it('answers a query from another peer when the own one does not answer', async () => {
    suite.double.peer(0).answer = () => new Promise(() => undefined);
    expect(await suite.fabric.ledger.evaluate(suite.record(freshAgencyId('310000')))).toBe('');
  });

  it("answers a query from another peer when the own one's clock is off", async () => {
    suite.double.peer(0).answer = () => Promise.reject(new GrpcFault(2, 'request unauthorized due to incorrect timestamp'));
    expect(await suite.fabric.ledger.evaluate(suite.record(freshAgencyId('310000')))).toBe('');
  });

  it('says when no peer can be asked', async () => {
    for (const node of suite.double.peers) node.stop();
    await suite.until('they are known to be away', () => suite.fabric.health().away.length === 4);
    await expect(suite.fabric.ledger.evaluate(suite.record('x'))).rejects.toMatchObject({ name: 'LedgerUnavailable' });
    await expect(suite.fabric.ledger.transactionStatus('ab'.repeat(32))).rejects.toMatchObject({ name: 'LedgerUnavailable' });
    const info = await suite.fabric.ledger.info();
    expect(info.provinces.map(({ reachable }) => reachable)).toEqual([false, false, false, false]);
  });

  it("tells each province's height and code", async () => {
    suite.double.peer(3).limit = 2;
    const { provinces, codeDigest, height } = await suite.fabric.ledger.info();
    expect(provinces.map((province) => province.height)).toEqual([height, height, height, 2]);
    expect(provinces.map((province) => province.codeDigest)).toEqual(Array.from({ length: 4 }, () => codeDigest));
  });
});
