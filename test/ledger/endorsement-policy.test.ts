import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endorse } from '../../network/embedded/endorser.js';
import { encodeIdentity } from '../../network/format/identity.js';
import { decodeResponsePayload, encodeResponsePayload } from '../../network/format/response.js';
import { VALIDATION_CODE } from '../../network/format/validation-code.js';
import { createAuthority, generateKeyPair, issueCertificate } from '../../network/identity/authority.js';
import type { NetworkNode } from '../../network/identity/province.js';
import { localSigner, type Signer } from '../../network/identity/signer.js';
import { removeTemporaryFolders } from '../support/ledger-world.js';
import { type Endorsed, NodeWorld } from '../support/node-world.js';

const { VALID, ENDORSEMENT_POLICY_FAILURE, INVALID_ENDORSER_TRANSACTION } = VALIDATION_CODE;

function asPeer(signer: Signer): NetworkNode {
  return { ...signer, identity: encodeIdentity(signer) };
}

describe('the endorsement policy: three of four provinces, peers only', () => {
  let world: NodeWorld;
  beforeAll(async () => {
    world = await NodeWorld.open();
  });
  afterAll(async () => {
    await world.node.close();
    removeTemporaryFolders();
  });

  const executed = async (): Promise<Endorsed> => world.execute(await world.registration());
  const codeOf = async (envelope: Buffer): Promise<number> => (await world.node.committer.broadcast(envelope)).code;

  it('accepts three provinces, whichever they are', async () => {
    for (const absent of ['ShanghaiMSP', 'JiangsuMSP', 'ZhejiangMSP', 'AnhuiMSP']) {
      const peers = world.peers(4).filter(({ mspId }) => mspId !== absent);
      expect(await codeOf(await world.envelope(await executed(), peers))).toBe(VALID);
    }
  });

  it('refuses two provinces', async () => {
    expect(await codeOf(await world.envelope(await executed(), world.peers(2)))).toBe(ENDORSEMENT_POLICY_FAILURE);
  });

  it('refuses a transaction without endorsements', async () => {
    expect(await codeOf(await world.envelope(await executed(), []))).toBe(ENDORSEMENT_POLICY_FAILURE);
  });

  it('counts a province once, however often its peer signed', async () => {
    const [shanghai, jiangsu] = world.peers(2) as [NetworkNode, NetworkNode];
    const envelope = await world.envelope(await executed(), [shanghai, jiangsu, shanghai, jiangsu]);
    expect(await codeOf(envelope)).toBe(ENDORSEMENT_POLICY_FAILURE);
  });

  it("does not count a client's signature as a peer's", async () => {
    const client = asPeer(await world.registrar());
    expect(client.mspId).toBe('ShanghaiMSP');
    const others = ['JiangsuMSP', 'ZhejiangMSP'].map((mspId) => world.peer(mspId));
    expect(await codeOf(await world.envelope(await executed(), [client, ...others]))).toBe(ENDORSEMENT_POLICY_FAILURE);
  });

  it("does not count an orderer's signature as a peer's", async () => {
    const orderer = world.node.provinces[0]?.orderer as NetworkNode;
    const others = ['JiangsuMSP', 'ZhejiangMSP'].map((mspId) => world.peer(mspId));
    expect(await codeOf(await world.envelope(await executed(), [orderer, ...others]))).toBe(ENDORSEMENT_POLICY_FAILURE);
  });

  it('does not count a peer whose certificate another authority issued in the name of the province', async () => {
    const now = Date.now();
    const stranger = await createAuthority('ZhejiangMSP', 'zhejiang', now);
    const keys = await generateKeyPair();
    const request = { commonName: 'peer.zhejiang', unit: 'peer' as const, publicKey: keys.publicKey, days: 30, now };
    const certificate = await issueCertificate(stranger, request);
    const forged = asPeer(localSigner('ZhejiangMSP', certificate, keys.privateKey));
    expect(await codeOf(await world.envelope(await executed(), [...world.peers(2), forged]))).toBe(ENDORSEMENT_POLICY_FAILURE);
  });

  it('does not count a peer under the name of another province', async () => {
    const shanghai = world.peer('ShanghaiMSP');
    const disguised = asPeer({ ...shanghai, mspId: 'AnhuiMSP' });
    const peers = [shanghai, world.peer('JiangsuMSP'), disguised];
    expect(await codeOf(await world.envelope(await executed(), peers))).toBe(ENDORSEMENT_POLICY_FAILURE);
  });

  it('does not count a signature over another payload', async () => {
    const [one, other] = [await executed(), await executed()];
    const endorsements = await Promise.all([
      ...world.peers(2).map((peer) => endorse(peer, one.payload)),
      endorse(world.peer('ZhejiangMSP'), other.payload),
    ]);
    expect(await codeOf(await world.envelopeWith(one, endorsements))).toBe(ENDORSEMENT_POLICY_FAILURE);
  });

  it('refuses a write set that was changed after the peers signed', async () => {
    const one = await executed();
    const endorsements = await Promise.all(world.peers(3).map((peer) => endorse(peer, one.payload)));
    const response = decodeResponsePayload(one.payload);
    const writes = response.writes.map((write) => ({ ...write, value: Buffer.from('{}') }));
    const changed = { ...one, payload: encodeResponsePayload({ ...response, writes }) };
    expect(await codeOf(await world.envelopeWith(changed, endorsements))).toBe(ENDORSEMENT_POLICY_FAILURE);
  });

  it('refuses an answer to another proposal, though three peers signed it', async () => {
    const [one, other] = [await executed(), await executed()];
    expect(await codeOf(await world.envelope({ ...one, payload: other.payload }))).toBe(INVALID_ENDORSER_TRANSACTION);
  });

  it('refuses an answer of failure, though three peers signed it', async () => {
    const one = await executed();
    const payload = encodeResponsePayload({ ...decodeResponsePayload(one.payload), status: 500 });
    expect(await codeOf(await world.envelope({ ...one, payload }))).toBe(INVALID_ENDORSER_TRANSACTION);
  });

  it('refuses the high form of a signature, which would make a second transaction of the same', async () => {
    const one = await executed();
    const endorsements = await Promise.all(world.peers(3).map((peer) => endorse(peer, one.payload)));
    const highS = endorsements.map((endorsement) => ({ ...endorsement, signature: withHighS(endorsement.signature) }));
    expect(await codeOf(await world.envelopeWith(one, highS))).toBe(ENDORSEMENT_POLICY_FAILURE);
  });

  it('writes nothing of what it found invalid', async () => {
    const one = await executed();
    const before = world.node.committer.head.height;
    await codeOf(await world.envelope(one, world.peers(2)));
    expect(world.node.committer.head.height).toBe(before + 1);
    for (const { key } of decodeResponsePayload(one.payload).writes) expect(world.node.files.state.get(key)).toBeUndefined();
  });
});

/** r, n − s: mathematically as valid as r, s. */
function withHighS(signature: Uint8Array): Buffer {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const bytes = Buffer.from(signature);
  const rLength = bytes[3] as number;
  const s = BigInt(`0x${bytes.subarray(6 + rLength).toString('hex')}`);
  const high = Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex');
  const integer = Buffer.concat([Buffer.from([0x02, 33, 0]), high]);
  const body = Buffer.concat([bytes.subarray(2, 4 + rLength), integer]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}
