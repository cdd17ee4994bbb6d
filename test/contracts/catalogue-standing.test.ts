import { beforeAll, describe, expect, it } from 'vitest';
import { PROVINCE_CODES, type ProvinceCode } from '../../chaincode/provinces.js';
import { CATALOGUE_KINDS } from '../../chaincode/transactions/catalogue/catalogue-version.js';
import { CatalogueWorld, digest, type VersionPath } from '../support/catalogue-world.js';
import type { Actor } from '../support/contract-world.js';
import { editionWrites } from '../support/edition-writes.js';
import { writeSet } from '../support/write-set.js';

const suspend = 'catalogue:SuspendEntry';
const resume = 'catalogue:ResumeEntry';
const withdraw = 'catalogue:WithdrawEntry';

let world: CatalogueWorld;
let serial = 0;
beforeAll(async () => {
  world = await CatalogueWorld.create();
});

const keyOf = ({ kind, code, version }: VersionPath) => `catalogue-version~${kind}~${code}~${String(version).padStart(8, '0')}`;
const headOf = ({ kind, code }: VersionPath) => `catalogue-head~${kind}~${code}`;
const now = () => new Date(world.contracts.now).toISOString();
const read = (path: VersionPath) => world.contracts.read(keyOf(path));
const published = async (kind: VersionPath['kind'] = 'service-items') => (await world.publish(kind, `entry-${++serial}`)).path;

/** Who answers for an entry of the kind that Shanghai proposed. */
const responsible = (kind: VersionPath['kind'], province: ProvinceCode = '310000') =>
  kind === 'service-standards' ? world.editor('310000') : world.department(province);

async function refused(actor: Actor, fn: string, input: object): Promise<[string, string | undefined]> {
  const { code, facts } = await world.contracts.refusal(actor, fn, input);
  return [code, facts.state];
}

describe.each(CATALOGUE_KINDS)('suspension and resumption of %s', (kind) => {
  it('change the status, make an edition each, and write nothing else', async () => {
    const path = await published(kind);
    const before = read(path);
    const contentDigest = world.contentDigest(path);
    const actor = responsible(kind);
    const edition = editionWrites(world);
    const at = now();
    const suspended = await world.contracts.submit(actor, suspend, path);
    const suspension = { province: '310000', agency: actor.agencyId, time: at, transaction: suspended.transactionId };
    const standing = { ...before, status: 'suspended', suspension, recordedAt: at };
    expect(suspended.record).toEqual(standing);
    expect(writeSet(suspended, actor, suspend)).toEqual({
      [keyOf(path)]: standing,
      ...edition({ action: 'suspend', ...path }, contentDigest, at),
    });

    const next = editionWrites(world);
    const later = now();
    const resumed = await world.contracts.submit(actor, resume, path);
    expect(resumed.record).toEqual({ ...before, recordedAt: later });
    expect(writeSet(resumed, actor, resume)).toEqual({
      [keyOf(path)]: { ...before, recordedAt: later },
      ...next({ action: 'resume', ...path }, contentDigest, later),
    });
  });

  it('are for those who answer for the entry', async () => {
    const path = await published(kind);
    const strangers = [world.department('340000'), world.portal('310000'), world.editor('320000')];
    for (const actor of strangers) expect(await refused(actor, suspend, path)).toEqual(['auth.agency', undefined]);
    await world.contracts.submit(responsible(kind), suspend, path);
    for (const actor of strangers) expect(await refused(actor, resume, path)).toEqual(['auth.agency', undefined]);
  });

  it('follow each other, and tell the state otherwise', async () => {
    const path = await published(kind);
    const actor = responsible(kind);
    expect(await refused(actor, resume, path)).toEqual(['catalogue.state', 'published']);
    await world.contracts.submit(actor, suspend, path);
    expect(await refused(actor, suspend, path)).toEqual(['catalogue.state', 'suspended']);
  });

  it('ask for a version that was published', async () => {
    const code = `entry-${++serial}`;
    await world.draft(kind, code);
    const path = { kind, code, version: 1 };
    for (const fn of [suspend, resume]) {
      expect(await refused(responsible(kind), fn, path)).toEqual(['catalogue.state', 'draft']);
      expect(await refused(responsible(kind), fn, { ...path, version: 2 })).toEqual(['catalogue.not-found', undefined]);
    }
  });
});

