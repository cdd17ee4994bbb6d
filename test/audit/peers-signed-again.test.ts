import { afterAll, describe, expect, it } from 'vitest';
import { PROVINCES } from '../../chaincode/provinces.js';
import { createDispatcher, type Dispatcher } from '../../network/embedded/dispatcher.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { decodeChannelHeader, encodeChannelHeader, encodeSignatureHeader, transactionIdOf } from '../../network/format/header.js';
import { encodeIdentity } from '../../network/format/identity.js';
import { proposalHash } from '../../network/format/proposal.js';
import type { ProposalResponse } from '../../network/format/response.js';
import { createAuthority, generateKeyPair, issueCertificate } from '../../network/identity/authority.js';
import { openProvince } from '../../network/identity/province.js';
import { localSigner } from '../../network/identity/signer.js';
import { auditWorlds } from '../support/audit-world.js';
import { register, removeTemporaryFolders } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

const DAY = 86_400_000;
const [SHANGHAI] = PROVINCES;

describe('an audit of a data folder', () => {
  const world = auditWorlds();

  describe('in which everybody signed again, peers too', () => {
    const exchanged = async (change: Partial<ProposalResponse>) =>
      world().forger.exchange(world().block, await world().forger.signed(world().answering(change)), 'orderers');

    it('names the key that the contract writes otherwise', async () => {
      await exchanged({ writes: world().otherWrites });
      expect(await world().difference()).toMatchObject({
        check: 'execution',
        ...world().place,
        key: world().key,
        expected: expect.stringContaining('certificate-issuer'),
        found: expect.stringContaining('data-user'),
      });
    });

    it('names a key that the contract does not write', async () => {
      const value = Buffer.from('{}');
      await exchanged({ writes: [...world().forger.draft(world().block).response.writes, { key: 'zone~1', value }] });
      expect(await world().difference()).toMatchObject({
        check: 'execution',
        ...world().place,
        key: 'zone~1',
        expected: 'none',
        found: '{}',
      });
    });

    it('names a key that the contract reads and the peers say they did not', async () => {
      const [gone, ...reads] = world().forger.draft(world().block).response.reads;
      await exchanged({ reads });
      expect(await world().difference()).toMatchObject({ check: 'execution', ...world().place, key: gone?.key, found: 'none' });
    });

    it('names an answer that is not the contract’s', async () => {
      await exchanged({ payload: Buffer.from('{"status":"inactive"}') });
      expect(await world().difference()).toMatchObject({ check: 'execution', ...world().place, found: '{"status":"inactive"}' });
    });

    it('names a transaction that lost a race and never was what the contract does', async () => {
      const position = world().forger.blocks[world().loser.block]?.filter.indexOf(11) as number;
      const draft = world().forger.draft(world().loser.block, position);
      const lying = { ...draft, response: { ...draft.response, payload: Buffer.from('{}') } };
      const envelope = await world().forger.signed(lying);
      const data =
        world().forger.blocks[world().loser.block]?.data.map((one, index) => (index === position ? envelope : one)) ?? [];
      await world().forger.write(
        world().forger.blocks.map((one, index) => (index === world().loser.block ? { ...one, data } : one)),
        'orderers',
      );
      expect(await world().difference()).toMatchObject({ check: 'execution', block: world().loser.block, position, found: '{}' });
    });

    it('names an operation that was applied a second time under another transaction id', async () => {
      const draft = world().forger.draft(world().block);
      const creator = encodeIdentity(world().forger.registrar);
      const signature = { creator, nonce: Buffer.alloc(24, 9) };
      const id = transactionIdOf(signature);
      const channelHeader = encodeChannelHeader({ ...decodeChannelHeader(draft.proposal.channelHeader), transactionId: id });
      const proposal = { ...draft.proposal, channelHeader, signatureHeader: encodeSignatureHeader(signature) };
      const written = draft.response.writes.map(({ key: name }) => name);
      const reads = draft.response.reads.map((read) =>
        written.includes(read.key) ? { ...read, version: { block: world().block, position: 0 } } : read,
      );
      const again = { proposal, response: { ...draft.response, reads, proposalHash: proposalHash(proposal) } };
      const added = { data: [await world().forger.signed(again)], filter: Uint8Array.of(0) };
      await world().forger.write([...world().forger.blocks, added], 'orderers');
      expect(await world().difference()).toMatchObject({
        check: 'execution',
        block: world().height,
        position: 0,
        transaction: id,
        problem: expect.stringContaining('the contract refuses it'),
      });
    });

    it('names a creator whose certificate had run out', async () => {
      const province = await openProvince(world().folder, SHANGHAI, Date.now(), false);
      const keys = await generateKeyPair();
      const unit = 'client' as const;
      const request = { commonName: 'late', unit, publicKey: keys.publicKey, days: 1, now: Date.now() - 30 * DAY };
      const certificate = await issueCertificate(province.authority, request);
      await exchangedBy(localSigner(SHANGHAI.mspId, certificate, keys.privateKey));
      expect(await world().difference()).toMatchObject({
        check: 'certificate',
        block: world().block,
        problem: expect.stringContaining('the certificate of its creator was valid from'),
      });
    });

    it('names a creator whose certificate is of another authority', async () => {
      const authority = await createAuthority(SHANGHAI.mspId, SHANGHAI.slug, Date.now());
      const keys = await generateKeyPair();
      const unit = 'client' as const;
      const certificate = await issueCertificate(authority, {
        commonName: 'x',
        unit,
        publicKey: keys.publicKey,
        days: 1,
        now: Date.now(),
      });
      await exchangedBy(localSigner(SHANGHAI.mspId, certificate, keys.privateKey));
      expect(await world().difference()).toMatchObject({
        check: 'certificate',
        block: world().block,
        problem: expect.stringContaining("its creator's certificate is none of ShanghaiMSP's authority (CN=x, OU=client"),
      });
    });

    it('names a creator that is a peer', async () => {
      const [peer] = world().forger.peers;
      if (peer) await exchangedBy(peer);
      expect(await world().difference()).toMatchObject({
        check: 'certificate',
        block: world().block,
        problem: expect.stringContaining('is a peer of ShanghaiMSP'),
      });
    });

    async function exchangedBy(creator: { mspId: string; certificate: string; sign(message: Uint8Array): Promise<Buffer> }) {
      const draft = world().forger.draft(world().block);
      const signature = { creator: encodeIdentity(creator), nonce: Buffer.alloc(24, 3) };
      const transactionId = transactionIdOf(signature);
      const channelHeader = encodeChannelHeader({ ...decodeChannelHeader(draft.proposal.channelHeader), transactionId });
      const proposal = { ...draft.proposal, channelHeader, signatureHeader: encodeSignatureHeader(signature) };
      const changed = { proposal, response: { ...draft.response, proposalHash: proposalHash(proposal) } };
      await world().forger.exchange(world().block, await world().forger.signed(changed, { creator }), 'orderers');
    }
  });

  it('names what a modified contract did in a ledger that it made itself', async () => {
    const lying = async (): Promise<Dispatcher> => {
      const real = await createDispatcher();
      return {
        metadata: real.metadata,
        Invoke(stub) {
          const { putState } = stub as { putState(name: string, value: Uint8Array): Promise<void> };
          const put = (name: string, value: Uint8Array) =>
            putState.call(stub, name, Buffer.from(Buffer.from(value).toString().replace('"department"', '"platform"')));
          return real.Invoke(Object.assign(stub, { putState: put }));
        },
      };
    };
    const { ledger, wallet, registrars } = await openEmbedded({ folder: world().folder, createDispatcher: lying });
    const done = await register({ ledger, wallet, registrars });
    await ledger.close();
    expect(await world().difference()).toMatchObject({
      check: 'execution',
      block: done.block,
      transaction: done.transactionId,
      key: `agency~${done.agencyId}`,
      expected: expect.stringContaining('"department"'),
      found: expect.stringContaining('"platform"'),
    });
  });
});
