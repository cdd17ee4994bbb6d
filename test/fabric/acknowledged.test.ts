import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../chaincode/errors.js';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { decodeResponsePayload, encodeResponsePayload } from '../../network/format/response.js';
import type { Committed, Invocation } from '../../network/ledger.js';
import { freshAgencyId } from '../support/contract-world.js';
import { doubleSuite } from '../support/fabric-double/double-suite.js';

const [HOME, SECOND, THIRD, FOURTH] = [0, 1, 2, 3];

describe('what was acknowledged', () => {
  const suite = doubleSuite({ deadlineMilliseconds: 8000 });

  /** How often the peer was asked for its height since. */
  function heightsAsked(index: number): () => number {
    const peer = suite.double.peer(index);
    const before = peer.heights;
    return () => peer.heights - before;
  }

  /**
   * The peer has no block from now on: it refuses what needs an agency that was registered later, and signs that there is no such record.
   * @returns how it catches up
   */
  function lag(index: number, agencyId: string): () => void {
    const peer = suite.double.peer(index);
    peer.limit = peer.height;
    peer.answer = async (honest, chaincode, args) => {
      if (chaincode === 'qscc' || !args.some((arg) => arg.includes(agencyId))) return honest();
      const answer = await honest();
      if (args[0] === 'registry:RegisterAgency' && answer.status === 200) return answer;
      if (answer.status !== 200 || args[0] === 'registry:SetAgencyRoles')
        return {
          status: 500,
          message: new Refusal('agency.not-found', { id: agencyId }).message,
          payload: Buffer.from('unsigned'),
        };
      const response = decodeResponsePayload(answer.payload);
      const reads = response.reads.map(({ key }) => ({ key, version: undefined }));
      return peer.signed(encodeResponsePayload({ ...response, reads, payload: Buffer.alloc(0) }));
    };
    return () => {
      peer.limit = Number.POSITIVE_INFINITY;
      peer.answer = (honest) => honest();
    };
  }

  function roles(agencyId: string): Invocation {
    const input = { agencyId, roles: ['case-handler'] };
    const argument = encodeArgument({ operation: randomBytes(16).toString('hex'), input });
    return { signer: suite.signer, function: 'registry:SetAgencyRoles', argument };
  }

  function settled(write: Promise<Committed>): () => boolean {
    let isSettled = false;
    write
      .finally(() => {
        isSettled = true;
      })
      .catch(() => undefined);
    return () => isSettled;
  }

  it('by two other provinces waits for the own peer, which the next call goes to', async () => {
    const agencyId = freshAgencyId('310000');
    const catchUp = lag(HOME, agencyId);
    const asked = heightsAsked(HOME);
    const write = suite.register(agencyId);
    const isSettled = settled(write);
    await suite.until('the others have told, and the own one is waited for', () => asked() > 3);
    expect(isSettled()).toBe(false);
    catchUp();
    const { payload } = await write;
    expect(await suite.fabric.ledger.evaluate(suite.record(agencyId))).toBe(payload);
  });

  it('does not wait for an own peer that is away', async () => {
    suite.double.orderer(0).take = async (honest) => {
      suite.double.peers[HOME]?.stop();
      return honest();
    };
    const agencyId = freshAgencyId('310000');
    const { payload } = await suite.register(agencyId);
    expect(await suite.fabric.ledger.evaluate(suite.record(agencyId))).toBe(payload);
  });

  it('does not wait for an own peer that stays behind, and is read from those that have it', async () => {
    const agencyId = freshAgencyId('310000');
    lag(HOME, agencyId);
    const { payload } = await suite.register(agencyId);
    expect(await suite.fabric.ledger.evaluate(suite.record(agencyId))).toBe(payload);
    const asked = heightsAsked(HOME);
    await suite.register();
    // A look or two tell that it was behind before this write came; waiting takes one every 50 ms.
    expect(asked()).toBeLessThan(10);
  });

  it('is not refused by peers that do not have it yet, the own one among them', async () => {
    const agencyId = freshAgencyId('310000');
    const catchUp = [HOME, THIRD].map((index) => lag(index, agencyId));
    await suite.register(agencyId);
    const asked = heightsAsked(HOME);
    const write = suite.fabric.ledger.submit(roles(agencyId));
    const isSettled = settled(write);
    await suite.until('they are waited for', () => asked() > 1);
    expect(isSettled()).toBe(false);
    for (const each of catchUp) each();
    expect(JSON.parse((await write).payload)).toMatchObject({ agencyId, roles: ['case-handler'] });
  });

  it('is not refused by peers that get it between their answer and its arrival', async () => {
    const agencyId = freshAgencyId('310000');
    const [catchUp] = [HOME, THIRD].map((index) => lag(index, agencyId));
    const { transactionId } = await suite.register(agencyId);
    const home = suite.double.peer(HOME);
    const behind = home.answer;
    home.answer = async (honest, chaincode, args) => {
      const answer = await behind(honest, chaincode, args);
      if (args[0] !== 'registry:SetAgencyRoles') return answer;
      catchUp?.();
      // By this the home peer is known to have it, before its answer is.
      await suite.fabric.ledger.transactionStatus(transactionId);
      return answer;
    };
    const { payload } = await suite.fabric.ledger.submit(roles(agencyId));
    expect(JSON.parse(payload)).toMatchObject({ agencyId, roles: ['case-handler'] });
  });

  it('is not refused by peers that never get it: the write is turned away for now', async () => {
    const agencyId = freshAgencyId('310000');
    for (const index of [HOME, THIRD, FOURTH]) lag(index, agencyId);
    suite.double.peer(FOURTH).limit = Number.POSITIVE_INFINITY;
    await suite.register(agencyId);
    suite.double.peer(FOURTH).limit = suite.double.peer(HOME).limit;
    await expect(suite.fabric.ledger.submit(roles(agencyId))).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      message: expect.stringMatching(/^the provinces' peers have not all that was acknowledged yet/),
    });
    expect(suite.double.ordering.sent.length).toBeLessThanOrEqual(4);
  });

  it('is a reason to refuse for two others that have it, while the own peer is away', async () => {
    const agencyId = freshAgencyId('310000');
    await suite.register(agencyId);
    suite.double.peers[HOME]?.stop();
    await suite.until('it is known to be away', () => suite.fabric.health().away.length === 1);
    await expect(suite.register(agencyId)).rejects.toMatchObject({ name: 'Refusal', code: 'agency.exists' });
  });

  it('is read from no peer that does not have it', async () => {
    const agencyId = freshAgencyId('310000');
    lag(FOURTH, agencyId);
    await suite.register(agencyId);
    for (const index of [HOME, SECOND, THIRD]) suite.double.peers[index]?.stop();
    await suite.until('they are known to be away', () => suite.fabric.health().away.length === 3);
    await expect(suite.fabric.ledger.evaluate(suite.record(agencyId))).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      message: expect.stringContaining('AnhuiMSP: it has not all that was acknowledged yet'),
    });
  });

  it('is attested from no state before it, by however many', async () => {
    const agencyId = freshAgencyId('310000');
    const catchUp = [SECOND, THIRD, FOURTH].map((index) => lag(index, agencyId));
    const { payload } = await suite.register(agencyId);
    suite.double.peers[HOME]?.stop();
    await suite.until('it is known to be away', () => suite.fabric.health().away.length === 1);
    await expect(suite.fabric.ledger.attest(suite.record(agencyId), 3)).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      message: expect.stringMatching(/^the provinces' peers have not all that was acknowledged yet/),
    });
    for (const each of catchUp) each();
    const answers = await suite.fabric.ledger.attest(suite.record(agencyId), 3);
    for (const answer of answers) expect(Buffer.from(decodeResponsePayload(answer.payload).payload).toString()).toBe(payload);
  });
});
