import { beforeAll, describe, expect, it } from 'vitest';
import { PROVINCE_CODES } from '../../chaincode/provinces.js';
import { CatalogueWorld, type VersionPath } from '../support/catalogue-world.js';
import { editionWrites } from '../support/edition-writes.js';
import { writeSet } from '../support/write-set.js';

const fn = 'catalogue:CastVote';
let world: CatalogueWorld;
let serial = 0;
beforeAll(async () => {
  world = await CatalogueWorld.create();
});

const keyOf = ({ kind, code, version }: VersionPath) => `catalogue-version~${kind}~${code}~${String(version).padStart(8, '0')}`;

async function drafted(kind: VersionPath['kind'], code = `entry-${++serial}`): Promise<VersionPath> {
  const { record } = await world.draft(kind, code);
  return { kind, code, version: Number(record.version) };
}

async function refusal(path: VersionPath, province: (typeof PROVINCE_CODES)[number], changes: object = {}) {
  const ballot = { ...path, vote: 'approve', contentDigest: world.contentDigest(path), ...changes };
  const { code, facts } = await world.contracts.refusal(world.editor(province), fn, ballot);
  return [code, facts.state];
}

describe('a vote', () => {
  it('is counted in the version, with who cast it and in which transaction', async () => {
    const path = await drafted('data-sets');
    const before = world.contracts.read(keyOf(path));
    const editor = world.editor('330000');
    const accepted = await world.vote(path, '330000', { reason: 'agreed-in-session' });
    const { recordedAt } = accepted.record;
    const vote = {
      vote: 'approve',
      contentDigest: world.contentDigest(path),
      reason: 'agreed-in-session',
      province: '330000',
      agency: editor.agencyId,
      time: recordedAt,
      transaction: accepted.transactionId,
    };
    const expected = { ...before, votes: [vote], recordedAt };
    expect(accepted.record).toEqual(expected);
    expect(writeSet(accepted, editor, fn)).toEqual({ [keyOf(path)]: expected });
  });

  it('is one a province, whichever of its editors casts it', async () => {
    const path = await drafted('data-sets');
    await world.vote(path, '310000');
    expect(await refusal(path, '310000')).toEqual(['catalogue.voted', undefined]);
    expect(await refusal(path, '310000', { vote: 'reject' })).toEqual(['catalogue.voted', undefined]);
    const colleague = await world.contracts.agency('310000', ['catalogue-editor']);
    const ballot = { ...path, vote: 'approve', contentDigest: world.contentDigest(path) };
    expect((await world.contracts.refusal(colleague, fn, ballot)).code).toBe('catalogue.voted');
  });

  it('is about that very content', async () => {
    const path = await drafted('data-sets');
    const other = await world.draft('data-sets', path.code, { name: { zh: '别的' } });
    for (const contentDigest of ['0'.repeat(64), String(other.record.contentDigest)])
      expect(await refusal(path, '310000', { contentDigest })).toEqual(['catalogue.content', undefined]);
    expect(world.contracts.read(keyOf(path))?.votes).toEqual([]);
  });

  it.each([
    { vote: 'abstain' },
    { vote: undefined },
    { contentDigest: 'A'.repeat(64) },
    { reason: '同意' },
    { province: '320000' },
  ])('refuses %j', async (changes) => {
    const path = await drafted('data-sets');
    const ballot = JSON.parse(JSON.stringify({ ...path, vote: 'approve', contentDigest: world.contentDigest(path), ...changes }));
    expect((await world.contracts.refusal(world.editor('310000'), fn, ballot)).code).toBe('request.invalid');
  });

  it('asks for a version that exists', async () => {
    const path = await drafted('data-sets');
    const contentDigest = world.contentDigest(path);
    for (const change of [{ version: 2 }, { code: 'unheard-of' }, { kind: 'service-standards' }]) {
      const ballot = { ...path, vote: 'approve', contentDigest, ...change };
      expect((await world.contracts.refusal(world.editor('310000'), fn, ballot)).code).toBe('catalogue.not-found');
    }
  });
});

/** Anhui's approval, the fourth: the version that it must make, and what it wrote. */
async function lastVote(path: VersionPath) {
  const before = world.contracts.read<{ votes: { province: string }[] }>(keyOf(path));
  const edition = editionWrites(world);
  const at = new Date(world.contracts.now).toISOString();
  const editor = world.editor('340000');
  const accepted = await world.vote(path, '340000');
  const contentDigest = world.contentDigest(path);
  const act = { province: '340000', agency: editor.agencyId, time: at, transaction: accepted.transactionId };
  const votes = [...(before?.votes ?? []), { vote: 'approve', contentDigest, ...act }];
  const version = { ...before, status: 'published', votes, publishedAt: at, recordedAt: at };
  expect(accepted.record).toEqual(version);
  return { version, votes, write: { written: writeSet(accepted, editor, fn), edition, at } };
}

