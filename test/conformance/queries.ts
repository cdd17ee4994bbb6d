import { randomBytes, verify, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PROVINCES } from '../../chaincode/provinces.js';
import { decodeIdentity } from '../../network/format/identity.js';
import { decodeResponsePayload } from '../../network/format/response.js';
import { freshAgencyId } from '../support/contract-world.js';
import { eventually } from '../support/eventually.js';
import { allBlocks, readRecord, registration } from '../support/ledger-world.js';
import type { Conformance } from './conformance.js';

/** `evaluate`, `attest`, `transactionStatus`, `info`: what can be asked. */
export function queries(suite: () => Conformance): void {
  describe('evaluate', () => {
    it('answers with nothing where there is no record', async () => {
      expect(await suite().world.ledger.evaluate(suite().record(freshAgencyId('310000')))).toBe('');
    });

    it('writes nothing, even when it calls a function that would', async () => {
      const { height } = await suite().world.ledger.info();
      const agencyId = freshAgencyId('310000');
      expect(JSON.parse(await suite().world.ledger.evaluate(registration(suite().signer, agencyId)))).toMatchObject({ agencyId });
      expect(await suite().world.ledger.evaluate(suite().record(agencyId))).toBe('');
      expect((await suite().world.ledger.info()).height).toBe(height);
    });

    it("passes a contract's refusal on", async () => {
      await expect(suite().world.ledger.evaluate(readRecord(suite().signer, 'no such key'))).rejects.toMatchObject({
        code: 'request.id-invalid',
      });
    });
  });

  describe('attest', () => {
    it('gives byte-equal answers of different provinces, each with a signature that holds', async () => {
      const agencyId = freshAgencyId('310000');
      const { block, position, payload } = await suite().register(agencyId);
      const answers = await suite().world.ledger.attest(suite().record(agencyId), 3);
      expect(new Set(answers.map(({ mspId }) => mspId)).size).toBe(3);
      for (const answer of answers) {
        expect(Buffer.from(answer.payload)).toEqual(Buffer.from(answers[0]?.payload ?? []));
        const signed = Buffer.concat([answer.payload, answer.endorser]);
        expect(verify('sha256', signed, new X509Certificate(answer.certificate).publicKey, answer.signature)).toBe(true);
        expect(decodeIdentity(answer.endorser)).toEqual({ mspId: answer.mspId, certificate: answer.certificate });
        const response = decodeResponsePayload(answer.payload);
        expect(Buffer.from(response.payload).toString()).toBe(payload);
        expect(response.reads).toContainEqual({ key: `agency~${agencyId}`, version: { block, position } });
        expect(response.writes).toEqual([]);
      }
    });

    it('states the absence of a record in the signed read set', async () => {
      const agencyId = freshAgencyId('310000');
      const [answer] = await suite().world.ledger.attest(suite().record(agencyId), 1);
      const response = decodeResponsePayload(answer?.payload ?? new Uint8Array());
      expect(response.reads).toContainEqual({ key: `agency~${agencyId}`, version: undefined });
      expect(response.payload.length).toBe(0);
    });

    it.each([1, 2, 3, 4])('gives %i provinces when so many are asked for', async (count) => {
      expect((await suite().world.ledger.attest(suite().record('x'), count)).length).toBe(count);
    });

    it.each([0, 5])('refuses to give %i provinces', async (count) => {
      await expect(suite().world.ledger.attest(suite().record('x'), count)).rejects.toMatchObject({ name: 'LedgerUnavailable' });
    });

    it("passes a contract's refusal on", async () => {
      await expect(suite().world.ledger.attest(readRecord(suite().signer, 'no such key'), 3)).rejects.toMatchObject({
        code: 'request.id-invalid',
      });
    });
  });

  describe('transactionStatus', () => {
    it('of an id that is in no block is pending, because absence proves nothing', async () => {
      const id = randomBytes(32).toString('hex');
      expect(await suite().world.ledger.transactionStatus(id)).toEqual({ id, status: 'pending' });
    });

    it('tells valid from invalid, for every transaction there is', async () => {
      const agencyId = freshAgencyId('310000');
      await Promise.allSettled(Array.from({ length: 6 }, () => suite().register(agencyId)));
      const blocks = await allBlocks(suite().world.ledger);
      const all = blocks.flatMap(({ number, transactions }) =>
        transactions.map((transaction) => ({ block: number, transaction })),
      );
      const seen = all.filter(({ transaction }) => transaction.kind === 'endorser');
      for (const { block, transaction } of seen) {
        const status = await suite().world.ledger.transactionStatus(transaction.id);
        if (transaction.validationCode === 'VALID')
          expect(status).toMatchObject({ status: 'valid', committed: { block, position: transaction.position } });
        else
          expect(status).toEqual({
            id: transaction.id,
            status: 'invalid',
            code: transaction.validationCode,
            block,
            time: transaction.time,
          });
      }
    });
  });

  describe('info', () => {
    it('names the channel, the code, the four provinces, and how far the claim of independence goes', async () => {
      const info = await suite().world.ledger.info();
      expect(info.assurance).toBe(info.kind === 'embedded' ? 'single-operator' : 'bft-4');
      expect(info.channel).toBe('delta');
      const answer = await suite().world.ledger.evaluate({
        signer: suite().signer,
        function: 'ledger:GetCodeInfo',
        argument: '',
      });
      expect(JSON.parse(answer)).toEqual({ codeDigest: info.codeDigest });
      expect(info.provinces.map(({ code, mspId, reachable }) => ({ code, mspId, reachable }))).toEqual(
        PROVINCES.map(({ code, mspId }) => ({ code, mspId, reachable: true })),
      );
      // A peer may take a block later than home's did.
      await eventually(async () => {
        const { height, provinces } = await suite().world.ledger.info();
        expect(provinces.map((province) => province.height)).toEqual(PROVINCES.map(() => height));
      });
    });
  });
}
