import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROVINCES } from '../../chaincode/provinces.js';
import { auditFolder } from '../../network/audit/audit-folder.js';
import { type Difference, Differs } from '../../network/audit/difference.js';
import { createDispatcher, type Dispatcher } from '../../network/embedded/dispatcher.js';
import { endorse } from '../../network/embedded/endorser.js';
import { pathsOf } from '../../network/embedded/folder.js';
import { openEmbedded } from '../../network/embedded/open.js';
import type { Block } from '../../network/format/block.js';
import { decodeEnvelope, decodeTransaction, encodeEnvelope, encodeTransaction } from '../../network/format/envelope.js';
import { decodeChannelHeader, encodeChannelHeader, encodeSignatureHeader, transactionIdOf } from '../../network/format/header.js';
import { encodeIdentity } from '../../network/format/identity.js';
import { decodeInvocation, encodeInvocation, proposalHash } from '../../network/format/proposal.js';
import { encodeResponsePayload, type ProposalResponse } from '../../network/format/response.js';
import { createAuthority, generateKeyPair, issueCertificate } from '../../network/identity/authority.js';
import { openProvince } from '../../network/identity/province.js';
import { localSigner } from '../../network/identity/signer.js';
import { freshAgencyId } from '../support/contract-world.js';
import { recordsOf } from '../support/damaged-folder.js';
import { Forger } from '../support/forger.js';
import {
  copyOf,
  foundedLedger,
  register,
  registrarSigner,
  registration,
  removeTemporaryFolders,
} from '../support/ledger-world.js';
import { meetingDispatcher } from '../support/meeting-dispatcher.js';

afterAll(removeTemporaryFolders);

const DAY = 86_400_000;
const [SHANGHAI] = PROVINCES;

