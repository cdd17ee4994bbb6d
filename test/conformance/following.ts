import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { LedgerBlock } from '../../network/ledger.js';
import { freshAgencyId } from '../support/contract-world.js';
import { registration } from '../support/ledger-world.js';
import type { Conformance } from './conformance.js';

const HEX = /^[0-9a-f]{64}$/;

/** `blocks`: everything in order, from any height, and on. */
export function following(suite: () => Conformance): void {
  describe('blocks', () => {
    it('come from zero in order, each naming the one before by its hash', async () => {
      const { height } = await suite().world.ledger.info();
      const blocks: LedgerBlock[] = [];
      for await (const block of suite().world.ledger.blocks(0, new AbortController().signal)) {
        blocks.push(block);
        if (block.number === height - 1) break;
      }
      expect(blocks.map(({ number }) => number)).toEqual(Array.from({ length: height }, (_, index) => index));
      for (const [index, block] of blocks.entries()) {
        expect(block.hash).toMatch(HEX);
        expect(block.previousHash).toBe(blocks[index - 1]?.hash ?? '');
      }
      expect(blocks[0]?.transactions[0]?.kind).toBe('config');
    });

    it('tell what a transaction called, said and wrote, in the order of the keys', async () => {
      const agencyId = freshAgencyId('310000');
      const operation = randomBytes(16).toString('hex');
      const invocation = registration(suite().signer, agencyId, operation);
      const committed = await suite().world.ledger.submit(invocation);
      const transaction = (await suite().blockWith(committed)).transactions[committed.position];
      const [registrar] = suite().world.registrars;
      expect(transaction).toEqual({
        id: committed.transactionId,
        position: committed.position,
        validationCode: 'VALID',
        time: committed.time,
        kind: 'endorser',
        creatorMspId: 'ShanghaiMSP',
        function: 'registry:RegisterAgency',
        argument: invocation.argument,
        payload: committed.payload,
        endorsers: committed.endorsers,
        writes: [
          { key: `agency~${agencyId}`, value: committed.payload },
          {
            key: `operation~${registrar?.agencyId}~${operation}`,
            value: expect.stringContaining(committed.transactionId),
          },
        ],
      });
    });

    it('go on with new ones as they come', async () => {
      const { height } = await suite().world.ledger.info();
      const stop = new AbortController();
      const followed: string[] = [];
      const following = (async () => {
        for await (const { transactions } of suite().world.ledger.blocks(height, stop.signal)) {
          followed.push(...transactions.map(({ id }) => id));
          if (followed.length >= 3) return;
        }
      })();
      const ids = [];
      for (let count = 0; count < 3; count += 1) ids.push((await suite().register()).transactionId);
      await following;
      stop.abort();
      expect(followed.slice(0, 3)).toEqual(ids);
    });

    it('asked for from a height that is not there yet begin when it is', async () => {
      const { height } = await suite().world.ledger.info();
      const first = (async () => {
        for await (const block of suite().world.ledger.blocks(height + 1, new AbortController().signal)) return block.number;
        return undefined;
      })();
      await suite().register();
      await suite().register();
      expect(await first).toBe(height + 1);
    });

    it('end without an error when the signal aborts, before, between and while waiting', async () => {
      const stopped = AbortSignal.abort();
      for await (const block of suite().world.ledger.blocks(0, stopped)) expect.fail(`block ${block.number} came`);
      const between = new AbortController();
      const seen: number[] = [];
      for await (const { number } of suite().world.ledger.blocks(0, between.signal)) {
        seen.push(number);
        if (number === 1) between.abort();
      }
      expect(seen).toEqual([0, 1]);
      const waiting = new AbortController();
      const { height } = await suite().world.ledger.info();
      const end = (async () => {
        for await (const block of suite().world.ledger.blocks(height + 100, waiting.signal)) return block.number;
        return 'ended';
      })();
      await suite().world.ledger.info();
      waiting.abort();
      expect(await end).toBe('ended');
    });

    it('serve several readers at once, each all of them', async () => {
      const { height } = await suite().world.ledger.info();
      const read = async () => {
        const numbers: number[] = [];
        for await (const { number } of suite().world.ledger.blocks(0, new AbortController().signal)) {
          numbers.push(number);
          if (number === height - 1) break;
        }
        return numbers.length;
      };
      expect(await Promise.all([read(), read(), read()])).toEqual([height, height, height]);
    });
  });
}
