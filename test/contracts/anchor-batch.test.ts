import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildTree, leafHash } from '../../chaincode/merkle/tree.js';
import { ANCHOR_LIMIT } from '../../chaincode/transactions/anchor/batch.js';
import { type AnchoredRecord, leafText, recordTag } from '../../chaincode/transactions/anchor/record.js';
import { anchored, batchInput } from '../support/anchor-content.js';
import { canonical } from '../support/case-world.js';
import { type Actor, ContractWorld } from '../support/contract-world.js';
import { hash } from '../support/digests.js';
import { writeSet } from '../support/write-set.js';

const ANCHOR = 'anchor:AnchorRecords';

let world: ContractWorld;
let writer: Actor;
beforeAll(async () => {
  world = await ContractWorld.create();
  writer = await world.agency('310000', ['application']);
});

const records = (count: number, changes: Partial<AnchoredRecord> = {}) =>
  Array.from({ length: count }, (_, index) => anchored(writer.agencyId, `record-${index}`, changes));
const ofCases = (count: number) =>
  records(count).map((record, index) => (index % 2 ? { ...record, caseId: `31-case-${index}` } : record));
const rootOf = (all: readonly AnchoredRecord[]) => buildTree(all.map((record) => leafHash(leafText(record)))).root;

describe('the text of a leaf', () => {
  it('is the record’s canonical JSON, with and without a case', () => {
    for (const record of [anchored(writer.agencyId, 'r-1'), anchored(writer.agencyId, 'r-1', { caseId: '32-case-9' })])
      expect(leafText(record)).toBe(canonical(record));
  });

  it('is, hashed, the leaf of the example in the README', () => {
    const record: AnchoredRecord = {
      agency: '11310000MB2F30029X',
      recordId: 'step-20261102-000017',
      kind: 'milestone',
      caseId: '31-case-000017',
      digest: { alg: 'sha-256', value: '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b' },
      occurredAt: '2026-11-02T01:02:03Z',
    };
    expect(leafHash(leafText(record))).toBe('2a598e4a61369b77de42a30d4cf75029d30c9376fba717a4bf450e5aa408aee7');
    expect(recordTag(record.agency, record.recordId)).toBe('4d7414b3412af97b53f209b6');
  });
});

describe('anchoring', () => {
  it('writes root and size under one key, the operation, and nothing else', async () => {
    const all = records(5);
    const recordedAt = new Date(world.now).toISOString();
    const accepted = await world.submit(writer, ANCHOR, batchInput(all));
    const batchId = accepted.transactionId;
    const record = { batchId, agency: writer.agencyId, province: '310000', size: 5, root: rootOf(all), recordedAt };
    expect(writeSet(accepted, writer, ANCHOR)).toEqual({ [`anchor-batch~${batchId}`]: record });
    expect(accepted.record).toEqual(record);
  });

  it('reads its own agency and operation and no key that another batch writes', async () => {
    const { simulation } = await world.submit(writer, ANCHOR, batchInput(ofCases(4)));
    expect(simulation.reads.map(({ key }) => key.split('~')[0])).toEqual(['agency', 'feature', 'operation']);
  });

  it('takes 4096 records and not one more, and not none', async () => {
    const most = await world.submit(writer, ANCHOR, batchInput(ofCases(ANCHOR_LIMIT)));
    expect(most.record).toMatchObject({ size: ANCHOR_LIMIT, root: rootOf(ofCases(ANCHOR_LIMIT)) });
    for (const count of [0, ANCHOR_LIMIT + 1])
      expect((await world.refusal(writer, ANCHOR, batchInput(records(count)))).code).toBe('request.invalid');
  });

  it('carries the longest records that there can be in one transaction', async () => {
    const longest = Array.from({ length: ANCHOR_LIMIT }, (_, index) =>
      anchored(writer.agencyId, `${String(index).padStart(8, 'r')}${'x'.repeat(120)}`, {
        caseId: `31-${'c'.repeat(61)}`,
        kind: 'k'.repeat(64),
        occurredAt: '2026-11-02T01:02:03.000Z',
      }),
    );
    expect((await world.submit(writer, ANCHOR, batchInput(longest))).record.size).toBe(ANCHOR_LIMIT);
  });

  it.each(['registrar', 'catalogue-editor', 'case-handler', 'certificate-issuer', 'data-provider', 'data-user'] as const)(
    'is open to a %s',
    async (role) => {
      const actor = await world.agency('330000', [role]);
      await world.submit(actor, ANCHOR, batchInput([anchored(actor.agencyId, 'r-1')]));
    },
  );

  it('is closed to an auditor, who only reads', async () => {
    const auditor = await world.agency('330000', ['auditor'], 'auditor');
    expect((await world.refusal(auditor, ANCHOR, batchInput([anchored(auditor.agencyId, 'r-1')]))).code).toBe('auth.role');
  });

  it('is applied once under one operation id', async () => {
    const operation = 'anchor-operation-0001';
    const first = await world.submit(writer, ANCHOR, batchInput(records(3)), operation);
    const again = await world.refusal(writer, ANCHOR, batchInput(records(3)), operation);
    expect([again.code, again.facts.transaction]).toEqual(['operation.applied', first.transactionId]);
  });
});

