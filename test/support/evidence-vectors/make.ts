/** Makes the vectors of evidence: `node dist/test/support/evidence-vectors/make.js`. Those that are kept already stay as they are. */
import { keepVectors } from '../vector-files.js';
import { chainVectors } from './chain-vectors.js';
import { dataVectors } from './data-vectors.js';
import { goodVectors } from './good-vectors.js';
import { listedVectors } from './listed-vectors.js';
import { receiptVectors } from './receipt-vectors.js';
import { signedVectors } from './signed-vectors.js';
import { tellingVectors } from './told-vectors.js';
import { setEvidenceStage } from './vector.js';

const stage = await setEvidenceStage();
const vectors = [
  ...(await goodVectors(stage)),
  ...(await chainVectors(stage)),
  ...(await tellingVectors(stage)),
  ...(await receiptVectors(stage)),
  ...(await signedVectors(stage)),
  ...(await listedVectors(stage)),
  ...(await dataVectors(stage)),
];
keepVectors(
  'evidence',
  vectors.map(({ evidence, ...rest }) => ({ ...rest, judged: evidence })),
);
