import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PROVINCES } from '../../chaincode/provinces.js';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { freshAgencyId } from '../support/contract-world.js';
import { registrarSigner, registration } from '../support/ledger-world.js';
import type { Conformance } from './conformance.js';

const HEX = /^[0-9a-f]{64}$/;

/** `submit`: what a write answers, and what it refuses. */
export function submissions(suite: () => Conformance): void {
  describe('submit', () => {
    it('answers with where the transaction is, when, who endorsed, and what the contract said', async () => {
      const agencyId = freshAgencyId('310000');
      const { height } = await suite().world.ledger.info();
      const committed = await suite().register(agencyId);
      expect(committed.transactionId).toMatch(HEX);
      expect(committed.block).toBeGreaterThanOrEqual(height);
      expect(committed.position).toBe(0);
      expect(committed.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(committed.endorsers.length).toBeGreaterThanOrEqual(3);
      expect(committed.endorsers).toEqual(
        PROVINCES.map(({ mspId }) => mspId).filter((mspId) => committed.endorsers.includes(mspId)),
      );
      expect(JSON.parse(committed.payload)).toMatchObject({ agencyId, status: 'active' });
    });

    it("has the signer's own province among the endorsers, for each of the four", async () => {
      for (const [index, province] of PROVINCES.entries()) {
        const own = await registrarSigner(suite().world, index);
        const agencyId = freshAgencyId(province.code);
        const { function: fn, argument } = registration(own, agencyId);
        const input = { ...JSON.parse(argument).input, divisionCode: province.code };
        const invocation = {
          signer: own,
          function: fn,
          argument: encodeArgument({ operation: randomBytes(16).toString('hex'), input }),
        };
        expect((await suite().world.ledger.submit(invocation)).endorsers).toContain(province.mspId);
      }
    });

    it('tells the transaction id before it answers', async () => {
      const told: string[] = [];
      const committed = await suite().world.ledger.submit(registration(suite().signer, freshAgencyId('310000')), (id) =>
        told.push(id),
      );
      expect(told.at(-1)).toBe(committed.transactionId);
    });

    it('is read by everything that follows its answer', async () => {
      const agencyId = freshAgencyId('310000');
      const committed = await suite().register(agencyId);
      expect(await suite().world.ledger.evaluate(suite().record(agencyId))).toBe(committed.payload);
      expect(await suite().world.ledger.transactionStatus(committed.transactionId)).toEqual({
        id: committed.transactionId,
        status: 'valid',
        committed,
      });
      expect((await suite().world.ledger.info()).height).toBeGreaterThan(committed.block);
    });

    it("passes a contract's refusal on with its code and facts, and writes nothing", async () => {
      const agencyId = freshAgencyId('310000');
      await suite().register(agencyId);
      const { height } = await suite().world.ledger.info();
      await expect(suite().register(agencyId)).rejects.toMatchObject({
        name: 'Refusal',
        code: 'agency.exists',
        facts: { id: agencyId },
      });
      expect((await suite().world.ledger.info()).height).toBe(height);
    });

    it('applies an operation once, however often it is sent', async () => {
      const operation = randomBytes(16).toString('hex');
      const first = await suite().register(freshAgencyId('310000'), operation);
      const again = suite().register(freshAgencyId('310000'), operation);
      await expect(again).rejects.toMatchObject({
        name: 'Refusal',
        code: 'operation.applied',
        facts: { transaction: first.transactionId },
      });
    });

    it('applies an operation once when it is sent many times at once', async () => {
      const agencyId = freshAgencyId('310000');
      const operation = randomBytes(16).toString('hex');
      const attempts = await Promise.allSettled(Array.from({ length: 6 }, () => suite().register(agencyId, operation)));
      const done = attempts.filter((attempt) => attempt.status === 'fulfilled');
      expect(done.length).toBe(1);
      for (const attempt of attempts)
        if (attempt.status === 'rejected') expect(['Refusal', 'LedgerConflict']).toContain(attempt.reason.name);
    });

    it('commits many at once, each in a place of its own', async () => {
      const committed = await Promise.all(Array.from({ length: 24 }, () => suite().register()));
      expect(new Set(committed.map(({ block, position }) => `${block}/${position}`)).size).toBe(24);
      expect(new Set(committed.map(({ transactionId }) => transactionId)).size).toBe(24);
    });

    it('refuses a function that no contract has', async () => {
      const unknown = {
        signer: suite().signer,
        function: 'registry:NoSuchFunction',
        argument: encodeArgument({ operation: 'operation-0123456', input: {} }),
      };
      await expect(suite().world.ledger.submit(unknown)).rejects.toThrow();
    });

    it('refuses who signs with a key that is not in the certificate', async () => {
      const other = await registrarSigner(suite().world, 1);
      const impostor = { ...suite().signer, sign: other.sign };
      await expect(suite().world.ledger.submit(registration(impostor, freshAgencyId('310000')))).rejects.toMatchObject({
        name: 'Refusal',
        code: 'auth.invalid',
      });
      await expect(suite().world.ledger.evaluate({ ...suite().record('x'), signer: impostor })).rejects.toMatchObject({
        name: 'Refusal',
        code: 'auth.invalid',
      });
    });
  });
}
