import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE_KINDS } from '../../chaincode/transactions/catalogue/catalogue-version.js';
import { CatalogueWorld, digest } from '../support/catalogue-world.js';
import { freshAgencyId } from '../support/contract-world.js';
import { writeSet } from '../support/write-set.js';

let world: CatalogueWorld;
beforeAll(async () => {
  world = await CatalogueWorld.create();
});

/** RFC 8785 as far as ASCII names and integers go: members sorted, no blanks. */
function sortedJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${sortedJson(member)}`).join(',')}}`;
}

const FUNCTIONS = {
  'service-items': 'catalogue:DraftServiceItem',
  'data-sets': 'catalogue:DraftDataSet',
  'service-standards': 'catalogue:DraftServiceStandard',
} as const;

describe.each(CATALOGUE_KINDS)('a draft of %s', (kind) => {
  const fn = FUNCTIONS[kind];

  it('is version 1 of its code, with the digest of its content', async () => {
    const editor = world.editor('330000');
    const content = world.body(kind, 'first');
    const accepted = await world.contracts.submit(editor, fn, content);
    const { recordedAt } = accepted.record;
    const version = {
      kind,
      code: 'first',
      version: 1,
      province: '330000',
      proposer: editor.agencyId,
      status: 'draft',
      content,
      contentDigest: createHash('sha256').update(sortedJson(content)).digest('hex'),
      votes: [],
      recordedAt,
    };
    expect(accepted.record).toEqual(version);
    expect(writeSet(accepted, editor, fn)).toEqual({
      [`catalogue-version~${kind}~first~00000001`]: version,
      [`catalogue-head~${kind}~first`]: { kind, code: 'first', latest: 1, recordedAt },
    });
  });

  it('is the next version when the code is posted again, by another province too, and leaves the earlier one alone', async () => {
    await world.draft(kind, 'again');
    const earlier = world.contracts.read(`catalogue-version~${kind}~again~00000001`);
    const editor = world.editor('340000');
    const accepted = await world.contracts.submit(editor, fn, world.body(kind, 'again', { name: { zh: '新名' } }));
    expect(accepted.record).toMatchObject({ version: 2, status: 'draft', province: '340000' });
    expect(Object.keys(writeSet(accepted, editor, fn))).toEqual([
      `catalogue-head~${kind}~again`,
      `catalogue-version~${kind}~again~00000002`,
    ]);
    expect(world.contracts.read(`catalogue-version~${kind}~again~00000001`)).toEqual(earlier);
  });

  it('has the same digest for the same content and another for any other', async () => {
    const digests = [{}, {}, { name: { zh: '别的' } }].map(async (changes) => (await world.draft(kind, 'same', changes)).record);
    const [first, second, third] = (await Promise.all(digests)).map(({ contentDigest }) => contentDigest);
    expect(first).toBe(second);
    expect(first).not.toBe(third);
  });

  it.each([
    ['a status', { status: 'published' }],
    ['a version', { version: 7 }],
    ['votes', { votes: [] }],
    ['a code with a separator', { code: 'a~b' }],
    ['a code of 65 characters', { code: 'a'.repeat(65) }],
    ['a name that is bare text', { name: '名称' }],
    ['an empty name', { name: { zh: '' } }],
  ])('refuses %s', async (_what, changes) => {
    const { code } = await world.contracts.refusal(world.editor('310000'), fn, world.body(kind, 'wrong', changes));
    expect(code).toBe('request.invalid');
  });

  it('refuses a name that holds a citizen number', async () => {
    const input = world.body(kind, 'private', { name: { zh: '申请人 11010519491231002X' } });
    const refusal = await world.contracts.refusal(world.editor('310000'), fn, input);
    expect([refusal.code, refusal.facts.fields?.[0]?.path]).toEqual(['privacy.personal-data', '/name/zh']);
  });
});

