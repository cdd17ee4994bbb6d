/** Building Merkle trees against the SHA-256 that they are made of: a leaf and a node for each record, and nothing else. */
import { hash } from 'node:crypto';
import { packedRoot, packLeaves } from '../../chaincode/merkle/packed.js';
import { leafText } from '../../chaincode/transactions/anchor/record.js';
import { ISSUER } from './certificate-body.js';
import { type BenchLine, median, rounded } from './line.js';

const SIZES = [500, 1_000_000];
/** Small trees are built so often that both sides take about as long as for the large one. */
const RECORDS = 1_000_000;

function textsOf(size: number): string[] {
  const value = hash('sha256', 'bench', 'hex');
  return Array.from({ length: size }, (_, index) =>
    leafText({
      agency: ISSUER,
      recordId: `record-${index}`,
      kind: 'milestone',
      digest: { alg: 'sha-256', value },
      occurredAt: '2026-11-02T01:02:03Z',
    }),
  );
}

function perSecond(records: number, work: () => void): number {
  const began = performance.now();
  work();
  return records / ((performance.now() - began) / 1000);
}

export async function merkle(): Promise<readonly BenchLine[]> {
  const node = Buffer.alloc(65, 1);
  return SIZES.map((size) => {
    const texts = textsOf(size);
    const rounds = RECORDS / size;
    const figures = { built: [] as number[], hashed: [] as number[] };
    const build = () => {
      for (let round = 0; round < rounds; round++) packedRoot(packLeaves(texts));
    };
    const ceiling = () => {
      for (let round = 0; round < rounds; round++)
        for (const text of texts) {
          hash('sha256', text, 'binary');
          hash('sha256', node, 'binary');
        }
    };
    build();
    ceiling();
    for (const step of ['A', 'B', 'B', 'A', 'A', 'B', 'B', 'A'])
      if (step === 'A') figures.hashed.push(perSecond(RECORDS, ceiling));
      else figures.built.push(perSecond(RECORDS, build));
    return {
      bench: `merkle ${size}`,
      ratio: rounded(median(figures.built) / median(figures.hashed)),
      against: 'one leaf and one node hash for each record',
      atLeast: 0.6,
      figures: { recordsPerSecond: rounded(median(figures.built)), ceilingPerSecond: rounded(median(figures.hashed)) },
    };
  });
}
