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
import { FORGERIES, MISSHAPEN } from '../support/anchor-vectors/forgeries.js';
import { type ApiAgency, ApiWorld, LEDGER_KIND } from '../support/api-world.js';
import { sha256 } from '../support/digests.js';

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

  it.each(FORGERIES.map((forgery) => [forgery.what, forgery] as const))(
    'fails with %s',
    async (_what, { forge, faults: found }) => {
      const judgement = await judge(canonicalJson(forge({ proof: proof(), neighbour, stranger })));
      expect([judgement.verdict, faults(judgement)]).toEqual(['fails', found]);
    },
  );

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

  it.each(MISSHAPEN.map((shape) => [shape.what, shape] as const))('fails %s', async (_what, { forge }) => {
    const judgement = await judge(forge(text));
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