describe('an audit of a data folder', () => {
  let source: string;
  let dispatcher: Dispatcher;
  let folder: string;
  let forger: Forger;
  /** block and agency of a registration in the middle */
  let block: number;
  let agencyId: string;
  let transaction: string;
  /** a block with transactions that lost a race */
  let conflicted: number;
  let height: number;

  beforeAll(async () => {
    dispatcher = await createDispatcher();
    let racers = 0;
    const world = await foundedLedger({ createDispatcher: () => meetingDispatcher(() => racers) });
    await register(world);
    ({ block, agencyId, transactionId: transaction } = await register(world));
    const signer = await registrarSigner(world);
    const contested = freshAgencyId('310000');
    racers = 3;
    await Promise.allSettled(Array.from({ length: 3 }, () => world.ledger.submit(registration(signer, contested))));
    await register(world);
    await world.ledger.close();
    source = world.folder;
    const { blocks } = await Forger.open(source);
    conflicted = blocks.findIndex(({ filter }) => filter.includes(11));
    height = blocks.length;
  });
  beforeEach(async () => {
    folder = copyOf(source);
    forger = await Forger.open(folder);
  });

  const audit = () => auditFolder({ folder, dispatcher });

  /** The first difference, which must be there. */
  async function difference(): Promise<Difference> {
    const error = await audit().then(
      () => new Error('nothing differs'),
      (thrown: unknown) => thrown,
    );
    if (error instanceof Differs) return error.difference;
    throw error;
  }

  const response = (change: Partial<ProposalResponse>, number = block) => {
    const draft = forger.draft(number);
    return { ...draft, response: { ...draft.response, ...change } };
  };
  const key = () => `agency~${agencyId}`;
  const changedWrites = () =>
    forger
      .draft(block)
      .response.writes.map((write) =>
        write.key === key()
          ? { ...write, value: Buffer.from(String(write.value).replace('certificate-issuer', 'data-user')) }
          : write,
      );
  const at = () => ({ block, position: 0, transaction });

  it('finds nothing in an untouched one, and has executed every transaction, those that lost a race as well', async () => {
    const found = await audit();
    const transactions = forger.blocks.reduce((sum, { data }) => sum + data.length, 0);
    expect(conflicted).toBeGreaterThan(block);
    expect(found).toMatchObject({
      height,
      transactions,
      executed: transactions - 1,
      otherCode: 0,
      resumedFrom: 0,
      state: 'compared',
    });
  });

  it('finds nothing in one that was rewritten and is the same', async () => {
    await forger.write(forger.blocks, 'orderers');
    expect(await audit()).toMatchObject({ height, state: 'none' });
  });

  describe('that somebody changed without any key', () => {
    it('names the record of a flipped bit', async () => {
      const log = readFileSync(pathsOf(folder).log);
      const { offset } = recordsOf(log)[block] as { offset: number };
      log[offset + 200] = (log[offset + 200] as number) ^ 4;
      writeFileSync(pathsOf(folder).log, log);
      expect(await difference()).toMatchObject({ check: 'record', block, problem: expect.stringContaining('checksum') });
    });

    it('names the block of a value changed with all hashes made right', async () => {
      const envelope = forger.envelope(block);
      const index = envelope.indexOf('certificate-issuer');
      envelope.write('certificate-revoke', index);
      await forger.exchange(block, envelope, 'none');
      expect(await difference()).toMatchObject({ check: 'orderers', block, found: 'none' });
    });

    it('names the place of a block that was dropped', async () => {
      forger.writeAsTheyAre(forger.blocks.filter((_, index) => index !== block));
      expect(await difference()).toMatchObject({ check: 'link', block, expected: `block ${block}`, found: `block ${block + 1}` });
    });

    it('names the place of a block that was dropped and the ones after it renumbered', async () => {
      const rest = forger.blocks.filter((_, index) => index !== block);
      forger.writeAsTheyAre(rest.map((one, number) => ({ ...one, header: { ...one.header, number } })));
      expect(await difference()).toMatchObject({
        check: 'link',
        block,
        problem: `block ${block} does not follow the block before`,
      });
    });

    it('names the first of two blocks that changed places', async () => {
      const blocks = [...forger.blocks];
      [blocks[block], blocks[block + 1]] = [blocks[block + 1] as Block, blocks[block] as Block];
      forger.writeAsTheyAre(blocks);
      expect(await difference()).toMatchObject({ check: 'link', block, found: `block ${block + 1}` });
    });

    it('names a block that was appended twice', async () => {
      forger.writeAsTheyAre([...forger.blocks, forger.blocks.at(-1) as Block]);
      expect(await difference()).toMatchObject({ check: 'link', block: height, found: `block ${height - 1}` });
    });

    it('names the end of a log that lost its last block', async () => {
      const log = readFileSync(pathsOf(folder).log);
      writeFileSync(pathsOf(folder).log, log.subarray(0, recordsOf(log).at(-1)?.offset));
      expect(await difference()).toMatchObject({ check: 'watermark', block: height - 1, found: `${height - 1} blocks` });
    });

    it("names the block that an orderer's signature was taken from", async () => {
      const blocks = forger.blocks.map((one, index) => (index === block ? { ...one, signatures: one.signatures.slice(1) } : one));
      forger.writeAsTheyAre(blocks);
      expect(await difference()).toMatchObject({
        check: 'orderers',
        block,
        problem: expect.stringMatching(/^block \d+: 2 orderers signed it, not 3$/),
      });
    });

    it('names the block in which one orderer stands three times', async () => {
      const [first] = forger.blocks[block]?.signatures ?? [];
      const signatures = [first, first, first] as Block['signatures'];
      forger.writeAsTheyAre(forger.blocks.map((one, index) => (index === block ? { ...one, signatures } : one)));
      expect(await difference()).toMatchObject({ check: 'orderers', block, found: expect.stringMatching(/^\w+MSP$/) });
    });

    it.each([
      ['MVCC_READ_CONFLICT', 11],
      ['ENDORSEMENT_POLICY_FAILURE', 10],
      ['DUPLICATE_TXID', 9],
    ])('names a valid transaction that was marked %s', async (found, code) => {
      await forger.write(
        forger.blocks.map((one, index) => (index === block ? { ...one, filter: Uint8Array.of(code) } : one)),
        'none',
      );
      expect(await difference()).toMatchObject({ check: 'validation-code', ...at(), expected: 'VALID', found });
    });

    it('names a transaction that lost a race and was marked valid', async () => {
      const position = forger.blocks[conflicted]?.filter.indexOf(11);
      await forger.write(
        forger.blocks.map((one, index) => (index === conflicted ? { ...one, filter: one.filter.map(() => 0) } : one)),
        'none',
      );
      expect(await difference()).toMatchObject({
        check: 'validation-code',
        block: conflicted,
        position,
        expected: 'MVCC_READ_CONFLICT',
        found: 'VALID',
      });
    });

    it('names the block of a changed commit hash', async () => {
      forger.writeAsTheyAre(
        forger.blocks.map((one, index) => (index === block ? { ...one, commitHash: Buffer.alloc(32, 7) } : one)),
      );
      expect(await difference()).toMatchObject({ check: 'commit-hash', block, found: '07'.repeat(32) });
    });
  });

  describe('whose orderers signed again what somebody changed', () => {
    it('names the transaction whose content its creator did not sign', async () => {
      const envelope = forger.envelope(block);
      envelope.write('certificate-revoke', envelope.indexOf('certificate-issuer'));
      await forger.exchange(block, envelope, 'orderers');
      expect(await difference()).toMatchObject({ check: 'creator', ...at() });
    });

    it("names a creator's signature that is another's", async () => {
      const envelope = decodeEnvelope(forger.envelope(block));
      const stranger = forger.peers[0];
      const signature = await stranger?.sign(envelope.signed);
      await forger.exchange(block, encodeEnvelope(envelope.signed, signature as Buffer), 'orderers');
      expect(await difference()).toMatchObject({ check: 'creator', ...at() });
    });

    it('names a transaction that stands in the chain twice', async () => {
      const again = { data: [forger.envelope(block)], filter: Uint8Array.of(0) };
      await forger.write([...forger.blocks, again], 'orderers');
      expect(await difference()).toMatchObject({
        check: 'validation-code',
        block: height,
        position: 0,
        transaction,
        expected: 'DUPLICATE_TXID',
        found: 'VALID',
        problem: expect.stringContaining(`its id stands in block ${block}, transaction 0`),
      });
    });

    it('names a transaction that read what a dropped block wrote', async () => {
      await forger.write(
        forger.blocks.filter((_, index) => index !== 1),
        'orderers',
      );
      expect(await difference()).toMatchObject({ check: 'validation-code', expected: 'MVCC_READ_CONFLICT', found: 'VALID' });
    });
  });

  describe('whose creator and orderers signed again', () => {
    it('names a write set that the peers did not endorse', async () => {
      const { endorsements, proposal } = decodeTransaction(decodeEnvelope(forger.envelope(block)));
      const payload = encodeTransaction(
        proposal,
        encodeResponsePayload(response({ writes: changedWrites() }).response),
        endorsements,
      );
      await forger.exchange(block, encodeEnvelope(payload, await forger.registrar.sign(payload)), 'orderers');
      expect(await difference()).toMatchObject({
        check: 'validation-code',
        ...at(),
        expected: 'ENDORSEMENT_POLICY_FAILURE',
        found: 'VALID',
        problem: expect.stringContaining('endorsement 0 has no signature of'),
      });
    });

    it("names an endorsement by a client's certificate", async () => {
      const client = { ...forger.registrar, identity: encodeIdentity(forger.registrar) };
      const peers = [...forger.peers.slice(1, 3), client];
      await forger.exchange(block, await forger.signed(forger.draft(block), { peers }), 'orderers');
      expect(await difference()).toMatchObject({
        check: 'validation-code',
        ...at(),
        expected: 'ENDORSEMENT_POLICY_FAILURE',
        problem: expect.stringContaining("endorsement 2 is by a client certificate of ShanghaiMSP, not by a peer's"),
      });
    });

    it('names an endorsement by one province twice', async () => {
      const [one, two] = forger.peers;
      const peers = [one, two, two].flatMap((peer) => (peer ? [peer] : []));
      await forger.exchange(block, await forger.signed(forger.draft(block), { peers }), 'orderers');
      expect(await difference()).toMatchObject({ ...at(), expected: 'ENDORSEMENT_POLICY_FAILURE' });
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
      const peers = [{ ...signer, identity: encodeIdentity(signer) }, ...forger.peers.slice(1, 3)];
      await forger.exchange(block, await forger.signed(forger.draft(block), { peers }), 'orderers');
      expect(await difference()).toMatchObject({
        check: 'validation-code',
        ...at(),
        expected: 'ENDORSEMENT_POLICY_FAILURE',
        problem: expect.stringContaining("endorsement 0 is by a certificate that ShanghaiMSP's authority did not issue"),
      });
    });

    it('names the province whose contract answered otherwise: its signature is under another answer', async () => {
      const { proposal, response: right } = forger.draft(block);
      const [mine, other] = [right, { ...right, writes: changedWrites() }].map(encodeResponsePayload) as [Buffer, Buffer];
      const endorsements = await Promise.all(
        forger.peers.slice(0, 3).map((peer, index) => endorse(peer, index === 1 ? other : mine)),
      );
      const payload = encodeTransaction(proposal, mine, endorsements);
      await forger.exchange(block, encodeEnvelope(payload, await forger.registrar.sign(payload)), 'orderers');
      expect(await difference()).toMatchObject({
        check: 'validation-code',
        ...at(),
        expected: 'ENDORSEMENT_POLICY_FAILURE',
        problem: expect.stringContaining("endorsement 1 has no signature of JiangsuMSP's peer that holds"),
      });
    });

    it('names a proposal whose argument is not the one that was endorsed', async () => {
      const draft = forger.draft(block);
      const { chaincode, args } = decodeInvocation(draft.proposal.payload);
      const payload = encodeInvocation(chaincode, [args[0] ?? '', (args[1] ?? '').replace('310104', '310115')]);
      await forger.exchange(block, await forger.signed({ ...draft, proposal: { ...draft.proposal, payload } }), 'orderers');
      expect(await difference()).toMatchObject({
        check: 'validation-code',
        ...at(),
        expected: 'INVALID_ENDORSER_TRANSACTION',
        problem: expect.stringContaining('the proposal in it is not the one that was endorsed'),
      });
    });
  });

  describe('in which everybody signed again, peers too', () => {
    const exchanged = async (change: Partial<ProposalResponse>) =>
      forger.exchange(block, await forger.signed(response(change)), 'orderers');

    it('names the key that the contract writes otherwise', async () => {
      await exchanged({ writes: changedWrites() });
      expect(await difference()).toMatchObject({
        check: 'execution',
        ...at(),
        key: key(),
        expected: expect.stringContaining('certificate-issuer'),
        found: expect.stringContaining('data-user'),
      });
    });

    it('names a key that the contract does not write', async () => {
      const value = Buffer.from('{}');
      await exchanged({ writes: [...forger.draft(block).response.writes, { key: 'zone~1', value }] });
      expect(await difference()).toMatchObject({ check: 'execution', ...at(), key: 'zone~1', expected: 'none', found: '{}' });
    });

    it('names a key that the contract reads and the peers say they did not', async () => {
      const [gone, ...reads] = forger.draft(block).response.reads;
      await exchanged({ reads });
      expect(await difference()).toMatchObject({ check: 'execution', ...at(), key: gone?.key, found: 'none' });
    });

    it('names an answer that is not the contract’s', async () => {
      await exchanged({ payload: Buffer.from('{"status":"inactive"}') });
      expect(await difference()).toMatchObject({ check: 'execution', ...at(), found: '{"status":"inactive"}' });
    });

    it('names a transaction that lost a race and never was what the contract does', async () => {
      const position = forger.blocks[conflicted]?.filter.indexOf(11) as number;
      const draft = forger.draft(conflicted, position);
      const lying = { ...draft, response: { ...draft.response, payload: Buffer.from('{}') } };
      const envelope = await forger.signed(lying);
      const data = forger.blocks[conflicted]?.data.map((one, index) => (index === position ? envelope : one)) ?? [];
      await forger.write(
        forger.blocks.map((one, index) => (index === conflicted ? { ...one, data } : one)),
        'orderers',
      );
      expect(await difference()).toMatchObject({ check: 'execution', block: conflicted, position, found: '{}' });
    });

    it('names an operation that was applied a second time under another transaction id', async () => {
      const draft = forger.draft(block);
      const creator = encodeIdentity(forger.registrar);
      const signature = { creator, nonce: Buffer.alloc(24, 9) };
      const id = transactionIdOf(signature);
      const channelHeader = encodeChannelHeader({ ...decodeChannelHeader(draft.proposal.channelHeader), transactionId: id });
      const proposal = { ...draft.proposal, channelHeader, signatureHeader: encodeSignatureHeader(signature) };
      const written = draft.response.writes.map(({ key: name }) => name);
      const reads = draft.response.reads.map((read) =>
        written.includes(read.key) ? { ...read, version: { block, position: 0 } } : read,
      );
      const again = { proposal, response: { ...draft.response, reads, proposalHash: proposalHash(proposal) } };
      const added = { data: [await forger.signed(again)], filter: Uint8Array.of(0) };
      await forger.write([...forger.blocks, added], 'orderers');
      expect(await difference()).toMatchObject({
        check: 'execution',
        block: height,
        position: 0,
        transaction: id,
        problem: expect.stringContaining('the contract refuses it'),
      });
    });

    it('names a creator whose certificate had run out', async () => {
      const province = await openProvince(folder, SHANGHAI, Date.now(), false);
      const keys = await generateKeyPair();
      const unit = 'client' as const;
      const request = { commonName: 'late', unit, publicKey: keys.publicKey, days: 1, now: Date.now() - 30 * DAY };
      const certificate = await issueCertificate(province.authority, request);
      await exchangedBy(localSigner(SHANGHAI.mspId, certificate, keys.privateKey));
      expect(await difference()).toMatchObject({
        check: 'certificate',
        block,
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
      expect(await difference()).toMatchObject({
        check: 'certificate',
        block,
        problem: expect.stringContaining("its creator's certificate is none of ShanghaiMSP's authority (CN=x, OU=client"),
      });
    });

    it('names a creator that is a peer', async () => {
      const [peer] = forger.peers;
      if (peer) await exchangedBy(peer);
      expect(await difference()).toMatchObject({
        check: 'certificate',
        block,
        problem: expect.stringContaining('is a peer of ShanghaiMSP'),
      });
    });

    async function exchangedBy(creator: { mspId: string; certificate: string; sign(message: Uint8Array): Promise<Buffer> }) {
      const draft = forger.draft(block);
      const signature = { creator: encodeIdentity(creator), nonce: Buffer.alloc(24, 3) };
      const transactionId = transactionIdOf(signature);
      const channelHeader = encodeChannelHeader({ ...decodeChannelHeader(draft.proposal.channelHeader), transactionId });
      const proposal = { ...draft.proposal, channelHeader, signatureHeader: encodeSignatureHeader(signature) };
      const changed = { proposal, response: { ...draft.response, proposalHash: proposalHash(proposal) } };
      await forger.exchange(block, await forger.signed(changed, { creator }), 'orderers');
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
    const { ledger, wallet, registrars } = await openEmbedded({ folder, createDispatcher: lying });
    const done = await register({ ledger, wallet, registrars });
    await ledger.close();
    expect(await difference()).toMatchObject({
      check: 'execution',
      block: done.block,
      transaction: done.transactionId,
      key: `agency~${done.agencyId}`,
      expected: expect.stringContaining('"department"'),
      found: expect.stringContaining('"platform"'),
    });
  });
});
