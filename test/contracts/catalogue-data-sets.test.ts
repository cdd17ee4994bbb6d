import { beforeAll, describe, expect, it } from 'vitest';
import { CatalogueWorld, digest } from '../support/catalogue-world.js';
import { freshAgencyId } from '../support/contract-world.js';

let world: CatalogueWorld;
beforeAll(async () => {
  world = await CatalogueWorld.create();
});

describe('a data set', () => {
  const fn = 'catalogue:DraftDataSet';
  const refusal = (changes: object) =>
    world.contracts.refusal(world.editor('310000'), fn, world.body('data-sets', 'wrong', changes));

  it('takes every field that the contract names', async () => {
    const full = {
      shareClass: 'withheld',
      legalBasis: '《政务数据共享条例》第十条',
      condition: 'civil-affairs-only',
      grade: 4,
      confidentiality: 'personal',
      standard: { code: 'GBT-2261', version: 1, digest: digest('4') },
      fields: [
        { name: 'status', title: { zh: '状态', en: 'Status' }, type: 'code' },
        { name: 'since', title: { zh: '起始' }, type: 'date' },
      ],
      servesItems: ['aid-for-students'],
    };
    const accepted = await world.contracts.submit(world.editor('310000'), fn, world.body('data-sets', 'full', full));
    expect(accepted.record.content).toEqual(world.body('data-sets', 'full', full));
  });

  it.each(['state-secret', 'state', 'top-secret', 'secret', 'confidential'])(
    'labelled %s is refused as a state secret',
    async (label) => {
      expect((await refusal({ confidentiality: label })).code).toBe('catalogue.state-secret');
    },
  );

  it.each([
    ['an unknown confidentiality', { confidentiality: 'hidden' }, '/confidentiality'],
    ['an unknown share class', { shareClass: 'open' }, '/shareClass'],
    ['grade 0', { grade: 0 }, '/grade'],
    ['grade 5', { grade: 5 }, '/grade'],
    ['no field', { fields: [] }, '/fields'],
    ['a field named in words', { fields: [{ name: '状态', title: { zh: '状态' }, type: 'code' }] }, '/fields/0/name'],
    ['no provider', { providers: {} }, '/providers'],
    ['a standard without its digest', { standard: { code: 'S', version: 1 } }, '/standard'],
  ])('refuses %s', async (_what, changes, path) => {
    const found = await refusal(changes);
    expect(found.code).toBe('request.invalid');
    expect(found.facts.fields?.map((field) => field.path)).toContain(path);
  });

  it('refuses a field’s name twice', async () => {
    const field = (type: string) => ({ name: 'status', title: { zh: '状态' }, type });
    const found = await refusal({ fields: [field('code'), field('text')] });
    expect([found.code, found.facts.fields?.[0]?.path]).toEqual(['request.invalid', '/fields/1/name']);
  });

  it('refuses a provider that is not registered, or is in another province', async () => {
    for (const id of [freshAgencyId('340000'), world.department('310000').agencyId]) {
      const found = await refusal({ providers: { '340000': id } });
      expect([found.code, found.facts.id]).toEqual(['catalogue.reference', id]);
    }
  });

  it('refuses a legal basis that names a person’s number', async () => {
    expect((await refusal({ legalBasis: '依 13812345678 申请' })).code).toBe('privacy.personal-data');
  });
});
