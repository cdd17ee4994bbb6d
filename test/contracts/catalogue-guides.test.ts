import { beforeAll, describe, expect, it } from 'vitest';
import { PROVINCE_CODES } from '../../chaincode/provinces.js';
import { CatalogueWorld, digest, type VersionPath } from '../support/catalogue-world.js';
import { type Actor, freshAgencyId } from '../support/contract-world.js';
import { writeSet } from '../support/write-set.js';

const suspend = 'catalogue:SuspendEntry';
const withdraw = 'catalogue:WithdrawEntry';
const guide = 'catalogue:PublishGuide';

let world: CatalogueWorld;
let serial = 0;
beforeAll(async () => {
  world = await CatalogueWorld.create();
});

const headOf = ({ kind, code }: VersionPath) => `catalogue-head~${kind}~${code}`;
const published = async (kind: VersionPath['kind'] = 'service-items') => (await world.publish(kind, `entry-${++serial}`)).path;

async function refused(actor: Actor, fn: string, input: object): Promise<[string, string | undefined]> {
  const { code, facts } = await world.contracts.refusal(actor, fn, input);
  return [code, facts.state];
}

describe('a guide', () => {
  const body = (changes: object = {}) => ({
    channels: [{ kind: 'online', url: 'https://zwdt.sh.gov.cn/guide?id=1#top' }, { kind: 'self-service' }],
    guideDigest: digest('3'),
    effectiveFrom: '2026-01-01T00:00:00Z',
    ...changes,
  });

  it('is numbered within its code and names the version that stands', async () => {
    const { code } = await published();
    const head = world.contracts.read(headOf({ kind: 'service-items', code, version: 1 }));
    for (const [number, province] of [
      [1, '310000'],
      [2, '320000'],
    ] as const) {
      const actor = world.department(province);
      const accepted = await world.contracts.submit(actor, guide, { code, ...body() });
      const { recordedAt } = accepted.record;
      const expected = { ...body(), code, number, version: 1, province, agency: actor.agencyId, recordedAt };
      expect(accepted.record).toEqual(expected);
      expect(writeSet(accepted, actor, guide)).toEqual({
        [`guide~${code}~0000000${number}`]: expected,
        [`catalogue-head~service-items~${code}`]: { ...head, guides: number, recordedAt },
      });
    }
  });

  it('is for a department of the version that stands, also while it is suspended', async () => {
    const { kind, code } = await published();
    for (const actor of [world.department('340000'), world.editor('310000'), world.portal('310000')])
      expect(await refused(actor, guide, { code, ...body() })).toEqual(['auth.agency', undefined]);
    await world.publish(kind, code, { departments: { '340000': [world.department('340000').agencyId] } });
    expect(await refused(world.department('310000'), guide, { code, ...body() })).toEqual(['auth.agency', undefined]);
    await world.contracts.submit(world.department('340000'), suspend, { kind, code, version: 2 });
    expect((await world.contracts.submit(world.department('340000'), guide, { code, ...body() })).record.version).toBe(2);
  });

  it('asks for a published version', async () => {
    const code = `entry-${++serial}`;
    expect(await refused(world.department('310000'), guide, { code, ...body() })).toEqual(['catalogue.not-found', undefined]);
    await world.draft('service-items', code);
    expect(await refused(world.department('310000'), guide, { code, ...body() })).toEqual(['catalogue.not-published', undefined]);
    const gone = await published();
    for (const province of PROVINCE_CODES) await world.contracts.submit(world.editor(province), withdraw, gone);
    expect(await refused(world.department('310000'), guide, { code: gone.code, ...body() })).toEqual([
      'catalogue.not-published',
      undefined,
    ]);
  });

  it('names registered centres only', async () => {
    const { code } = await published();
    const plain = await world.contracts.agency('310000', ['case-handler'], 'centre');
    for (const centreId of [freshAgencyId('310000'), plain.agencyId]) {
      const input = { code, ...body({ channels: [{ kind: 'window', centreId }] }) };
      const refusal = await world.contracts.refusal(world.department('310000'), guide, input);
      expect([refusal.code, refusal.facts.id]).toEqual(['catalogue.reference', centreId]);
    }
    const standard = await published('service-standards');
    const registrar = world.contracts.registrars.get('310000');
    if (!registrar) throw new Error('no registrar');
    await world.contracts.submit(registrar, 'registry:RegisterCentre', {
      centreId: plain.agencyId,
      name: { zh: '中心' },
      divisionCode: '310118',
      standard: { code: standard.code, version: 1 },
      validFrom: '2026-01-01T00:00:00Z',
      contractDigest: digest('2'),
    });
    const channels = [{ kind: 'virtual-window', centreId: plain.agencyId }];
    const { record } = await world.contracts.submit(world.department('310000'), guide, { code, ...body({ channels }) });
    expect(record.channels).toEqual(channels);
  });

  it.each([
    ['no channel', { channels: [] }],
    ['an unknown channel', { channels: [{ kind: 'fax' }] }],
    ['a script for an address', { channels: [{ kind: 'online', url: 'javascript:alert(1)' }] }],
    ['an address with a password', { channels: [{ kind: 'online', url: 'https://a:b@gov.cn/' }] }],
    ['an address with a blank', { channels: [{ kind: 'online', url: 'https://gov.cn/a b' }] }],
    ['an opening time in words', { hours: '九点到五点' }],
  ])('refuses %s', async (_what, changes) => {
    const { code } = await published();
    expect(await refused(world.department('310000'), guide, { code, ...body(changes) })).toEqual(['request.invalid', undefined]);
  });
});
