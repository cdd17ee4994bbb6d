import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROVINCE_CODES } from '../../chaincode/provinces.js';
import { encodeArgument, hashJson } from '../../chaincode/runtime/argument.js';
import {
  CATALOGUE_KINDS,
  type CatalogueKind,
  type CatalogueVersionRecord,
} from '../../chaincode/transactions/catalogue/catalogue-version.js';
import type { EditionRecord } from '../../chaincode/transactions/catalogue/edition.js';
import { type Act, CatalogueModel } from '../support/catalogue-model.js';
import { CatalogueWorld, digest, type VersionPath } from '../support/catalogue-world.js';
import type { Accepted } from '../support/contract-world.js';

let world: CatalogueWorld;
let serial = 0;
beforeAll(async () => {
  world = await CatalogueWorld.create();
});

const ordinal = (value: number) => String(value).padStart(8, '0');
const versionOf = ({ kind, code, version }: VersionPath) =>
  world.contracts.read<CatalogueVersionRecord>(`catalogue-version~${kind}~${code}~${ordinal(version)}`);
const lastEdition = () => {
  const head = world.contracts.read<{ number: number }>('edition-head~all');
  return head && world.contracts.read<EditionRecord>(`edition~${ordinal(head.number)}`);
};

function perform(path: VersionPath, { type, province }: Act): Promise<Accepted> {
  const editor = world.editor(province);
  const submit = (fn: string, body: object = {}, actor = editor) =>
    world.contracts.submit(actor, `catalogue:${fn}`, { ...path, ...body });
  const dates = { opensAt: '2026-01-01T00:00:00Z', closesAt: '2026-02-01T00:00:00Z' };
  const ballot = (vote: string) => ({ vote, contentDigest: versionOf(path)?.contentDigest ?? '0'.repeat(64) });
  const responsible = path.kind === 'service-standards' ? editor : world.department(province);
  switch (type) {
    case 'draft':
      return world.draft(path.kind, path.code, { name: { zh: `第${++serial}稿` } }, province);
    case 'open':
      return submit('OpenConsultation', { ...dates, noticeDigest: digest('7') });
    case 'conclude':
      return submit('RecordConsultationResult', { adopted: 1, notAdopted: 0, summaryDigest: digest('8') });
    case 'approve':
    case 'reject':
      return submit('CastVote', ballot(type));
    case 'withdraw':
      return submit('WithdrawEntry');
    case 'suspend':
      return submit('SuspendEntry', {}, responsible);
    case 'resume':
      return submit('ResumeEntry', {}, responsible);
  }
}

/** Rule 4, read off the ledger: whatever counts as published was consulted on and approved by all four, as it is. */
function checkRuleFour({ kind, code }: VersionPath, model: CatalogueModel): void {
  const standing: CatalogueVersionRecord[] = [];
  for (const [index, expected] of model.versions.entries()) {
    const record = versionOf({ kind, code, version: index + 1 });
    if (!record) throw new Error(`version ${index + 1} is gone`);
    expect(record.status).toBe(expected.status);
    expect(record.contentDigest).toBe(hashJson(record.content));
    if (record.publishedAt === undefined) continue;
    expect(record.votes.map((vote) => vote.province).sort()).toEqual([...PROVINCE_CODES]);
    for (const vote of record.votes) expect(vote).toMatchObject({ vote: 'approve', contentDigest: record.contentDigest });
    if (kind === 'service-items' || record.consultation) expect(record.consultation?.result).toBeDefined();
    if (record.status === 'published' || record.status === 'suspended') standing.push(record);
  }
  expect(standing.length).toBeLessThanOrEqual(1);
  const head = world.contracts.read(`catalogue-head~${kind}~${code}`);
  expect(head?.published).toBe(standing[0]?.version);
  const listed = lastEdition()?.entries.filter((entry) => entry.kind === kind && entry.code === code) ?? [];
  const expected = standing.filter(({ status }) => status === 'published');
  expect(listed).toEqual(expected.map(({ version, contentDigest }) => ({ kind, code, version, contentDigest })));
}

const versions = fc.constantFrom(1, 1, 1, 2, 2, 3);
const single = fc.record({
  type: fc.constantFrom<Act['type'][]>('draft', 'open', 'conclude', 'approve', 'reject', 'suspend', 'resume', 'withdraw'),
  province: fc.constantFrom(...PROVINCE_CODES),
  version: versions,
});
const byAll = (version: number, ...types: readonly Act['type'][]) =>
  types.flatMap((type) => PROVINCE_CODES.map((province): Act => ({ type, province, version })));
