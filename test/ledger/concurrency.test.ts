import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Committer } from '../../network/embedded/committer.js';
import { EmbeddedLedger } from '../../network/embedded/ledger.js';
import { checkEnvelope } from '../../network/embedded/validation.js';
import { LedgerConflict, LedgerUnavailable, TransactionInvalid } from '../../network/errors.js';
import { decodeResponsePayload } from '../../network/format/response.js';
import { VALIDATION_CODE } from '../../network/format/validation-code.js';
import { freshAgencyId } from '../support/contract-world.js';
import {
  allBlocks,
  foundedLedger,
  register,
  registrarSigner,
  registration,
  removeTemporaryFolders,
} from '../support/ledger-world.js';
import { meetingDispatcher } from '../support/meeting-dispatcher.js';
import { NodeWorld } from '../support/node-world.js';

const { VALID, MVCC_READ_CONFLICT, DUPLICATE_TXID } = VALIDATION_CODE;
afterAll(removeTemporaryFolders);

describe('versions', () => {
  let world: NodeWorld;
  beforeAll(async () => {
    world = await NodeWorld.open();
  });
  afterAll(() => world.node.close());

  const codeOf = async (envelope: Buffer) => (await world.node.committer.broadcast(envelope)).code;
  const envelopeFor = async (agencyId: string) => world.envelope(await world.execute(await world.registration(agencyId)));

  /** One block of just these. */
  async function commitTogether(envelopes: readonly Buffer[]): Promise<number[]> {
    const { membership } = world.node.endorser;
    const checked = await Promise.all(envelopes.map((envelope) => checkEnvelope(membership, envelope)));
    return world.node.committer.commit(envelopes, checked);
  }

  it('makes a read stale by a commit in a later block', async () => {
    const agencyId = freshAgencyId('310000');
    const [first, second] = [await envelopeFor(agencyId), await envelopeFor(agencyId)];
    expect([await codeOf(first), await codeOf(second)]).toEqual([VALID, MVCC_READ_CONFLICT]);
  });

  it('makes a read stale by a write earlier in the same block', async () => {
    const agencyId = freshAgencyId('310000');
    const envelopes = [await envelopeFor(agencyId), await envelopeFor(agencyId), await envelopeFor(freshAgencyId('310000'))];
    expect(await commitTogether(envelopes)).toEqual([VALID, MVCC_READ_CONFLICT, VALID]);
  });

  it('keeps an invalid transaction in the block and its writes out of the state', async () => {
    const agencyId = freshAgencyId('310000');
    const [first, second] = [await envelopeFor(agencyId), await world.execute(await world.registration(agencyId))];
    const won = await world.node.committer.broadcast(first);
    const lost = await world.node.committer.broadcast(await world.envelope(second));
    expect(world.node.files.state.transaction(second.draft.transactionId)).toEqual({ ...lost, code: MVCC_READ_CONFLICT });
    expect(world.node.files.state.get(`agency~${agencyId}`)?.version).toEqual({ block: won.block, position: won.position });
    const operation = decodeResponsePayload(second.payload).writes.find(({ key }) => key.startsWith('operation~'))?.key as string;
    expect(world.node.files.state.get(operation)).toBeUndefined();
  });

  it('records the version that was read: block and position of the write', async () => {
    const registrar = (await world.registration()).signer;
    const { agencyId } = { agencyId: freshAgencyId('310000') };
    const { block, position } = await world.node.committer.broadcast(await envelopeFor(agencyId));
    const { payload } = await world.execute({ signer: registrar, function: 'ledger:ReadRecord', argument: `agency~${agencyId}` });
    expect(decodeResponsePayload(payload).reads).toEqual([{ key: `agency~${agencyId}`, version: { block, position } }]);
  });

  it('refuses the same bytes a second time, in the same block and later', async () => {
    const envelope = await envelopeFor(freshAgencyId('310000'));
    expect(await commitTogether([envelope, envelope])).toEqual([VALID, DUPLICATE_TXID]);
    expect(await codeOf(envelope)).toBe(DUPLICATE_TXID);
  });

  it('remembers the id of an invalid transaction too', async () => {
    const envelope = await world.envelope(await world.execute(await world.registration()), world.peers(2));
    expect(await codeOf(envelope)).toBe(VALIDATION_CODE.ENDORSEMENT_POLICY_FAILURE);
    expect(await codeOf(envelope)).toBe(VALIDATION_CODE.ENDORSEMENT_POLICY_FAILURE);
    expect((await world.node.files.state.transaction(idOf(envelope)))?.block).toBe(world.node.committer.head.height - 2);
  });

  function idOf(envelope: Buffer): string {
    return /[0-9a-f]{64}/.exec(envelope.toString('latin1'))?.[0] as string;
  }
});

