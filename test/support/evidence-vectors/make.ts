/**
 * Makes the vectors: `node dist/test/support/evidence-vectors/make.js`. A folder that is there stays as it is, because
 * what this version issued must verify for ever; new ones are added.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chainVectors } from './chain-vectors.js';
import { goodVectors } from './good-vectors.js';
import { receiptVectors } from './receipt-vectors.js';
import { signedVectors } from './signed-vectors.js';
import { tellingVectors } from './told-vectors.js';
import { type EvidenceVector, setEvidenceStage } from './vector.js';

const FOLDER = join(import.meta.dirname, '../../../../test/vectors/evidence');

function write({ name, about, evidence, trust, document, verdict, faults }: EvidenceVector): boolean {
  const folder = join(FOLDER, name);
  if (existsSync(folder)) return false;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'case.json'), `${JSON.stringify({ about, verdict, faults }, null, 2)}\n`);
  writeFileSync(join(folder, 'evidence.json'), evidence);
  writeFileSync(join(folder, 'trust.json'), trust);
  if (document) writeFileSync(join(folder, 'document'), document);
  return true;
}

const stage = await setEvidenceStage();
const vectors = [
  ...(await goodVectors(stage)),
  ...(await chainVectors(stage)),
  ...(await tellingVectors(stage)),
  ...(await receiptVectors(stage)),
  ...(await signedVectors(stage)),
];
const made = vectors.filter(write);
process.stdout.write(`${vectors.length} cases, ${made.length} made now\n`);
