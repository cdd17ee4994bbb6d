import { beforeAll, describe, expect, it } from 'vitest';
import { CatalogueWorld, digest, type VersionPath } from '../support/catalogue-world.js';
import { type Actor, freshAgencyId } from '../support/contract-world.js';
import { writeSet } from '../support/write-set.js';

const open = 'catalogue:OpenConsultation';
const speak = 'catalogue:SubmitOpinion';
const close = 'catalogue:RecordConsultationResult';

let world: CatalogueWorld;
let serial = 0;
beforeAll(async () => {
  world = await CatalogueWorld.create();
});

const at = (offset: number) => new Date(world.contracts.now + offset).toISOString();
const notice = (opensIn: number, closesIn: number) => ({
  opensAt: at(opensIn),
  closesAt: at(closesIn),
  noticeDigest: digest('7'),
});
const result = { adopted: 3, notAdopted: 1, summaryDigest: digest('8') };
const keyOf = ({ kind, code, version }: VersionPath) => `catalogue-version~${kind}~${code}~${String(version).padStart(8, '0')}`;

async function drafted(kind: VersionPath['kind'] = 'service-items'): Promise<VersionPath> {
  const code = `entry-${++serial}`;
  await world.draft(kind, code);
  return { kind, code, version: 1 };
}

async function consulting(opensIn = -60_000, closesIn = 3_600_000): Promise<VersionPath> {
  const path = await drafted();
  await world.contracts.submit(world.editor('310000'), open, { ...path, ...notice(opensIn, closesIn) });
  return path;
}

async function refused(actor: Actor, fn: string, input: object): Promise<[string, string | undefined]> {
  const { code, facts } = await world.contracts.refusal(actor, fn, input);
  return [code, facts.state];
}

describe('opening a consultation', () => {
  it('writes its dates into the version and nothing else', async () => {
    const path = await drafted();
    const before = world.contracts.read(keyOf(path));
    const body = notice(-60_000, 60_000);
    const editor = world.editor('310000');
    const accepted = await world.contracts.submit(editor, open, { ...path, ...body });
    const { recordedAt } = accepted.record;
    const expected = { ...before, status: 'consultation', consultation: { ...body, openedAt: recordedAt }, recordedAt };
    expect(accepted.record).toEqual(expected);
    expect(writeSet(accepted, editor, open)).toEqual({ [keyOf(path)]: expected });
  });

  it('has no least length, and may enter one that was held before', async () => {
    for (const [opensIn, closesIn] of [
      [0, 0],
      [-2000, -1000],
    ] as const) {
      const path = await drafted();
      const editor = world.editor('310000');
      const { record } = await world.contracts.submit(editor, open, { ...path, ...notice(opensIn, closesIn) });
      expect(record.status).toBe('consultation');
    }
  });

  it('is refused when it closes before it opens', async () => {
    const { code, facts } = await world.contracts.refusal(world.editor('310000'), open, {
      ...(await drafted()),
      ...notice(1000, 999),
    });
    expect([code, facts.fields?.[0]?.path]).toEqual(['request.invalid', '/closesAt']);
  });

  it('is for the proposing province’s editors', async () => {
    const path = await drafted();
    for (const province of ['320000', '330000', '340000'] as const)
      expect(await refused(world.editor(province), open, { ...path, ...notice(0, 1000) })).toEqual(['auth.agency', undefined]);
    const colleague = await world.contracts.agency('310000', ['catalogue-editor']);
    const { record } = await world.contracts.submit(colleague, open, { ...path, ...notice(0, 1000) });
    expect(record.status).toBe('consultation');
  });

  it('is done once, and not under a vote', async () => {
    const path = await consulting();
    const editor = world.editor('310000');
    expect(await refused(editor, open, { ...path, ...notice(0, 1000) })).toEqual(['catalogue.state', 'consultation']);
    const voted = await drafted('data-sets');
    await world.vote(voted, '340000');
    expect(await refused(editor, open, { ...voted, ...notice(0, 1000) })).toEqual(['catalogue.state', 'draft']);
  });
});

