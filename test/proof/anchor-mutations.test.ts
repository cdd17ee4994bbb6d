import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json, type JsonObject } from '../../network/proof/canonical-json.js';
import { verifyAnchor } from '../../network/proof/verify-anchor.js';
import { seeded } from '../../scripts/faults/random.js';
import { changed, placesIn } from '../support/changed-values.js';
import { KeptVectors } from '../support/kept-vectors.js';

const kept = new KeptVectors('anchors');
const MUTATIONS = Number(process.env.MUTATIONS ?? 3000);
const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 32);
const HOLDING = kept.names.filter((name) => name.startsWith('holds-'));

const proofOf = (name: string) => JSON.parse(kept.text(name)) as JsonObject;
async function verdictOf(text: string, name: string): Promise<string> {
  const { trust, primitives } = await kept.given(name);
  return (await verifyAnchor(text, { trust, primitives })).verdict;
}

describe('the proof of an anchored record that somebody changed', () => {
  it(`is accepted with none of ${MUTATIONS} bits turned (MUTATIONS), seed ${SEED} (SEED)`, { timeout: 3_600_000 }, async () => {
    const random = seeded(SEED);
    const originals = await Promise.all(
      HOLDING.map(async (name) => ({ bytes: Buffer.from(kept.text(name)), ...(await kept.given(name)) })),
    );
    const accepted: string[] = [];
    for (let count = 0; count < MUTATIONS; count += 1) {
      const which = Math.floor(random() * originals.length);
      const { bytes, trust, primitives } = originals[which] as (typeof originals)[number];
      const copy = Buffer.from(bytes);
      const at = Math.floor(random() * bytes.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 7));
      const { verdict } = await verifyAnchor(copy.toString('utf8'), { trust, primitives });
      if (verdict === 'holds') accepted.push(`${HOLDING[which]} ${at}`);
    }
    expect(accepted).toEqual([]);
  });

  it.each(HOLDING)('%s: is accepted with no single value changed', async (name) => {
    const proof = proofOf(name);
    const places = placesIn(proof);
    const accepted: string[] = [];
    for (const place of places) {
      const forged = changed(proof, place, (old) => (typeof old === 'number' ? old + 1 : `${String(old)}x`));
      if ((await verdictOf(canonicalJson(forged), name)) === 'holds') accepted.push(place.join('/'));
    }
    expect(places.length).toBeGreaterThan(18);
    expect(accepted).toEqual([]);
  });

  it('holds with no part of another proof in place of its own, unless that is the same', { timeout: 600_000 }, async () => {
    const accepted: string[] = [];
    const same = (one: Json | undefined, other: Json | undefined) => JSON.stringify(one) === JSON.stringify(other);
    let tried = 0;
    for (const name of HOLDING)
      for (const lender of HOLDING) {
        const [proof, lent] = [proofOf(name), proofOf(lender)];
        // Two receipts for one root are as good as each other.
        const parts = Object.keys(proof).filter((part) => !same(proof[part], lent[part]));
        for (const part of parts.filter((one) => one !== 'receipt' || proof.batchId !== lent.batchId)) {
          tried += 1;
          const forged = canonicalJson({ ...proof, [part]: lent[part] as Json });
          if ((await verdictOf(forged, name)) === 'holds') accepted.push(`${name}: ${part} of ${lender}`);
        }
      }
    expect(accepted).toEqual([]);
    expect(tried).toBeGreaterThan(300);
  });

  it('is accepted as it is kept, so that a change is what the others fail by', async () => {
    for (const name of HOLDING) expect(await verdictOf(kept.text(name), name), name).toBe('holds');
  });
});
