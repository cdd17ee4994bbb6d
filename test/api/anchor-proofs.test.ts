import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson, type Json, type JsonObject } from '../../network/proof/canonical-json.js';
import { nodePrimitives } from '../../network/proof/node-primitives.js';
import { parseTrust } from '../../network/proof/trust.js';
import { type AnchorJudgement, verifyAnchor } from '../../network/proof/verify-anchor.js';
import { type ApiAgency, ApiWorld, LEDGER_KIND } from '../support/api-world.js';
import { hash, sha256 } from '../support/digests.js';

const DOCUMENT = 'what was handed over at the window';

describe('the proof of an anchored record', () => {
  let world: ApiWorld;
  let writer: ApiAgency;
  let trust: ReturnType<typeof parseTrust>;
  /** as `GET /v1/anchors/{recordId}` answers it */
  let text: string;
  /** of another record in the same batch, and of one in another */
  let neighbour: JsonObject;
  let stranger: JsonObject;
  beforeAll(async () => {
    world = await ApiWorld.create();
    writer = await world.agency('310000', ['application']);
    trust = parseTrust((await world.get('/v1/trust-anchors')).text);
    const line = (recordId: string, digest = sha256(recordId)) => ({
      recordId,
      kind: 'receipt',
      digest,
      occurredAt: '2026-11-02T01:02:03Z',
    });
    const batch = [line('p-0'), line('p-1'), line('p-2', sha256(DOCUMENT)), line('p-3'), line('p-4')];
    await world.post('/v1/anchors?wait=true', writer, batch);
    await world.post('/v1/anchors?wait=true', writer, [line('q-0')]);
    const read = async (recordId: string) => (await world.get(`/v1/anchors/${recordId}`, writer)).text;
    text = await read('p-2');
    neighbour = JSON.parse(await read('p-3'));
    stranger = JSON.parse(await read('q-0'));
  });
  afterAll(() => world.close());

  const judge = (file: string, document?: string, trusted = trust): Promise<AnchorJudgement> => {
    const value = document && createHash('sha256').update(document).digest('hex');
    const given = { trust: trusted, primitives: nodePrimitives, ...(value && { document: [{ alg: 'sha-256', value }] }) };
    return verifyAnchor(file, given);
  };
  const proof = () => JSON.parse(text) as JsonObject;
  const faults = ({ checks }: AnchorJudgement) =>
    Object.fromEntries(checks.filter(({ code }) => code).map(({ name, code }) => [name, code]));

  it('holds as it was answered, without a server and with nothing but the four roots', async () => {
    const { verdict, checks, assurance, signers } = await judge(text);
    expect(verdict, JSON.stringify(checks)).toBe('holds');
    expect(checks.map(({ name, result }) => `${name} ${result}`).slice(0, 4)).toEqual([
      'file pass',
      'leaf pass',
      'path pass',
      'root pass',
    ]);
    expect(assurance).toBe(LEDGER_KIND.assurance);
    expect(new Set(signers.map(({ mspId }) => mspId)).size).toBe(3);
  });

  it('is about the document whose digest was anchored, and about no other', async () => {
    expect((await judge(text, DOCUMENT)).verdict).toBe('holds');
    const other = await judge(text, `${DOCUMENT}.`);
    expect([other.verdict, faults(other)]).toEqual(['fails', { document: 'proof.document' }]);
  });

  it.each<[string, (proof: JsonObject) => JsonObject, object]>([
    [
      'another record id',
      (old) => ({ ...old, record: { ...(old.record as JsonObject), recordId: 'p-9' } }),
      { leaf: 'proof.leaf' },
    ],
    [
      'another digest',
      (old) => ({ ...old, record: { ...(old.record as JsonObject), digest: sha256('x') } }),
      { leaf: 'proof.leaf' },
    ],
    [
      'another time',
      (old) => ({ ...old, record: { ...(old.record as JsonObject), occurredAt: '2026-11-02T01:02:04Z' } }),
      { leaf: 'proof.leaf' },
    ],
    ['a case', (old) => ({ ...old, record: { ...(old.record as JsonObject), caseId: '31-case-1' } }), { leaf: 'proof.leaf' }],
    [
      'another agency',
      (old) => ({ ...old, record: { ...(old.record as JsonObject), agency: '11310000MB2F30029X' } }),
      { leaf: 'proof.leaf', root: 'proof.root' },
    ],
    ['the record of its neighbour', (old) => ({ ...old, record: neighbour.record as Json }), { leaf: 'proof.leaf' }],
    [
      'the leaf of its neighbour too',
      (old) => ({ ...old, record: neighbour.record as Json, leaf: neighbour.leaf as Json }),
      { path: 'proof.path' },
    ],
    ['another place', (old) => ({ ...old, index: 3 }), { path: 'proof.path' }],
    ['another size, with the same path', (old) => ({ ...old, size: 6 }), { root: 'proof.root' }],
    ['another size, with another path', (old) => ({ ...old, size: 4 }), { path: 'proof.path', root: 'proof.root' }],
    ['a hash less', (old) => ({ ...old, path: (old.path as Json[]).slice(1) }), { path: 'proof.path' }],
    ['a hash more', (old) => ({ ...old, path: [...(old.path as Json[]), hash('more')] }), { path: 'proof.path' }],
    ['another root', (old) => ({ ...old, root: hash('root') }), { path: 'proof.path', root: 'proof.root' }],
    ['its own tree', (old) => ({ ...old, path: [], index: 0, size: 1, root: old.leaf as Json }), { root: 'proof.root' }],
    ['another batch’s id', (old) => ({ ...old, batchId: stranger.batchId as Json }), { root: 'proof.root' }],
    [
      'another transaction',
      (old) => ({ ...old, transaction: { ...(old.transaction as JsonObject), id: hash('t') } }),
      { root: 'proof.root' },
    ],
    [
      'another time of its transaction',
      (old) => ({ ...old, transaction: { ...(old.transaction as JsonObject), time: '2026-11-02T00:00:00.000Z' } }),
      { root: 'proof.root' },
    ],
    ['the receipt of another batch', (old) => ({ ...old, receipt: stranger.receipt as Json }), { root: 'proof.root' }],
    [
      'nothing but another batch’s receipt and id',
      (old) => ({
        ...old,
        receipt: stranger.receipt as Json,
        batchId: stranger.batchId as Json,
        transaction: stranger.transaction as Json,
      }),
      { root: 'proof.root' },
    ],
    ['no receipt', (old) => ({ ...old, receipt: null }), { form: 'proof.form', root: 'proof.root' }],
    ['no record', ({ record: _, ...old }) => old, { file: 'proof.form' }],
    ['a field more', (old) => ({ ...old, valid: true }), { file: 'proof.form' }],
    ['a negative place', (old) => ({ ...old, index: -1 }), { file: 'proof.form' }],
    ['a size that is text', (old) => ({ ...old, size: '5' }), { file: 'proof.form' }],
    ['the format of something else', (old) => ({ ...old, format: 'yrd-receipt/1' }), { file: 'proof.form' }],
  ])('fails with %s', async (_what, forge, found) => {
    const judgement = await judge(canonicalJson(forge(proof())));
    expect([judgement.verdict, faults(judgement)]).toEqual(['fails', found]);
  });

  it('cannot be told in a format of another version', async () => {
    const { verdict, checks } = await judge(canonicalJson({ ...proof(), format: 'yrd-anchor/2' }));
    expect([verdict, checks[0]]).toMatchObject(['unknown', { name: 'file', code: 'format.unknown' }]);
  });

  it('fails with any one signature that is bad, though the others would be enough', async () => {
    const receipt = proof().receipt as JsonObject;
    const [first, ...others] = receipt.signatures as JsonObject[];
    const spoilt = Buffer.from(String(first?.signature), 'base64');
    spoilt[spoilt.length - 1] = (spoilt.at(-1) ?? 0) ^ 1;
    const signatures = [{ ...first, signature: spoilt.toString('base64') }, ...others];
    const judgement = await judge(canonicalJson({ ...proof(), receipt: { ...receipt, signatures } as Json }), undefined, {
      ...trust,
      k: 1,
    });
    expect([judgement.verdict, faults(judgement)]).toEqual(['fails', { signatures: 'proof.signature' }]);
  });

  it('fails with any one character changed', async () => {
    const places = Array.from({ length: text.length }, (_, at) => at).filter((at) => at % 7 === 0 || at < 900);
    for (const at of places) {
      const changed = text.charAt(at) === 'b' ? 'c' : 'b';
      const { verdict } = await judge(text.slice(0, at) + changed + text.slice(at + 1));
      expect(verdict, `character ${at}`).not.toBe('holds');
    }
  }, 120_000);

  it.each([
    ['cut off', () => text.slice(0, -1)],
    ['with something after it', () => `${text} `],
    ['written otherwise', () => JSON.stringify(JSON.parse(text), null, 1)],
    ['empty', () => ''],
    ['that says what pending ones say', () => '{"status":"pending"}'],
  ])('fails %s', async (_what, forged) => {
    const judgement = await judge(forged());
    expect([judgement.verdict, faults(judgement)]).toEqual(['fails', { file: 'proof.form' }]);
  });

  it('is judged by the command, with the record in its report, in both languages', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'anchor-proof-'));
    const file = (name: string, content: string) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const trustFile = file('trust.json', (await world.get('/v1/trust-anchors')).text);
    const verify = (proofFile: string, ...more: string[]) =>
      spawnSync(process.execPath, ['dist/scripts/verify.js', proofFile, '--trust', trustFile, ...more], { encoding: 'utf8' });
    const good = file('proof.json', `${text}\n`);
    const held = verify(good, '--file', file('document', DOCUMENT), '--lang', 'en');
    expect([held.status, held.stderr]).toEqual([0, '']);
    for (const said of ['[pass] leaf', '[pass] path', '[pass] root', '[pass] document', '"recordId":"p-2"', ', 3 / 5'])
      expect(held.stdout).toContain(said);
    const forged = file('forged.json', text.replace('"index":2', '"index":3'));
    const failed = verify(forged, '--json');
    expect([failed.status, JSON.parse(failed.stdout).verdict]).toEqual([1, 'fails']);
    expect(verify(forged).stdout).toContain('路径不能由树叶通向树根');
    rmSync(folder, { recursive: true, force: true });
  });

  it('is asked of the peers once for all records of a batch', async () => {
    const again = JSON.parse((await world.get('/v1/anchors/p-2', writer)).text);
    expect(again.receipt).toEqual(proof().receipt);
    expect(neighbour.receipt).toEqual(proof().receipt);
  });
});