describe('a service item', () => {
  const fn = FUNCTIONS['service-items'];
  const draft = (code: string, changes: object) =>
    world.contracts.submit(world.editor('310000'), fn, world.body('service-items', code, changes));
  const refusal = (changes: object) =>
    world.contracts.refusal(world.editor('310000'), fn, world.body('service-items', 'wrong', changes));

  it('takes every field that the contract names', async () => {
    const registrar = world.contracts.registrars.get('310000');
    if (!registrar) throw new Error('no registrar');
    await world.contracts.submit(registrar, 'registry:RegisterInstrument', {
      code: 'regulation-2026',
      title: { zh: '规定' },
      issuer: 'npc',
      effectiveFrom: '2026-01-01T00:00:00Z',
      digest: digest('1'),
    });
    const materials = [{ code: 'id-copy', name: { zh: '证件复印件', en: 'Copy' }, required: false }];
    const full = {
      audience: 'individual',
      domain: 'birth',
      valueAdded: 'policy',
      modes: ['standard', 'continued', 'integrated', 'proactive', 'assisted', 'counter'],
      departments: Object.fromEntries(
        (['310000', '320000', '330000', '340000'] as const).map((code) => [code, [world.department(code).agencyId]]),
      ),
      materials,
      route: ['received', 'reviewed', 'issued'],
      components: ['birth-certificate', 'household-registration'],
      variants: { '330000': { materials, timeLimit: { workingDays: 3 } }, '340000': {} },
      effort: { before: { steps: 4, days: 20, materials: 9, visits: 3 }, now: { steps: 1, days: 5, materials: 2, visits: 0 } },
      demand: { source: 'survey-2025', digest: digest('3') },
      legalBasis: ['regulation-2026'],
    };
    expect((await draft('full', full)).record.content).toEqual(world.body('service-items', 'full', full));
  });

  it.each([
    ['a domain of the other audience', { audience: 'individual', domain: 'tax' }, '/domain'],
    ['a domain of individuals for enterprises', { audience: 'enterprise', domain: 'birth' }, '/domain'],
    ['an unknown domain', { domain: 'weather' }, '/domain'],
    ['an unknown mode', { modes: ['postal'] }, '/modes/0'],
    ['no mode', { modes: [] }, '/modes'],
    ['a mode twice', { modes: ['standard', 'standard'] }, '/modes'],
    ['no department', { departments: {} }, '/departments'],
    ['a province without a department', { departments: { '310000': [] } }, '/departments/310000'],
    ['half a working day', { timeLimit: { workingDays: 0.5 } }, '/timeLimit/workingDays'],
    ['a number as text', { timeLimit: { workingDays: '5' } }, '/timeLimit/workingDays'],
    ['a milestone twice', { route: ['a', 'a'] }, '/route'],
    ['a milestone in words', { route: ['受理'] }, '/route/0'],
    ['an effort without now', { effort: { before: { steps: 1, days: 1, materials: 1, visits: 1 } } }, '/effort'],
  ])('refuses %s', async (_what, changes, path) => {
    const found = await refusal(changes);
    expect(found.code).toBe('request.invalid');
    expect(found.facts.fields?.map((field) => field.path)).toContain(path);
  });

  it('refuses a material’s code twice, in a variant too', async () => {
    const material = (required: boolean) => ({ code: 'form', name: { zh: '表' }, required });
    const twice = [material(true), material(false)];
    expect((await refusal({ materials: twice })).facts.fields?.[0]?.path).toBe('/materials/1/code');
    const variant = await refusal({ variants: { '320000': { materials: twice } } });
    expect(variant.facts.fields?.[0]?.path).toBe('/variants/320000/materials/1/code');
  });

  it('refuses a province outside the four', async () => {
    const found = await refusal({ departments: { '350000': [world.department('310000').agencyId] } });
    expect(found.code).toBe('request.invalid');
  });

  it('refuses a department that is not registered, or is in another province', async () => {
    const unknown = freshAgencyId('310000');
    for (const id of [unknown, world.department('320000').agencyId]) {
      const found = await refusal({ departments: { '310000': [world.department('310000').agencyId, id] } });
      expect([found.code, found.facts.id]).toEqual(['catalogue.reference', id]);
    }
  });

  it('refuses a department whose check character is wrong', async () => {
    expect((await refusal({ departments: { '310000': ['111000000000133380'] } })).code).toBe('request.id-invalid');
  });

  it('refuses a legal basis that is no registered instrument', async () => {
    const found = await refusal({ legalBasis: ['unheard-of'] });
    expect([found.code, found.facts.id]).toEqual(['catalogue.reference', 'unheard-of']);
  });
});

describe('a service standard', () => {
  it.each([
    ['no duty', { duties: [] }],
    ['an unknown duty', { duties: ['decide'] }],
    ['a duty twice', { duties: ['consult', 'consult'] }],
    ['a date without a time', { effectiveFrom: '2026-01-01' }],
  ])('refuses %s', async (_what, changes) => {
    const input = world.body('service-standards', 'wrong', changes);
    const refusal = await world.contracts.refusal(world.editor('310000'), FUNCTIONS['service-standards'], input);
    expect(refusal.code).toBe('request.invalid');
  });
});
