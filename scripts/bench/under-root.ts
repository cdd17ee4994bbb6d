/**
 * Many records under one root that was checked before, as the verifier ties each to it: its leaf made from its fields,
 * and the path from there. Against one ECDSA verification each, which is what records with signatures of their own cost.
 */
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { packedLeaf, packedPath, packLeaves } from '../../chaincode/merkle/packed.js';
import { ANCHOR_LIMIT } from '../../chaincode/transactions/anchor/batch.js';
import { leafText } from '../../chaincode/transactions/anchor/record.js';
import { canonicalJson, type JsonObject, parseCanonical } from '../../network/proof/canonical-json.js';
import { type Inclusion, isIncluded, leafHash } from '../../network/proof/inclusion.js';
import { nodePrimitives } from '../../network/proof/node-primitives.js';
import { digestOf, ISSUER } from './certificate-body.js';
import { type BenchLine, median, rounded } from './line.js';

const RECORDS = 1000;
const ROUNDS = 9;

interface Proven extends Inclusion {
  readonly record: JsonObject;
}

/** Records out of a full batch, with their proofs. */
function provenRecords(): Proven[] {
  const texts = Array.from({ length: ANCHOR_LIMIT }, (_, index) => {
    const [recordId, kind, occurredAt] = [`record-${index}`, 'milestone', '2026-11-02T01:02:03Z'];
    return leafText({ agency: ISSUER, recordId, kind, digest: { alg: 'sha-256', value: digestOf(recordId) }, occurredAt });
  });
  const leaves = packLeaves(texts);
  return texts.slice(0, RECORDS).map((text, index) => ({
    record: parseCanonical(text) as JsonObject,
    leaf: packedLeaf(leaves, index),
    index,
    size: texts.length,
    ...packedPath(leaves, index),
  }));
}

function perSecond(work: () => void): number {
  const began = performance.now();
  work();
  return RECORDS / ((performance.now() - began) / 1000);
}

export async function underRoot(): Promise<BenchLine> {
  const { sha256 } = nodePrimitives;
  const proven = provenRecords();
  const checkRecords = () => {
    for (const { record, ...inclusion } of proven)
      if (leafHash(sha256, canonicalJson(record)) !== inclusion.leaf || !isIncluded(sha256, inclusion))
        throw new Error('a record is not under the root');
  };
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signed = proven.map(({ record }) => {
    const message = Buffer.from(canonicalJson(record));
    return { message, signature: sign('sha256', message, privateKey) };
  });
  const verifySignatures = () => {
    for (const { message, signature } of signed)
      if (!verify('sha256', message, publicKey, signature)) throw new Error('a signature does not hold');
  };
  checkRecords();
  verifySignatures();
  const rates = { records: [] as number[], signatures: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.records.push(perSecond(checkRecords));
    rates.signatures.push(perSecond(verifySignatures));
  }
  return {
    bench: 'records under one root',
    ratio: rounded(median(rates.records) / median(rates.signatures)),
    against: 'one ECDSA verification by node:crypto for each, with the key at hand',
    atLeast: 3,
    figures: {
      leaves: ANCHOR_LIMIT,
      recordsPerSecond: rounded(median(rates.records)),
      signaturesPerSecond: rounded(median(rates.signatures)),
    },
  };
}