describe('an opinion', () => {
  it('has a key of its own, and leaves the version alone', async () => {
    const path = await consulting();
    for (const [actor, from] of [
      [world.portal('330000'), 'public'],
      [world.department('340000'), 'department'],
    ] as const) {
      const body = { from, opinionDigest: digest('9') };
      const accepted = await world.contracts.submit(actor, speak, { ...path, ...body });
      const { recordedAt } = accepted.record;
      const expected = { ...path, ...body, province: actor.province, agency: actor.agencyId, recordedAt };
      expect(accepted.record).toEqual(expected);
      expect(writeSet(accepted, actor, speak)).toEqual({
        [`opinion~${path.kind}~${path.code}~00000001~${accepted.transactionId}`]: expected,
      });
    }
  });

  it('of the public comes through a portal, of a department from that department', async () => {
    const path = await consulting();
    const body = (from: string) => ({ ...path, from, opinionDigest: digest('9') });
    expect(await refused(world.department('310000'), speak, body('public'))).toEqual(['auth.role', undefined]);
    expect(await refused(world.editor('310000'), speak, body('public'))).toEqual(['auth.role', undefined]);
    expect(await refused(world.portal('310000'), speak, body('department'))).toEqual(['auth.agency', undefined]);
    const application = await world.contracts.agency('310000', ['application'], 'application');
    expect(await refused(application, speak, body('public'))).toEqual(['auth.agency', undefined]);
    const centre = await world.contracts.agency('310000', ['case-handler'], 'centre');
    expect(await refused(centre, speak, body('department'))).toEqual(['auth.agency', undefined]);
  });

  it('counts from the opening until before the closing', async () => {
    const body = { from: 'public', opinionDigest: digest('9') };
    const portal = world.portal('310000');
    const early = await consulting(60_000, 120_000);
    expect(await refused(portal, speak, { ...early, ...body })).toEqual(['catalogue.state', 'consultation']);
    const path = await drafted();
    const [opens, closes] = [world.contracts.now + 10_000, world.contracts.now + 20_000];
    const dates = { opensAt: new Date(opens).toISOString(), closesAt: new Date(closes).toISOString(), noticeDigest: digest('7') };
    await world.contracts.submit(world.editor('310000'), open, { ...path, ...dates });
    for (const [now, accepted] of [
      [opens - 1, false],
      [opens, true],
      [closes - 1, true],
      [closes, false],
    ] as const) {
      world.contracts.now = now;
      const sent = world.contracts.submit(portal, speak, { ...path, ...body });
      if (accepted) expect((await sent).record.from).toBe('public');
      else await expect(sent).rejects.toMatchObject({ code: 'catalogue.state' });
    }
    world.contracts.now = closes + 1000;
  });

  it('asks for a consultation', async () => {
    const input = { ...(await drafted()), from: 'public', opinionDigest: digest('9') };
    expect(await refused(world.portal('310000'), speak, input)).toEqual(['catalogue.state', 'draft']);
  });

  it.each([{ text: '我的意见' }, { from: 'press' }, { opinionDigest: 'a'.repeat(64) }])('refuses %j', async (changes) => {
    const input = { ...(await drafted()), from: 'public', opinionDigest: digest('9'), ...changes };
    expect(await refused(world.portal('310000'), speak, input)).toEqual(['request.invalid', undefined]);
  });
});

describe('a consultation’s result', () => {
  it('is recorded from the very instant of closing', async () => {
    const path = await drafted();
    const editor = world.editor('310000');
    const body = notice(0, 60_000);
    await world.contracts.submit(editor, open, { ...path, ...body });
    world.contracts.now = Date.parse(body.closesAt) - 1;
    expect(await refused(editor, close, { ...path, ...result })).toEqual(['catalogue.state', 'consultation']);
    world.contracts.now = Date.parse(body.closesAt);
    const before = world.contracts.read<{ consultation: object }>(keyOf(path));
    const accepted = await world.contracts.submit(editor, close, { ...path, ...result });
    const { recordedAt } = accepted.record;
    const consultation = { ...before?.consultation, result: { ...result, recordedAt } };
    const expected = { ...before, status: 'consulted', consultation, recordedAt };
    expect(accepted.record).toEqual(expected);
    expect(writeSet(accepted, editor, close)).toEqual({ [keyOf(path)]: expected });
  });

  it('is for the proposing province’s editors', async () => {
    const path = await consulting(-2000, -1000);
    for (const province of ['320000', '330000', '340000'] as const)
      expect(await refused(world.editor(province), close, { ...path, ...result })).toEqual(['auth.agency', undefined]);
  });

  it('is recorded once, and only of a consultation', async () => {
    const editor = world.editor('310000');
    expect(await refused(editor, close, { ...(await drafted()), ...result })).toEqual(['catalogue.state', 'draft']);
    const path = await drafted();
    await world.consult(path);
    expect(await refused(editor, close, { ...path, ...result })).toEqual(['catalogue.state', 'consulted']);
  });

  it.each([{ adopted: -1 }, { notAdopted: 1.5 }, { adopted: '3' }, { summary: '采纳三条' }])('refuses %j', async (changes) => {
    const input = { ...(await consulting(-2000, -1000)), ...result, ...changes };
    expect(await refused(world.editor('310000'), close, input)).toEqual(['request.invalid', undefined]);
  });
});

describe.each([
  [open, () => notice(0, 1000), () => world.editor('310000')],
  [speak, () => ({ from: 'public', opinionDigest: digest('9') }), () => world.portal('310000')],
  [close, () => result, () => world.editor('310000')],
] as const)('%s', (fn, body, actor) => {
  it('asks for a version that exists', async () => {
    const path = await drafted();
    for (const change of [{ version: 2 }, { code: freshAgencyId('310000') }, { kind: 'data-sets' }])
      expect(await refused(actor(), fn, { ...path, ...body(), ...change })).toEqual(['catalogue.not-found', undefined]);
  });

  it('takes no path of another form', async () => {
    const path = await drafted();
    for (const change of [{ version: 0 }, { version: '1' }, { version: 1.5 }, { kind: 'guides' }, { code: '../x' }])
      expect(await refused(actor(), fn, { ...path, ...body(), ...change })).toEqual(['request.invalid', undefined]);
  });
});
