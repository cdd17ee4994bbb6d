/** Timelines, counted uses and leaves, which follow from signed records by hash and by number. */
import { createHash } from 'node:crypto';
import { buildTree, leafHash } from '../../../chaincode/merkle/tree.js';
import { canonicalJson, type Json, type JsonObject } from '../../../network/proof/canonical-json.js';
import { keyLike, type Material, recordIn } from './material.js';
import { namesakeVectors } from './namesake-vectors.js';
import { bad, type EvidenceStage, type EvidenceVector } from './vector.js';

const CHAIN = { timeline: 'proof.chain' };

type Entry = Record<string, Json>;

function entriesOf({ parts }: Material): Entry[] {
  return parts.timeline as Entry[];
}

/** Numbers and hashes every entry anew, as their agencies' contracts would have. */
function rechained(timeline: readonly JsonObject[]): JsonObject[] {
  let previousHash = '0'.repeat(64);
  return timeline.map(({ hash: _old, ...entry }, index) => {
    const unsealed = { ...entry, number: index + 1, previousHash };
    previousHash = createHash('sha256').update(canonicalJson(unsealed)).digest('hex');
    return { ...unsealed, hash: previousHash };
  });
}

/** The peers sign a case that has these entries. */
export function signTimeline(material: Material, change: (timeline: Entry[]) => void): void {
  const timeline = entriesOf(material);
  change(timeline);
  const entries = rechained(timeline);
  material.parts = { ...material.parts, timeline: entries };
  Object.assign(recordIn(material, keyLike(material, 'case~')), { entries: entries.length, head: entries.at(-1)?.hash ?? '' });
}

/** Entries are told otherwise, and all else so that it agrees. */
function told(change: (timeline: Entry[]) => Entry[]): (material: Material) => void {
  return (material) => {
    material.parts = { ...material.parts, timeline: change(entriesOf(material)) };
  };
}

const dataOf = (entry: Entry | undefined) => entry?.data as Record<string, Json>;

function timelineVectors(stage: EvidenceStage): Promise<EvidenceVector>[] {
  const wrong = (name: string, about: string, change: (timeline: Entry[]) => Entry[], faults: object = {}) =>
    bad(stage, 'case', `entry-${name}`, about, { ...CHAIN, ...faults }, { between: told(change) });
  const others = () => structuredClone(stage.good.otherCase.parts.timeline) as Entry[];
  return [
    wrong('dropped', 'An entry in the middle left out', ([first, _second, ...rest]) => [first as Entry, ...rest]),
    wrong(
      'dropped-renumbered',
      'An entry left out, all after it numbered and hashed anew',
      ([first, _second, ...rest]) => rechained([first as Entry, ...rest]) as Entry[],
    ),
    wrong('dropped-last', 'The decision left out', (all) => all.slice(0, -1), { entitlement: 'proof.entitlement' }),
    wrong(
      'swapped',
      'Two entries in each other’s place',
      ([first, second, third, ...rest]) => [first, third, second, ...rest] as Entry[],
    ),
    wrong('altered', 'The digest of a milestone altered', (all) => {
      Object.assign(dataOf(all[1]), { digest: { alg: 'sha-256', value: 'ab'.repeat(32) } });
      return all;
    }),
    wrong('altered-rehashed', 'A time altered, all hashes from there on made anew', (all) => {
      Object.assign(all[1] as Entry, { time: all[0]?.time });
      Object.assign(dataOf(all[1]), { occurredAt: '2026-11-01T00:00:00Z' });
      return rechained(all) as Entry[];
    }),
    wrong(
      'added',
      'An entry more at the end',
      (all) => rechained([...all, { ...(all[1] as Entry), type: 'closure', data: {} }]) as Entry[],
      { entitlement: 'proof.entitlement' },
    ),
    wrong('twice', 'The last entry twice', (all) => [...all, all.at(-1) as Entry]),
    wrong(
      'of-another-case',
      'A milestone of another case in its place',
      ([first, _second, ...rest]) => [first, others()[1], ...rest] as Entry[],
    ),
    wrong('field-added', 'A field more in an entry', (all) => {
      Object.assign(all[2] as Entry, { note: 'x' });
      return all;
    }),
    wrong('none', 'No entry at all', () => [], { entitlement: 'proof.entitlement', told: 'proof.told' }),
  ];
}

/** Both anchored records of the case are leaves of one batch. */
function leavesOf({ parts }: Material) {
  return parts.anchored as unknown as { record: Record<string, Json>; batchId: string; index: number; path: string[] }[];
}

