/** Proofs out of an API itself, with the contracts of the day: over the embedded ledger, or over four provinces on Fabric. */
import { canonicalJson, type JsonObject } from '../../../network/proof/canonical-json.js';
import { freshId } from '../api-business.js';
import { ApiWorld } from '../api-world.js';
import { hash, sha256 } from '../digests.js';
import type { VectorFiles } from '../vector-files.js';

const DOCUMENT = Buffer.from('what was handed over at the window\n');

/** @param kind of the world's ledger, which the cases are named after */
export async function issuedAnchors(world: ApiWorld, kind: 'embedded' | 'fabric'): Promise<VectorFiles[]> {
  const writer = await world.agency('310000', ['application']);
  const line = (recordId: string, changes: object = {}) => ({
    recordId,
    kind: 'receipt',
    digest: sha256(recordId),
    occurredAt: '2026-11-02T01:02:03Z',
    ...changes,
  });
  const lines = [
    ...['i-0', 'i-1', 'i-2'].map((id) => line(id)),
    line('i-3', { digest: sha256(DOCUMENT.toString()) }),
    line('i-4', { caseId: freshId('310000', 'case') }),
  ];
  const posted = await world.post('/v1/anchors?wait=true', writer, lines);
  if (posted.status !== 202) throw new Error(`anchors: ${posted.status} ${posted.text}`);
  const read = async (recordId: string) => (await world.get(`/v1/anchors/${recordId}`, writer)).text;
  const trust = (await world.get('/v1/trust-anchors')).text;
  const text = await read('i-3');
  const proof = JSON.parse(text) as JsonObject;
  const holds = (name: string, about: string, judged: string, made: Partial<VectorFiles> = {}): VectorFiles => ({
    name: `holds-from-${kind}${name}`,
    about: `As the API gave it over the ${kind} ledger: ${about}`,
    judged,
    trust,
    verdict: 'holds',
    faults: {},
    ...made,
  });
  const fails = (name: string, about: string, faults: VectorFiles['faults'], changes: object): VectorFiles => ({
    name: `from-${kind}-${name}`,
    about: `The same with ${about}`,
    judged: canonicalJson({ ...proof, ...changes } as JsonObject),
    trust,
    verdict: 'fails',
    faults,
  });
  return [
    holds('', 'a record', text, { document: DOCUMENT }),
    holds('-case', 'a record that names a case', await read('i-4')),
    fails('index-moved', 'another place', { path: 'proof.path' }, { index: 2 }),
    fails('size-higher', 'another size', { path: 'proof.path', root: 'proof.root' }, { size: 4 }),
    fails('root-other', 'another root', { path: 'proof.path', root: 'proof.root' }, { root: hash('root') }),
    fails(
      'record-changed',
      'another digest',
      { leaf: 'proof.leaf' },
      {
        record: { ...(proof.record as JsonObject), digest: sha256('x') },
      },
    ),
  ];
}

export async function embeddedAnchors(): Promise<VectorFiles[]> {
  const world = await ApiWorld.create({ ledger: 'embedded' });
  try {
    return await issuedAnchors(world, 'embedded');
  } finally {
    await world.close();
  }
}
