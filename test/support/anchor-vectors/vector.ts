/** A case of an anchored record: what goes into its folder, and what most cases start from. */
import { canonicalJson, type JsonObject } from '../../../network/proof/canonical-json.js';
import { DIGEST } from '../receipt-vectors/payloads.js';
import { makeScene, peersOf, type Scene, trustOf } from '../receipt-vectors/scene.js';
import type { VectorFiles } from '../vector-files.js';
import { type Batch, batchOf, proofIn, rootReceipt } from './batch.js';
import type { ForgerHas } from './forgeries.js';

export interface AnchorStage extends ForgerHas {
  readonly scene: Scene;
  readonly trust: string;
  /** five records, of which `proof` is of the third: the document's */
  readonly batch: Batch;
}

export async function setAnchorStage(): Promise<AnchorStage> {
  const scene = await makeScene();
  const peers = peersOf(scene);
  const digest = { alg: 'sha-256', value: DIGEST } as const;
  const batch = batchOf('p', 5, (index) => (index === 2 ? { digest } : {}));
  const receipt = rootReceipt(batch, peers);
  const other = batchOf('q', 1);
  return {
    scene,
    trust: trustOf(scene),
    batch,
    proof: proofIn(batch, 2, receipt),
    neighbour: proofIn(batch, 3, receipt),
    stranger: proofIn(other, 0, rootReceipt(other, peers)),
  };
}

type Made = Partial<Omit<VectorFiles, 'name' | 'about' | 'verdict' | 'faults'>>;

function textOf(proof: JsonObject): string {
  return canonicalJson(proof);
}

export function good({ trust }: AnchorStage, name: string, about: string, proof: JsonObject, made: Made = {}): VectorFiles {
  return { name: `holds-${name}`, about, judged: textOf(proof), trust, verdict: 'holds', faults: {}, ...made };
}

/** @param faults the check that fails and its code, or several */
export function bad(
  { trust }: AnchorStage,
  name: string,
  about: string,
  faults: VectorFiles['faults'],
  proof: JsonObject,
  made: Made = {},
): VectorFiles {
  return { name, about, judged: textOf(proof), trust, verdict: 'fails', faults, ...made };
}
