/**
 * Makes the vectors: `node dist/test/support/receipt-vectors/make.js`. A folder that is there stays as it is, because
 * what was issued must verify for ever; to make a case anew, delete its folder. Keys are made for the run and forgotten.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerVectors } from './answer-vectors.js';
import { formVectors } from './form-vectors.js';
import { goodVectors } from './good-vectors.js';
import { ledgerVectors } from './ledger-vectors.js';
import { revocationVectors } from './revocation-vectors.js';
import { signatureVectors } from './signature-vectors.js';
import { signerVectors } from './signer-vectors.js';
import { setStage, type Vector } from './vector.js';

const FOLDER = join(import.meta.dirname, '../../../../test/vectors/receipts');

function write({ name, about, receipt, trust, lists = [], document, verdict, faults }: Vector): boolean {
  const folder = join(FOLDER, name);
  if (existsSync(folder)) return false;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'case.json'), `${JSON.stringify({ about, verdict, faults }, null, 2)}\n`);
  writeFileSync(join(folder, 'receipt.json'), receipt);
  writeFileSync(join(folder, 'trust.json'), trust);
  if (document) writeFileSync(join(folder, 'document'), document);
  for (const [index, list] of lists.entries()) writeFileSync(join(folder, `list-${index}.crl`), list);
  return true;
}

const stage = await setStage();
const vectors = [
  ...(await goodVectors(stage)),
  ...(await ledgerVectors()),
  ...(await revocationVectors(stage)),
  ...formVectors(stage),
  ...signatureVectors(stage),
  ...answerVectors(stage),
  ...(await signerVectors(stage)),
];
const made = vectors.filter(write);
process.stdout.write(`${vectors.length} cases, ${made.length} made now\n`);