/** The peers sign a batch that has these records as its leaves. */
function signLeaves(material: Material): void {
  const leaves = leavesOf(material);
  const tree = buildTree(leaves.map(({ record }) => leafHash(canonicalJson(record))));
  for (const [index, leaf] of leaves.entries()) Object.assign(leaf, { index, path: tree.path(index) });
  Object.assign(recordIn(material, keyLike(material, 'anchor-batch~')), { root: tree.root, size: tree.size });
}

/** Puts records in the name of the agency that another vector's grant is of. @returns its id */
function anchoredBy({ good }: EvidenceStage, material: Material, leaves: ReturnType<typeof leavesOf>): string {
  const agency = String(recordIn(good.grant, keyLike(good.grant, 'grant~')).provider);
  for (const { record } of leaves) Object.assign(record, { agency });
  material.records.set(`agency~${agency}`, good.grant.records.get(`agency~${agency}`) as never);
  signLeaves(material);
  return agency;
}

function leafVectors(stage: EvidenceStage): Promise<EvidenceVector>[] {
  const wrong = (name: string, about: string, code: string, forgery: Parameters<typeof bad>[5]) =>
    bad(stage, 'case', `anchored-${name}`, about, { leaves: code }, forgery);
  const leaves = (change: (leaves: ReturnType<typeof leavesOf>) => void) => ({ between: (m: Material) => change(leavesOf(m)) });
  return [
    wrong(
      'leaf-swapped',
      'Two records in each other’s place',
      'proof.path',
      leaves(([first, second]) => {
        if (!first || !second) throw new Error('two leaves');
        [first.record, second.record] = [second.record, first.record];
      }),
    ),
    wrong(
      'leaf-altered',
      'The digest of a record',
      'proof.path',
      leaves(([first]) => {
        Object.assign(first?.record ?? {}, { digest: { alg: 'sha-256', value: 'ab'.repeat(32) } });
      }),
    ),
    wrong(
      'place-moved',
      'Another place in the batch',
      'proof.path',
      leaves(([first]) => Object.assign(first ?? {}, { index: 1 })),
    ),
    wrong(
      'path-cut',
      'A path without its last hash',
      'proof.path',
      leaves(([first]) => first?.path.pop()),
    ),
    wrong(
      'twice',
      'One record told of twice',
      'proof.leaf',
      leaves((all) => all.push(structuredClone(all[0] as (typeof all)[0]))),
    ),
    wrong('under-another-case', 'A record that was anchored under another case', 'proof.leaf', {
      before: (material) => {
        Object.assign(leavesOf(material)[0]?.record ?? {}, { caseId: stage.good.otherCase.thing.id });
        signLeaves(material);
      },
    }),
    bad(
      stage,
      'case',
      'anchored-by-another-agency',
      'A record in the name of another agency than the batch’s',
      { leaves: 'proof.leaf', entitlement: 'proof.entitlement' },
      { before: (material) => anchoredBy(stage, material, leavesOf(material).slice(0, 1)) },
    ),
    bad(
      stage,
      'case',
      'anchored-by-a-stranger',
      'Records that an agency anchored which has nothing to do with the case',
      { entitlement: 'proof.entitlement' },
      {
        before: (material) => {
          const agency = anchoredBy(stage, material, leavesOf(material));
          Object.assign(recordIn(material, keyLike(material, 'anchor-batch~')), { agency });
        },
      },
    ),
    bad(
      stage,
      'leaf',
      'issued-leaf-altered',
      'The type of a certificate that was issued in a batch',
      { leaves: 'proof.path' },
      {
        between: ({ parts }) => Object.assign(parts.issued[0]?.record ?? {}, { typeCode: 'medical-licence' }),
      },
    ),
    bad(
      stage,
      'leaf',
      'issued-leaf-moved',
      'Another place in the batch',
      { leaves: 'proof.path' },
      {
        between: ({ parts }) => Object.assign(parts.issued[0] ?? {}, { index: 0 }),
      },
    ),
  ];
}

function useVectors(stage: EvidenceStage): Promise<EvidenceVector>[] {
  const without = (material: Material) => {
    const key = keyLike(material, 'use~');
    material.records.delete(key);
    material.records.delete(key.replace('use~', 'release~'));
    material.parts = { ...material.parts, uses: material.parts.uses.filter((useId) => `use~${useId}` !== key) };
  };
  return [
    bad(stage, 'grant', 'use-left-out', 'A use of which nobody was asked to sign', CHAIN, { before: without }),
    bad(stage, 'grant', 'use-count-lower', 'A count below what the uses come to', CHAIN, {
      before: (material) => Object.assign(recordIn(material, keyLike(material, 'grant-count~')), { used: 2 }),
    }),
  ];
}

export function chainVectors(stage: EvidenceStage): Promise<EvidenceVector[]> {
  return Promise.all([...timelineVectors(stage), ...leafVectors(stage), ...namesakeVectors(stage), ...useVectors(stage)]);
}