describe('a suspended entry', () => {
  it('may be resumed by any other agency that answers for it', async () => {
    const path = await published();
    await world.contracts.submit(world.department('310000'), suspend, path);
    const { record } = await world.contracts.submit(world.department('320000'), resume, path);
    expect(record.status).toBe('published');
  });

  it('is no longer what centres can name', async () => {
    const path = await published('service-standards');
    await world.contracts.submit(world.editor('310000'), suspend, path);
    const centre = await world.contracts.agency('310000', ['case-handler'], 'centre');
    const registrar = world.contracts.registrars.get('310000');
    if (!registrar) throw new Error('no registrar');
    const body = { centreId: centre.agencyId, name: { zh: '中心' }, divisionCode: '310000', contractDigest: digest('2') };
    const input = { ...body, standard: { code: path.code, version: 1 }, validFrom: '2026-01-01T00:00:00Z' };
    expect(await refused(registrar, 'registry:RegisterCentre', input)).toEqual(['catalogue.not-published', 'suspended']);
  });

  it('is superseded by the next version’s publication, and stays so', async () => {
    const { kind, code } = await published();
    await world.contracts.submit(world.department('310000'), suspend, { kind, code, version: 1 });
    await world.publish(kind, code);
    expect(read({ kind, code, version: 1 })?.status).toBe('superseded');
    for (const fn of [suspend, resume])
      expect(await refused(world.department('310000'), fn, { kind, code, version: 1 })).toEqual([
        'catalogue.state',
        'superseded',
      ]);
  });
});

describe('a withdrawal', () => {
  it('is four votes; the last takes the version off the list', async () => {
    const path = await published();
    const before = read(path);
    const votes: object[] = [];
    for (const province of PROVINCE_CODES) {
      const last = province === '340000';
      const edition = editionWrites(world);
      const editor = world.editor(province);
      const recordedAt = now();
      const accepted = await world.contracts.submit(editor, withdraw, path);
      votes.push({ province, agency: editor.agencyId, time: recordedAt, transaction: accepted.transactionId });
      const version = { ...before, status: last ? 'withdrawn' : 'published', withdrawalVotes: votes, recordedAt };
      const off = {
        [headOf(path)]: { kind: path.kind, code: path.code, latest: 1, recordedAt },
        ...edition({ action: 'withdraw', ...path }, world.contentDigest(path), recordedAt),
      };
      expect(accepted.record).toEqual(version);
      expect(writeSet(accepted, editor, withdraw)).toEqual({ [keyOf(path)]: version, ...(last ? off : {}) });
    }
  });

  it('is voted once a province', async () => {
    const path = await published('data-sets');
    await world.contracts.submit(world.editor('320000'), withdraw, path);
    expect(await refused(world.editor('320000'), withdraw, path)).toEqual(['catalogue.voted', undefined]);
    const colleague = await world.contracts.agency('320000', ['catalogue-editor']);
    expect(await refused(colleague, withdraw, path)).toEqual(['catalogue.voted', undefined]);
  });

  it('of a suspended version is possible, of any other is not', async () => {
    const path = await published('data-sets');
    await world.contracts.submit(world.department('310000'), suspend, path);
    for (const province of PROVINCE_CODES) await world.contracts.submit(world.editor(province), withdraw, path);
    expect(await refused(world.editor('310000'), withdraw, path)).toEqual(['catalogue.state', 'withdrawn']);
    expect(await refused(world.department('310000'), resume, path)).toEqual(['catalogue.state', 'withdrawn']);
    await world.draft('data-sets', path.code);
    expect(await refused(world.editor('310000'), withdraw, { ...path, version: 2 })).toEqual(['catalogue.state', 'draft']);
    expect(await refused(world.editor('310000'), withdraw, { ...path, version: 3 })).toEqual(['catalogue.not-found', undefined]);
  });

  it('leaves room for a later version, and the votes of one version are not another’s', async () => {
    const { kind, code } = await published('data-sets');
    for (const province of ['310000', '320000', '330000'] as const)
      await world.contracts.submit(world.editor(province), withdraw, { kind, code, version: 1 });
    await world.publish(kind, code);
    await world.contracts.submit(world.editor('340000'), withdraw, { kind, code, version: 2 });
    expect(read({ kind, code, version: 2 })?.status).toBe('published');
    for (const province of ['310000', '320000', '330000'] as const)
      await world.contracts.submit(world.editor(province), withdraw, { kind, code, version: 2 });
    await world.publish(kind, code);
    expect(world.contracts.read(headOf({ kind, code, version: 1 }))).toMatchObject({ latest: 3, published: 3 });
    expect(read({ kind, code, version: 2 })?.status).toBe('withdrawn');
  });
});
