import { describe, expect, it } from 'vitest';
import { PROVINCES } from '../../chaincode/provinces.js';
import { decodeResponsePayload, encodeResponsePayload } from '../../network/format/response.js';
import { freshAgencyId } from '../support/contract-world.js';
import { doubleSuite } from '../support/fabric-double/double-suite.js';

describe('attesting', () => {
  const suite = doubleSuite();

  /** The peer signs that a record reads otherwise: an invented answer, or the state as it was before. */
  function say(index: number, change: 'invented' | 'behind', until: () => boolean = () => false): void {
    const peer = suite.double.peer(index);
    peer.answer = async (honest, chaincode) => {
      const answer = await honest();
      if (chaincode === 'qscc' || answer.status !== 200 || until()) return answer;
      const response = decodeResponsePayload(answer.payload);
      const reads = change === 'behind' ? response.reads.map(({ key }) => ({ key, version: undefined })) : response.reads;
      const payload = change === 'behind' ? Buffer.alloc(0) : Buffer.from('{"agencyId":"invented"}');
      return peer.signed(encodeResponsePayload({ ...response, reads, payload }));
    };
  }

  const provincesOf = (answers: readonly { readonly mspId: string }[]) => answers.map(({ mspId }) => mspId).sort();

  it.each([0, 1, 2, 3])('takes three provinces that agree when peer %i invents an answer', async (index) => {
    const agencyId = freshAgencyId('310000');
    const { payload } = await suite.register(agencyId);
    say(index, 'invented');
    const answers = await suite.fabric.ledger.attest(suite.record(agencyId), 3);
    expect(provincesOf(answers)).toEqual(
      PROVINCES.map(({ mspId }) => mspId)
        .filter((_, other) => other !== index)
        .sort(),
    );
    for (const answer of answers) expect(Buffer.from(decodeResponsePayload(answer.payload).payload).toString()).toBe(payload);
  });

  it('reports who said what when all four are asked for and one invents', async () => {
    const agencyId = freshAgencyId('310000');
    await suite.register(agencyId);
    say(2, 'invented');
    const failed = await suite.fabric.ledger.attest(suite.record(agencyId), 4).catch((error) => error);
    expect(failed.name).toBe('ProvincesDisagree');
    const digestOf = (mspId: string) => failed.said.find((each: { mspId: string }) => each.mspId === mspId).said;
    expect(digestOf('ShanghaiMSP')).toMatch(/^[0-9a-f]{64}$/);
    expect(digestOf('JiangsuMSP')).toBe(digestOf('ShanghaiMSP'));
    expect(digestOf('AnhuiMSP')).toBe(digestOf('ShanghaiMSP'));
    expect(digestOf('ZhejiangMSP')).not.toBe(digestOf('ShanghaiMSP'));
  });

  it('waits for a peer that is a moment behind when all four are asked for', async () => {
    const agencyId = freshAgencyId('310000');
    await suite.register(agencyId);
    const peer = suite.double.peer(1);
    say(1, 'behind', () => peer.proposals > 2);
    expect((await suite.fabric.ledger.attest(suite.record(agencyId), 4)).length).toBe(4);
  });

  it('reports a peer that stays behind', async () => {
    const agencyId = freshAgencyId('310000');
    await suite.register(agencyId);
    say(3, 'behind');
    await expect(suite.fabric.ledger.attest(suite.record(agencyId), 4)).rejects.toMatchObject({ name: 'ProvincesDisagree' });
  });

  it('says that too few can be reached', async () => {
    suite.double.peers[3]?.stop();
    await suite.until('it is known to be away', () => suite.fabric.health().away.length === 1);
    expect((await suite.fabric.ledger.attest(suite.record('x'), 3)).length).toBe(3);
    await expect(suite.fabric.ledger.attest(suite.record('x'), 4)).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      message: "4 provinces' answers were asked for, 3 can be reached; try again later",
    });
  });
});
