/** Makes the vectors of receipts: `node dist/test/support/receipt-vectors/make.js`. Those that are kept already stay as they are. */
import { keepVectors } from '../vector-files.js';
import { answerVectors } from './answer-vectors.js';
import { formVectors } from './form-vectors.js';
import { goodVectors } from './good-vectors.js';
import { ledgerVectors } from './ledger-vectors.js';
import { revocationVectors } from './revocation-vectors.js';
import { signatureVectors } from './signature-vectors.js';
import { signerVectors } from './signer-vectors.js';
import { setStage } from './vector.js';

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
keepVectors(
  'receipts',
  vectors.map(({ receipt, ...rest }) => ({ ...rest, judged: receipt })),
);