describe('a batch is refused', () => {
  const input = () => batchInput(ofCases(6));
  const column = (
    name: 'index' | 'caseId' | 'digest' | 'recordId' | 'kind' | 'occurredAt',
    value: (old: never[]) => unknown[],
  ) => {
    const { cases, ...packed } = input();
    return { ...packed, cases: { ...cases, [name]: value(cases?.[name] as never[]) } };
  };

  it.each([
    ['leaves that are not whole hashes', () => ({ ...input(), leaves: Buffer.alloc(33).toString('base64') }), '/leaves'],
    ['leaves in another spelling of base64', () => ({ ...input(), leaves: `${input().leaves.slice(0, -2)}B=` }), '/leaves'],
    ['leaves that are no base64', () => ({ ...input(), leaves: '!' }), '/leaves'],
    ['tags that are not whole tags', () => ({ ...input(), tags: Buffer.alloc(13).toString('base64') }), '/tags'],
    ['a tag too few', () => ({ ...input(), tags: batchInput(records(5)).tags }), '/tags'],
    ['a tag too many', () => ({ ...input(), tags: batchInput(records(7)).tags }), '/tags'],
    ['one record id twice', () => batchInput([...records(2), anchored(writer.agencyId, 'record-0', { kind: 'other' })]), '/tags'],
    ['columns of different lengths', () => column('kind', (old) => old.slice(1)), '/cases'],
    ['a place that is none of its leaves', () => column('index', ([first, second]) => [first, second, 6]), '/cases/index/2'],
    ['places out of order', () => column('index', ([first, second, third]) => [second, first, third]), '/cases/recordId/0'],
    ['one place twice', () => column('index', ([first, , third]) => [first, first, third]), '/cases/index/1'],
    ['another digest than its leaf’s', () => column('digest', ([, ...rest]) => [hash('other'), ...rest]), '/cases/recordId/0'],
    [
      'another time than its leaf’s',
      () => column('occurredAt', ([, ...rest]) => ['2026-11-02T01:02:04Z', ...rest]),
      '/cases/recordId/0',
    ],
    ['another case than its leaf’s', () => column('caseId', ([, ...rest]) => ['31-case-other', ...rest]), '/cases/recordId/0'],
    [
      'the record of another agency',
      () => batchInput([anchored('913100000000000001', 'r-1', { caseId: '31-case-1' })]),
      '/cases/recordId/0',
    ],
    [
      'the tag of another record',
      () => ({ ...batchInput(ofCases(2)), tags: batchInput([...records(1), anchored(writer.agencyId, 'elsewhere')]).tags }),
      '/tags/1',
    ],
    ['a field it does not know', () => ({ ...input(), salt: 'x' }), ''],
    ['a case id that breaks its form', () => column('caseId', ([, ...rest]) => ['31 case', ...rest]), '/cases/caseId/0'],
  ])('with %s', async (_what, forged, path) => {
    const refusal = await world.refusal(writer, ANCHOR, forged());
    expect(refusal.code).toBe(path.startsWith('/cases/caseId') ? 'request.id-invalid' : 'request.invalid');
    expect(refusal.facts.fields?.[0]?.path).toBe(path);
  });

  it.each([
    ['record id', { recordId: 'r-13800138000' }],
    ['kind', { kind: '11010519491231002X' }],
    ['case id', { caseId: '31-13800138000' }],
  ])('with what looks like a person’s number in a %s that travels', async (_what, change) => {
    const record = anchored(writer.agencyId, 'r-1', { caseId: '31-case-1', ...change });
    expect((await world.refusal(writer, ANCHOR, batchInput([record]))).code).toBe('privacy.personal-data');
  });
});

it('a tag is the first 96 bits of a hash over agency and record id', () => {
  const digest = createHash('sha256').update('anchor~913100000000000001~r-1').digest('hex');
  expect(recordTag('913100000000000001', 'r-1')).toBe(digest.slice(0, 24));
  expect(recordTag('913100000000000002', 'r-1')).not.toBe(recordTag('913100000000000001', 'r-1'));
});