/** Whole stretches beside single acts, so that histories come as far as publication and withdrawal. */
const histories = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: single.map((one): Act[] => [one]) },
    { weight: 3, arbitrary: versions.map((version) => byAll(version, 'open', 'conclude', 'approve')) },
    { weight: 1, arbitrary: versions.map((version) => byAll(version, 'suspend')) },
    { weight: 1, arbitrary: versions.map((version) => byAll(version, 'suspend', 'resume')) },
    { weight: 1, arbitrary: versions.map((version) => byAll(version, 'withdraw')) },
  ),
  { minLength: 4, maxLength: 12 },
);

describe('over random histories of all four provinces', () => {
  it.each(CATALOGUE_KINDS)(
    'a version of %s is published only after its consultation and four approvals of that very content',
    async (kind) => {
      const reached = new Set<string>();
      await fc.assert(
        fc.asyncProperty(histories, async (steps) => {
          const code = `history-${++serial}`;
          const model = new CatalogueModel(kind);
          for (const step of [{ type: 'draft', province: '310000', version: 1 } as const, ...steps.flat()]) {
            const before = lastEdition();
            const changes = model.changes.length;
            const expected = model.apply(step);
            const path = { kind, code, version: step.version };
            const outcome = await perform(path, step).then(
              () => undefined,
              (error: { code?: string }) => error.code ?? String(error),
            );
            expect({ step, outcome }).toEqual({ step, outcome: expected });
            const after = lastEdition();
            expect((after?.number ?? 0) - (before?.number ?? 0)).toBe(model.changes.length - changes);
            if (after && before && after.number > before.number) expect(after.previousRoot).toBe(before.root);
          }
          checkRuleFour({ kind, code, version: 1 }, model);
          for (const change of model.changes) reached.add(change);
        }),
        { numRuns: 120 },
      );
      expect([...reached].sort()).toEqual(['publish', 'resume', 'suspend', 'withdraw']);
    },
  );
});

describe('two transactions simulated on the same state', () => {
  const ballot = (path: VersionPath) =>
    encodeArgument({
      operation: `operation-${++serial}`.padEnd(20, '0'),
      input: { ...path, vote: 'approve', contentDigest: world.contentDigest(path) },
    });
  const almost = async (kind: CatalogueKind) => {
    const code = `almost-${++serial}`;
    await world.draft(kind, code);
    const path = { kind, code, version: 1 };
    for (const province of ['310000', '320000', '330000'] as const) await world.vote(path, province);
    return path;
  };

  it('that both publish conflict on the editions, so that these stay one chain', async () => {
    const [left, right] = [await almost('data-sets'), await almost('service-standards')];
    const simulations = [left, right].map((path) =>
      world.contracts.simulate(world.editor('340000'), 'catalogue:CastVote', ballot(path)),
    );
    const [first, second] = await Promise.all(simulations);
    const written = first?.writes.map(({ key }) => key) ?? [];
    expect(written).toContain('edition-head~all');
    expect(second?.reads.map(({ key }) => key)).toContain('edition-head~all');
  });

  it('that both vote conflict on the version, so that no vote is lost', async () => {
    const code = `both-${++serial}`;
    await world.draft('data-sets', code);
    const path = { kind: 'data-sets', code, version: 1 } as const;
    const [first, second] = await Promise.all(
      (['310000', '320000'] as const).map((province) =>
        world.contracts.simulate(world.editor(province), 'catalogue:CastVote', ballot(path)),
      ),
    );
    const shared = first?.writes.map(({ key }) => key).filter((key) => second?.reads.some((read) => read.key === key));
    expect(shared).toEqual([`catalogue-version~data-sets~${code}~00000001`]);
  });

  it('that both give an opinion share no written key', async () => {
    const code = `opinions-${++serial}`;
    await world.draft('service-items', code);
    const path = { kind: 'service-items', code, version: 1 } as const;
    const dates = { opensAt: '2026-01-01T00:00:00Z', closesAt: '2027-01-01T00:00:00Z', noticeDigest: digest('7') };
    await world.contracts.submit(world.editor('310000'), 'catalogue:OpenConsultation', { ...path, ...dates });
    const opinion = (number: number) =>
      encodeArgument({
        operation: `opinion-${number}`.padEnd(20, '0'),
        input: { ...path, from: 'public', opinionDigest: digest('9') },
      });
    const [first, second] = await Promise.all(
      [1, 2].map((number) => world.contracts.simulate(world.portal('310000'), 'catalogue:SubmitOpinion', opinion(number))),
    );
    const touched = new Set([...(second?.reads ?? []), ...(second?.writes ?? [])].map(({ key }) => key));
    expect(first?.status).toBe(200);
    expect(first?.writes.filter(({ key }) => touched.has(key))).toEqual([]);
  });
});
