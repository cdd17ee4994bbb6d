import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json } from '../../network/proof/canonical-json.js';
import { verifyEvidence } from '../../network/proof/evidence/verify-evidence.js';
import { nodePrimitives } from '../../network/proof/node-primitives.js';
import { parseTrust } from '../../network/proof/trust.js';
import { seeded } from '../../scripts/faults/random.js';
import { changed, placesIn } from '../support/changed-values.js';
import { KeptVectors } from '../support/kept-vectors.js';

const kept = new KeptVectors('evidence');
const MUTATIONS = Number(process.env.MUTATIONS ?? 3000);
/** So many values of a story are changed, one after the other: all of a small one's. */
const AT_MOST = 300;
const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 32);

function judged(text: string, trust: ReturnType<typeof parseTrust>) {
  return verifyEvidence(text, { trust, primitives: nodePrimitives });
}

describe('evidence that somebody changed', () => {
  it(`is accepted with none of ${MUTATIONS} bytes turned (MUTATIONS), seed ${SEED} (SEED)`, { timeout: 3_600_000 }, async () => {
    const random = seeded(SEED);
    const bytes = Buffer.from(kept.read('holds-certificate', 'evidence.json'));
    const trust = parseTrust(kept.read('holds-certificate', 'trust.json'));
    const accepted: number[] = [];
    for (let count = 0; count < MUTATIONS; count += 1) {
      const at = MUTATIONS >= bytes.length ? count % bytes.length : Math.floor(random() * bytes.length);
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 7));
      if ((await judged(copy.toString('utf8'), trust)).verdict === 'holds') accepted.push(at);
    }
    expect(accepted).toEqual([]);
  });

  it.each(['holds-certificate', 'holds-grant', 'holds-case', 'holds-data'])(
    '%s: is accepted with no single value of its story changed',
    { timeout: 600_000 },
    async (name) => {
      const { story, ...rest } = JSON.parse(kept.read(name, 'evidence.json')) as { story: Json };
      const trust = parseTrust(kept.read(name, 'trust.json'));
      const random = seeded(SEED);
      const all = placesIn(story);
      const places = all.filter(() => random() < AT_MOST / all.length);
      const accepted: string[] = [];
      for (const place of places) {
        const forged = changed(story, place, (old) => (typeof old === 'number' ? old + 1 : `${String(old)}x`));
        const text = canonicalJson({ ...rest, story: forged });
        if ((await judged(text, trust)).verdict === 'holds') accepted.push(place.join('/'));
      }
      expect(places.length).toBeGreaterThan(20);
      expect(accepted).toEqual([]);
    },
  );
});