describe('a submission', () => {
  it('that loses a race is executed again on the new state, and refused if that says so', async () => {
    let racers = 0;
    const world = await foundedLedger({ createDispatcher: () => meetingDispatcher(() => racers) });
    const signer = await registrarSigner(world);
    const agencyId = freshAgencyId('310000');
    racers = 4;
    const attempts = await Promise.allSettled(
      Array.from({ length: 4 }, () => world.ledger.submit(registration(signer, agencyId))),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    for (const attempt of attempts)
      if (attempt.status === 'rejected') expect(attempt.reason).toMatchObject({ name: 'Refusal', code: 'agency.exists' });
    const codes = (await allBlocks(world.ledger)).flatMap(({ transactions }) =>
      transactions.map(({ validationCode }) => validationCode),
    );
    expect(codes.filter((code) => code === 'MVCC_READ_CONFLICT').length).toBe(3);
    await world.ledger.close();
  });

  it('is given up after six tries with nothing written, each under an id of its own', async () => {
    const world = await NodeWorld.open();
    const { node } = world;
    const agencyId = freshAgencyId('310000');
    const ids: string[] = [];
    const always = { broadcast: async () => ({ block: 9, position: 0, code: MVCC_READ_CONFLICT }), head: node.committer.head };
    const ledger = new EmbeddedLedger({
      endorser: node.endorser,
      peers: world.peers(4),
      roots: new Map(),
      committer: always as unknown as typeof node.committer,
      follow: { log: node.files.log, state: node.files.state, committer: node.committer, closed: node.closed },
      readiness: node.readiness,
      clock: () => world.clock.now,
      close: () => node.close(),
    });
    const attempt = ledger.submit(await world.registration(agencyId), (id) => ids.push(id));
    await expect(attempt).rejects.toThrow(LedgerConflict);
    expect(new Set(ids).size).toBe(6);
    expect(node.files.state.get(`agency~${agencyId}`)).toBeUndefined();
    await ledger.close();
  });

  it('found invalid for another reason is not tried again', async () => {
    const world = await NodeWorld.open();
    const { node } = world;
    const ledger = new EmbeddedLedger({
      endorser: node.endorser,
      peers: world.peers(2),
      roots: new Map(),
      committer: node.committer,
      follow: { log: node.files.log, state: node.files.state, committer: node.committer, closed: node.closed },
      readiness: node.readiness,
      clock: () => world.clock.now,
      close: () => node.close(),
    });
    const attempt = ledger.submit(await world.registration());
    await expect(attempt).rejects.toThrow(TransactionInvalid);
    await expect(attempt).rejects.toMatchObject({ validationCode: 'ENDORSEMENT_POLICY_FAILURE' });
    await ledger.close();
  });

  it('is refused at once when too many are waiting, and taken again afterwards', async () => {
    const world = await NodeWorld.open({});
    const envelope = await world.envelope(await world.execute(await world.registration()));
    const attempts = await Promise.allSettled(Array.from({ length: 5000 }, () => world.node.committer.broadcast(envelope)));
    const refused = attempts.filter((attempt) => attempt.status === 'rejected');
    expect(refused.length).toBe(5000 - 4096);
    for (const attempt of refused) expect(attempt.reason).toBeInstanceOf(LedgerUnavailable);
    const another = await world.envelope(await world.execute(await world.registration()));
    expect((await world.node.committer.broadcast(another)).code).toBe(VALID);
    await world.node.close();
  });

  it('is refused once the ledger is closed', async () => {
    const world = await foundedLedger();
    const signer = await registrarSigner(world);
    await register(world);
    await world.ledger.close();
    await expect(world.ledger.submit(registration(signer, freshAgencyId('310000')))).rejects.toThrow(LedgerUnavailable);
  });
});

describe('group commit', () => {
  it('puts everything that gathered while one block was synced into the next, under one sync', async () => {
    const world = await NodeWorld.open();
    const { files, endorser, readiness, provinces, committer } = world.node;
    let appended = 0;
    let release: () => void = () => {};
    const synced = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slowLog = {
      get end() {
        return files.log.end;
      },
      append: async (number: number, block: Uint8Array) => {
        appended += 1;
        await synced;
        return files.log.append(number, block);
      },
    };
    const orderers = provinces.map(({ orderer }) => orderer);
    const log = slowLog as unknown as typeof files.log;
    const own = new Committer(
      { ...files, log, membership: endorser.membership, orderers, readiness, reader: endorser.state, applied: () => {} },
      committer.head,
    );
    const envelopes = [];
    for (let count = 0; count < 21; count += 1)
      envelopes.push(await world.envelope(await world.execute(await world.registration())));
    const [first, ...others] = envelopes.map((envelope) => () => own.broadcast(envelope));
    const alone = first?.();
    await expect.poll(() => appended, { timeout: 60_000 }).toBe(1);
    const gathered = others.map((broadcast) => broadcast());
    await expect.poll(() => own.waiting, { timeout: 60_000 }).toBe(20);
    release();
    const height = committer.head.height;
    expect(await alone).toEqual({ block: height, position: 0, code: VALID });
    expect(await Promise.all(gathered)).toEqual(
      others.map((_, _position) => ({ block: height + 1, position: expect.any(Number), code: VALID })),
    );
    expect(appended).toBe(2);
    await world.node.close();
  });
});
