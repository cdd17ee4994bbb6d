import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../chaincode/errors.js';
import { PROVINCES } from '../../chaincode/provinces.js';
import { encodeIdentity } from '../../network/format/identity.js';
import { decodeResponsePayload, encodeResponsePayload } from '../../network/format/response.js';
import type { NetworkNode } from '../../network/identity/province.js';
import { freshAgencyId } from '../support/contract-world.js';
import type { PeerAnswer } from '../support/fabric-double/double-peer.js';
import { doubleSuite } from '../support/fabric-double/double-suite.js';
import { GrpcFault } from '../support/fabric-double/grpc-server.js';

const [SHANGHAI, JIANGSU, ZHEJIANG, ANHUI] = PROVINCES.map(({ mspId }) => mspId);

describe('endorsing', () => {
  const suite = doubleSuite({ deadlineMilliseconds: 8000 });
  const others = (...but: number[]) => PROVINCES.map(({ mspId }) => mspId).filter((_, index) => !but.includes(index));

  /** The peer signs another result than its contract gave. */
  function lie(index: number): void {
    const peer = suite.double.peer(index);
    peer.answer = async (honest, chaincode) => {
      const answer = await honest();
      if (chaincode === 'qscc' || answer.status !== 200) return answer;
      const response = decodeResponsePayload(answer.payload);
      return peer.signed(encodeResponsePayload({ ...response, payload: Buffer.from('{"agencyId":"invented"}') }));
    };
  }

  it('has three provinces endorse, the own one among them', async () => {
    const { endorsers } = await suite.register();
    expect(endorsers.length).toBe(3);
    expect(endorsers).toContain(SHANGHAI);
  });

  it.each([0, 1, 2, 3])('drops the odd one out when peer %i signs another result', async (index) => {
    lie(index);
    for (let count = 0; count < 3; count += 1) expect((await suite.register()).endorsers).toEqual(others(index));
  });

  it('reports who said what when no three agree, and sends nothing', async () => {
    lie(0);
    suite.double.peers[1]?.stop();
    await suite.until('it is known to be away', () => suite.fabric.health().away.length === 1);
    const failed = await suite.register().catch((error) => error);
    expect(failed).toMatchObject({ name: 'ProvincesDisagree' });
    expect(failed.said.map(({ mspId }: { mspId: string }) => mspId).sort()).toEqual([ANHUI, SHANGHAI, ZHEJIANG].sort());
    const digests = failed.said.filter(({ said }: { said: string }) => /^[0-9a-f]{64}$/.test(said));
    expect(new Set(digests.map(({ said }: { said: string }) => said)).size).toBe(2);
    expect(suite.double.ordering.sent).toEqual([]);
  });

  it('drops an endorsement whose signature does not hold', async () => {
    suite.double.peer(1).answer = async (honest) => {
      const answer = await honest();
      const signature = Buffer.from(answer.endorsement?.signature ?? []);
      signature.writeUInt8((signature.at(-1) ?? 0) ^ 1, signature.length - 1);
      return { ...answer, endorsement: { endorser: answer.endorsement?.endorser ?? Buffer.alloc(0), signature } };
    };
    for (let count = 0; count < 3; count += 1) expect((await suite.register()).endorsers).toEqual(others(1));
    expect(suite.logged(`what the peer of ${JIANGSU} endorsed is dropped: the signature does not hold`)).toBe(true);
  });

  it("drops an endorsement by a client's certificate of the right province", async () => {
    const client = { ...suite.signer, identity: encodeIdentity(suite.signer) } as NetworkNode;
    suite.double.peer(0).answer = async (honest) => suite.double.peer(0).signed((await honest()).payload, client);
    expect((await suite.register()).endorsers).toEqual(others(0));
    expect(suite.logged('the certificate is that of a client, not of a peer')).toBe(true);
  });

  it("drops an endorsement by another province's peer", async () => {
    const other = suite.double.peer(2).identity;
    suite.double.peer(0).answer = async (honest) => suite.double.peer(0).signed((await honest()).payload, other);
    expect((await suite.register()).endorsers).toEqual(others(0));
    expect(suite.logged(`the certificate is not one of ${SHANGHAI}'s authority`)).toBe(true);
  });

  it('drops what was endorsed for another proposal, and a failure that was signed', async () => {
    const bogus = (changes: object) => async (honest: () => Promise<PeerAnswer>) =>
      suite.double.peer(0).signed(encodeResponsePayload({ ...decodeResponsePayload((await honest()).payload), ...changes }));
    suite.double.peer(0).answer = bogus({ proposalHash: createHash('sha256').digest() });
    expect((await suite.register()).endorsers).toEqual(others(0));
    suite.double.peer(0).answer = bogus({ status: 500 });
    expect((await suite.register()).endorsers).toEqual(others(0));
  });

  it.each([0, 2])('does without peer %i when it is away', async (index) => {
    suite.double.peers[index]?.stop();
    for (let count = 0; count < 2; count += 1) expect((await suite.register()).endorsers).toEqual(others(index));
  });

  it('asks another beside a peer that does not answer', async () => {
    suite.double.peer(0).answer = () => new Promise(() => undefined);
    expect((await suite.register()).endorsers).toEqual(others(0));
  });

  it('asks another when a chaincode is away', async () => {
    suite.double.peer(0).answer = async () => ({
      status: 500,
      message: 'error in simulation: failed to execute transaction: could not launch chaincode trust: connection refused',
      payload: Buffer.alloc(0),
    });
    expect((await suite.register()).endorsers).toEqual(others(0));
  });

  it('refuses when two peers are away', async () => {
    for (const index of [0, 3]) suite.double.peers[index]?.stop();
    await suite.until('they are known to be away', () => suite.fabric.health().away.length === 2);
    await expect(suite.register()).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      message: expect.stringContaining('reachable: JiangsuMSP, ZhejiangMSP'),
    });
  });

  it.each([0, 1, 2])('does not believe a refusal that peer %i alone invents', async (index) => {
    const { message } = new Refusal('auth.role');
    suite.double.peer(index).answer = async () => ({ status: 500, message, payload: Buffer.from('unsigned') });
    for (let count = 0; count < 3; count += 1) expect((await suite.register()).endorsers).toEqual(others(index));
  });

  it('does not take peers that are behind for a refusal: what was acknowledged is built upon', async () => {
    const agencyId = freshAgencyId('310000');
    let behind = true;
    for (const index of [1, 2, 3]) {
      const peer = suite.double.peer(index);
      peer.answer = async (honest) => {
        if (!behind) return honest();
        return {
          status: 500,
          message: new Refusal('agency.not-found', { id: agencyId }).message,
          payload: Buffer.from('unsigned'),
        };
      };
    }
    const write = suite.register(agencyId);
    await suite.until('all were asked', () => suite.double.peers.every(({ node }) => node.proposals > 0));
    behind = false;
    expect((await write).endorsers.length).toBe(3);
  });

  it('does without one peer whose clock is off, and without one that answers no message at all', async () => {
    suite.double.peer(0).answer = async () => {
      throw new GrpcFault(2, 'request unauthorized due to incorrect timestamp 2026-01-01');
    };
    expect((await suite.register()).endorsers).toEqual(others(0));
    const asked = suite.fabric.ledger.attest({ signer: suite.signer, function: 'ledger:GetCodeInfo', argument: '' }, 3);
    // They come in the order of their answers.
    expect((await asked).map(({ mspId }) => mspId).sort()).toEqual([...others(0)].sort());
    suite.double.peer(0).answer = () => suite.double.peer(0).signed(Buffer.from([255, 255]));
    expect((await suite.register()).endorsers).toEqual(others(0));
  });

  it("says whose clock to look at when the peers refuse this machine's time", async () => {
    const fast = await suite.double.open({ clock: () => Date.now() + 20 * 60_000 });
    await expect(fast.ledger.submit(suite.registration())).rejects.toMatchObject({
      name: 'ClockRefused',
      message: expect.stringMatching(/^the peers refuse this machine's time: set its clock by NTP/),
    });
  });
});
