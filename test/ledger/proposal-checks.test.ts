import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draftProposal, signProposal } from '../../network/client.js';
import { executeProposal } from '../../network/embedded/endorser.js';
import { EnvelopeRefused } from '../../network/embedded/validation.js';
import { LedgerUnavailable } from '../../network/errors.js';
import { encodeChannelHeader } from '../../network/format/header.js';
import { FormatError } from '../../network/format/wire.js';
import { createAuthority, generateKeyPair, issueCertificate } from '../../network/identity/authority.js';
import { localSigner, type Signer } from '../../network/identity/signer.js';
import { REGISTRARS } from '../../network/registrars.js';
import { freshAgencyId } from '../support/contract-world.js';
import { registration, removeTemporaryFolders } from '../support/ledger-world.js';
import { NodeWorld } from '../support/node-world.js';

const MINUTE = 60_000;

describe("a peer's checks of a proposal", () => {
  let world: NodeWorld;
  beforeAll(async () => {
    world = await NodeWorld.open();
  });
  afterAll(async () => {
    await world.node.close();
    removeTemporaryFolders();
  });

  /** A certificate of Shanghai's own authority for its registrar, with one thing different. */
  async function registrarWith(change: Partial<Parameters<typeof issueCertificate>[1]>, mspId = 'ShanghaiMSP'): Promise<Signer> {
    const authority = world.node.provinces.find(({ province }) => province.mspId === mspId)?.authority;
    if (!authority) throw new Error('no authority');
    const keys = await generateKeyPair();
    const agency = REGISTRARS[0]?.agencyId as string;
    const request = {
      commonName: agency,
      unit: 'client' as const,
      publicKey: keys.publicKey,
      attributes: { agency, roles: 'registrar' },
      days: 365,
      now: world.clock.now,
      ...change,
    };
    return localSigner(mspId, await issueCertificate(authority, request), keys.privateKey);
  }

  const refused = { name: 'Refusal', code: 'auth.invalid' };
  const execute = async (signer: Signer) => world.execute(registration(signer, freshAgencyId('310000')));

  it.each([0, 5 * MINUTE, -5 * MINUTE])('accepts a declared time %i ms from its own', async (offset) => {
    await expect(world.execute(await world.registration(), offset)).resolves.toMatchObject({ draft: {} });
  });

  it.each([5 * MINUTE + 1, -5 * MINUTE - 1, 20 * MINUTE])('refuses a declared time %i ms from its own', async (offset) => {
    const attempt = world.execute(await world.registration(), offset);
    await expect(attempt).rejects.toThrow(LedgerUnavailable);
    await expect(attempt).rejects.toThrow(/off from the peer's clock/);
  });

  it('refuses a certificate of the same name from another authority', async () => {
    const stranger = await createAuthority('ShanghaiMSP', 'shanghai', world.clock.now);
    const keys = await generateKeyPair();
    const agency = REGISTRARS[0]?.agencyId as string;
    const certificate = await issueCertificate(stranger, {
      commonName: agency,
      unit: 'client',
      publicKey: keys.publicKey,
      attributes: { agency, roles: 'registrar' },
      days: 365,
      now: world.clock.now,
    });
    await expect(execute(localSigner('ShanghaiMSP', certificate, keys.privateKey))).rejects.toMatchObject(refused);
  });

  it("refuses one province's certificate under another's name", async () => {
    const jiangsu = await registrarWith({}, 'JiangsuMSP');
    await expect(execute({ ...jiangsu, mspId: 'ShanghaiMSP' })).rejects.toMatchObject(refused);
  });

  it('refuses a member that does not exist', async () => {
    const shanghai = await registrarWith({});
    await expect(execute({ ...shanghai, mspId: 'FujianMSP' })).rejects.toMatchObject(refused);
  });

  it('refuses an expired certificate', async () => {
    const expired = await registrarWith({ now: world.clock.now - 10 * 86_400_000, days: 1 });
    await expect(execute(expired)).rejects.toMatchObject(refused);
  });

  it('refuses a certificate that is not valid yet', async () => {
    const early = await registrarWith({ now: world.clock.now + 2 * 86_400_000 });
    await expect(execute(early)).rejects.toMatchObject(refused);
  });

  it("refuses a peer's certificate as a creator", async () => {
    await expect(execute(world.peer('ShanghaiMSP'))).rejects.toMatchObject(refused);
  });

  it('refuses what is no certificate at all', async () => {
    const shanghai = await registrarWith({});
    await expect(execute({ ...shanghai, certificate: 'not a certificate' })).rejects.toMatchObject(refused);
  });

  it('refuses a signature by another key', async () => {
    const [one, other] = [await world.registrar(), await registrarWith({})];
    await expect(execute({ ...one, sign: other.sign })).rejects.toMatchObject(refused);
  });

  it('refuses a proposal that was changed after it was signed', async () => {
    const invocation = await world.registration();
    const draft = draftProposal(invocation, world.clock.now);
    const { signature } = await signProposal(invocation.signer, draft);
    const other = await signProposal(invocation.signer, { ...draft, parts: { ...draft.parts, payload: Buffer.alloc(0) } });
    await expect(executeProposal(world.node.endorser, { bytes: other.bytes, signature })).rejects.toMatchObject(refused);
  });

  it.each([
    ['another channel', { channel: 'other' }],
    ['another chaincode', { chaincode: 'other' }],
    ['a transaction id of its own choice', { transactionId: '0'.repeat(64) }],
    ['another type', { type: 1 }],
  ])('refuses a proposal for %s', async (_what, change) => {
    const invocation = await world.registration();
    const draft = draftProposal(invocation, world.clock.now);
    const own = { type: 3, channel: 'delta', chaincode: 'trust', transactionId: draft.transactionId, timestamp: draft.timestamp };
    const channelHeader = encodeChannelHeader({ ...own, ...change });
    const proposal = await signProposal(invocation.signer, { ...draft, parts: { ...draft.parts, channelHeader } });
    const attempt = executeProposal(world.node.endorser, proposal);
    await expect(attempt).rejects.toMatchObject({ name: 'Refusal', code: 'request.invalid' });
  });

  it('orders no envelope whose creator did not sign it', async () => {
    const other = await registrarWith({});
    const executed = await world.execute(await world.registration());
    const envelope = await world.envelope({ ...executed, signer: { ...executed.signer, sign: other.sign } });
    const height = world.node.committer.head.height;
    await expect(world.node.committer.broadcast(envelope)).rejects.toThrow(EnvelopeRefused);
    await expect(world.node.committer.broadcast(envelope.subarray(0, -5))).rejects.toThrow(FormatError);
    await expect(world.node.committer.broadcast(Buffer.from('not an envelope'))).rejects.toThrow(FormatError);
    expect(world.node.committer.head.height).toBe(height);
  });
});
