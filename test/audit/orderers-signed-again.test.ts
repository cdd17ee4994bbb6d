import { afterAll, describe, expect, it } from 'vitest';
import { PROVINCES } from '../../chaincode/provinces.js';
import { endorse } from '../../network/embedded/endorser.js';
import { decodeEnvelope, decodeTransaction, encodeEnvelope, encodeTransaction } from '../../network/format/envelope.js';
import { encodeIdentity } from '../../network/format/identity.js';
import { decodeInvocation, encodeInvocation } from '../../network/format/proposal.js';
import { encodeResponsePayload } from '../../network/format/response.js';
import { createAuthority, generateKeyPair, issueCertificate } from '../../network/identity/authority.js';
import { localSigner } from '../../network/identity/signer.js';
import { auditWorlds } from '../support/audit-world.js';
import { removeTemporaryFolders } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

const [SHANGHAI] = PROVINCES;

describe('an audit of a data folder', () => {
  const world = auditWorlds();

  describe('whose orderers signed again what somebody changed', () => {
    it('names the transaction whose content its creator did not sign', async () => {
      const envelope = world().forger.envelope(world().block);
      envelope.write('certificate-revoke', envelope.indexOf('certificate-issuer'));
      await world().forger.exchange(world().block, envelope, 'orderers');
      expect(await world().difference()).toMatchObject({ check: 'creator', ...world().place });
    });

    it("names a creator's signature that is another's", async () => {
      const envelope = decodeEnvelope(world().forger.envelope(world().block));
      const stranger = world().forger.peers[0];
      const signature = await stranger?.sign(envelope.signed);
      await world().forger.exchange(world().block, encodeEnvelope(envelope.signed, signature as Buffer), 'orderers');
      expect(await world().difference()).toMatchObject({ check: 'creator', ...world().place });
    });

    it('names a transaction that stands in the chain twice', async () => {
      const again = { data: [world().forger.envelope(world().block)], filter: Uint8Array.of(0) };
      await world().forger.write([...world().forger.blocks, again], 'orderers');
      expect(await world().difference()).toMatchObject({
        check: 'validation-code',
        block: world().height,
        position: 0,
        transaction: world().place.transaction,
        expected: 'DUPLICATE_TXID',
        found: 'VALID',
        problem: expect.stringContaining(`its id stands in block ${world().block}, transaction 0`),
      });
    });

    it('names a transaction that read what a dropped block wrote', async () => {
      await world().forger.write(
        world().forger.blocks.filter((_, index) => index !== 1),
        'orderers',
      );
      expect(await world().difference()).toMatchObject({
        check: 'validation-code',
        expected: 'MVCC_READ_CONFLICT',
        found: 'VALID',
      });
    });
  });

  describe('whose creator and orderers signed again', () => {
    it('names a write set that the peers did not endorse', async () => {
      const { endorsements, proposal } = decodeTransaction(decodeEnvelope(world().forger.envelope(world().block)));
      const payload = encodeTransaction(
        proposal,
        encodeResponsePayload(world().answering({ writes: world().otherWrites }).response),
        endorsements,
      );
      await world().forger.exchange(
        world().block,
        encodeEnvelope(payload, await world().forger.registrar.sign(payload)),
        'orderers',
      );
      expect(await world().difference()).toMatchObject({
        check: 'validation-code',
        ...world().place,
        expected: 'ENDORSEMENT_POLICY_FAILURE',
        found: 'VALID',
        problem: expect.stringContaining('endorsement 0 has no signature of'),
      });
    });

    it("names an endorsement by a client's certificate", async () => {
      const client = { ...world().forger.registrar, identity: encodeIdentity(world().forger.registrar) };
      const peers = [...world().forger.peers.slice(1, 3), client];
      await world().forger.exchange(
        world().block,
        await world().forger.signed(world().forger.draft(world().block), { peers }),
        'orderers',
      );
      expect(await world().difference()).toMatchObject({
        check: 'validation-code',
        ...world().place,
        expected: 'ENDORSEMENT_POLICY_FAILURE',
        problem: expect.stringContaining("endorsement 2 is by a client certificate of ShanghaiMSP, not by a peer's"),
      });
    });

    it('names an endorsement by one province twice', async () => {
      const [one, two] = world().forger.peers;
      const peers = [one, two, two].flatMap((peer) => (peer ? [peer] : []));
      await world().forger.exchange(
        world().block,
        await world().forger.signed(world().forger.draft(world().block), { peers }),
        'orderers',
      );
      expect(await world().difference()).toMatchObject({ ...world().place, expected: 'ENDORSEMENT_POLICY_FAILURE' });
    });

    it('names an endorsement under a certificate of another authority of the same name', async () => {
      const authority = await createAuthority(SHANGHAI.mspId, SHANGHAI.slug, Date.now());
      const keys = await generateKeyPair();
      const request = {
        commonName: 'peer.shanghai',
        unit: 'peer' as const,
        publicKey: keys.publicKey,
        days: 10,
        now: Date.now(),
      };
      const certificate = await issueCertificate(authority, request);
      const signer = localSigner(SHANGHAI.mspId, certificate, keys.privateKey);
      const peers = [{ ...signer, identity: encodeIdentity(signer) }, ...world().forger.peers.slice(1, 3)];
      await world().forger.exchange(
        world().block,
        await world().forger.signed(world().forger.draft(world().block), { peers }),
        'orderers',
      );
      expect(await world().difference()).toMatchObject({
        check: 'validation-code',
        ...world().place,
        expected: 'ENDORSEMENT_POLICY_FAILURE',
        problem: expect.stringContaining("endorsement 0 is by a certificate that ShanghaiMSP's authority did not issue"),
      });
    });

    it('names the province whose contract answered otherwise: its signature is under another answer', async () => {
      const { proposal, response: right } = world().forger.draft(world().block);
      const [mine, other] = [right, { ...right, writes: world().otherWrites }].map((one) => encodeResponsePayload(one)) as [
        Buffer,
        Buffer,
      ];
      const endorsements = await Promise.all(
        world()
          .forger.peers.slice(0, 3)
          .map((peer, index) => endorse(peer, index === 1 ? other : mine)),
      );
      const payload = encodeTransaction(proposal, mine, endorsements);
      await world().forger.exchange(
        world().block,
        encodeEnvelope(payload, await world().forger.registrar.sign(payload)),
        'orderers',
      );
      expect(await world().difference()).toMatchObject({
        check: 'validation-code',
        ...world().place,
        expected: 'ENDORSEMENT_POLICY_FAILURE',
        problem: expect.stringContaining("endorsement 1 has no signature of JiangsuMSP's peer that holds"),
      });
    });

    it('names a proposal whose argument is not the one that was endorsed', async () => {
      const draft = world().forger.draft(world().block);
      const { chaincode, args } = decodeInvocation(draft.proposal.payload);
      const payload = encodeInvocation(chaincode, [args[0] ?? '', (args[1] ?? '').replace('310104', '310115')]);
      await world().forger.exchange(
        world().block,
        await world().forger.signed({ ...draft, proposal: { ...draft.proposal, payload } }),
        'orderers',
      );
      expect(await world().difference()).toMatchObject({
        check: 'validation-code',
        ...world().place,
        expected: 'INVALID_ENDORSER_TRANSACTION',
        problem: expect.stringContaining('the proposal in it is not the one that was endorsed'),
      });
    });
  });
});
