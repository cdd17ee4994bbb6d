/** Proofs of anchored records that hold, and must for ever. */

import { DOCUMENT } from '../receipt-vectors/payloads.js';
import { peersOf } from '../receipt-vectors/scene.js';
import type { VectorFiles } from '../vector-files.js';
import { type Batch, batchOf, proofIn, rootReceipt } from './batch.js';
import { type AnchorStage, good } from './vector.js';

export function goodVectors(stage: AnchorStage): VectorFiles[] {
  const { scene, proof, batch } = stage;
  const peers = peersOf(scene);
  const sized = (size: number) => batchOf(`of-${size}`, size);
  const inside = (one: Batch, index: number) => proofIn(one, index, rootReceipt(one, peers));
  const ofCases = batchOf('c', 3, () => ({ caseId: '31-case-1' }));
  const ofSm3 = batchOf('s', 2, () => ({
    digest: { alg: 'sm3', value: '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0' },
  }));
  return [
    good(stage, 'third-of-five', 'The third of five records', proof),
    good(stage, 'neighbour', 'The fourth of them, under the same receipt', stage.neighbour),
    good(stage, 'document', 'With the document whose digest was anchored', proof, { document: DOCUMENT }),
    good(stage, 'only-one', 'A batch of one: its leaf is the root', stage.stranger),
    good(stage, 'first-of-two', 'The first of two', inside(sized(2), 0)),
    good(stage, 'last-of-five', 'The last of five, whose path is shorter than the others’', inside(batch, 4)),
    good(stage, 'in-4096', 'One of as many as a transaction takes', inside(sized(4096), 2730)),
    good(stage, 'of-a-case', 'A record that names a case', inside(ofCases, 1)),
    good(stage, 'sm3', 'A record whose digest is SM3', inside(ofSm3, 0)),
    good(stage, 'four-provinces', 'The root signed by all four', proofIn(batch, 2, rootReceipt(batch, peersOf(scene, 4)))),
  ];
}