describe('four approvals', () => {
  it('publish the version, enter it as the published one and make an edition', async () => {
    const path = await drafted('service-standards');
    for (const province of ['310000', '320000', '330000'] as const) {
      const { record } = await world.vote(path, province);
      expect(record.status).toBe('draft');
    }
    const { version, votes, write } = await lastVote(path);
    const { kind, code } = path;
    expect(votes.map((vote) => vote.province)).toEqual([...PROVINCE_CODES]);
    expect(write.written).toEqual({
      [keyOf(path)]: version,
      [`catalogue-head~${kind}~${code}`]: { kind, code, latest: 1, published: 1, recordedAt: write.at },
      ...write.edition({ action: 'publish', ...path }, world.contentDigest(path), write.at),
    });
  });

  it('close the vote', async () => {
    const { path } = await world.publish('data-sets', `entry-${++serial}`);
    for (const province of PROVINCE_CODES) {
      expect(await refusal(path, province)).toEqual(['catalogue.state', 'published']);
      expect(await refusal(path, province, { vote: 'reject' })).toEqual(['catalogue.state', 'published']);
    }
  });

  it('of a later version supersede the earlier one', async () => {
    const { kind, code } = (await world.publish('data-sets', `entry-${++serial}`)).path;
    const first = world.contracts.read(keyOf({ kind, code, version: 1 }));
    await world.draft(kind, code, { updateFrequency: 'weekly' });
    const path = { kind, code, version: 2 };
    for (const province of ['310000', '320000', '330000'] as const) await world.vote(path, province);
    const { version, write } = await lastVote(path);
    expect(write.written).toEqual({
      [keyOf({ kind, code, version: 1 })]: { ...first, status: 'superseded', recordedAt: write.at },
      [keyOf(path)]: version,
      [`catalogue-head~${kind}~${code}`]: { kind, code, latest: 2, published: 2, recordedAt: write.at },
      ...write.edition({ action: 'publish', ...path, replaces: 1 }, world.contentDigest(path), write.at),
    });
  });

  it('cannot bring back an older draft once a newer version is published', async () => {
    const older = await drafted('data-sets');
    for (const province of ['310000', '320000', '330000'] as const) await world.vote(older, province);
    await world.publish('data-sets', older.code, { updateFrequency: 'weekly' });
    expect(await refusal(older, '340000')).toEqual(['catalogue.state', 'draft']);
    expect(world.contracts.read(keyOf({ ...older, version: 2 }))?.status).toBe('published');
  });

  it('go on for an older draft while a newer one is only drafted', async () => {
    const older = await drafted('data-sets');
    await world.draft('data-sets', older.code, { updateFrequency: 'weekly' }, '340000');
    for (const province of PROVINCE_CODES) await world.vote(older, province);
    expect(world.contracts.read(keyOf(older))?.status).toBe('published');
  });
});

describe('before a consultation’s result', () => {
  it('nobody votes on a service item', async () => {
    const path = await drafted('service-items');
    for (const province of PROVINCE_CODES) expect(await refusal(path, province)).toEqual(['catalogue.state', 'draft']);
    await world.consult(path);
    for (const province of PROVINCE_CODES) await world.vote(path, province);
    expect(world.contracts.read(keyOf(path))?.status).toBe('published');
  });

  it.each(['service-items', 'data-sets', 'service-standards'] as const)(
    'nobody votes on %s where one was opened',
    async (kind) => {
      const path = await drafted(kind);
      const dates = { opensAt: '2026-01-01T00:00:00Z', closesAt: '2026-02-01T00:00:00Z' };
      const opening = { ...path, ...dates, noticeDigest: { alg: 'sm3', value: 'a'.repeat(64) } };
      await world.contracts.submit(world.editor('310000'), 'catalogue:OpenConsultation', opening);
      expect(await refusal(path, '320000')).toEqual(['catalogue.state', 'consultation']);
      expect(await refusal(path, '320000', { vote: 'reject' })).toEqual(['catalogue.state', 'consultation']);
    },
  );
});

describe('a rejection', () => {
  it('returns the version to draft, voids the round and keeps what was said', async () => {
    const path = await drafted('service-items');
    await world.consult(path);
    await world.vote(path, '310000');
    const before = world.contracts.read<Record<string, unknown>>(keyOf(path));
    const accepted = await world.vote(path, '340000', { vote: 'reject', reason: 'route-unclear' });
    const { recordedAt } = accepted.record;
    const { consultation: _closed, ...kept } = before ?? {};
    const rejection = {
      vote: 'reject',
      reason: 'route-unclear',
      contentDigest: world.contentDigest(path),
      province: '340000',
      agency: world.editor('340000').agencyId,
      time: recordedAt,
      transaction: accepted.transactionId,
    };
    const expected = { ...kept, status: 'draft', votes: [], rejection, recordedAt };
    expect(accepted.record).toEqual(expected);
    expect(writeSet(accepted, world.editor('340000'), fn)).toEqual({ [keyOf(path)]: expected });
  });

  it('asks a service item for another consultation', async () => {
    const path = await drafted('service-items');
    await world.consult(path);
    await world.vote(path, '320000', { vote: 'reject' });
    for (const province of PROVINCE_CODES) expect(await refusal(path, province)).toEqual(['catalogue.state', 'draft']);
    await world.consult(path);
    for (const province of PROVINCE_CODES) await world.vote(path, province);
    expect(world.contracts.read(keyOf(path))?.status).toBe('published');
  });

  it('lets every province vote afresh, also the one that rejected', async () => {
    const path = await drafted('data-sets');
    await world.vote(path, '310000');
    await world.vote(path, '320000', { vote: 'reject' });
    for (const province of PROVINCE_CODES) await world.vote(path, province);
    expect(world.contracts.read(keyOf(path))).toMatchObject({ status: 'published', rejection: { province: '320000' } });
  });

  it('of a newer version leaves the published one as it is', async () => {
    const { kind, code } = (await world.publish('data-sets', `entry-${++serial}`)).path;
    const first = world.contracts.read(keyOf({ kind, code, version: 1 }));
    const second = await drafted(kind, code);
    await world.vote(second, '310000');
    await world.vote(second, '330000', { vote: 'reject' });
    expect(world.contracts.read(keyOf({ kind, code, version: 1 }))).toEqual(first);
    expect(world.contracts.read(`catalogue-head~${kind}~${code}`)).toMatchObject({ latest: 2, published: 1 });
  });
});
