/** Makes the vectors of anchored records: `node dist/test/support/anchor-vectors/make.js`. Those that are kept already stay as they are. */
import { canonicalJson } from '../../../network/proof/canonical-json.js';
import { keepVectors, type VectorFiles } from '../vector-files.js';
import { FORGERIES, MISSHAPEN } from './forgeries.js';
import { goodVectors } from './good-vectors.js';
import { embeddedAnchors } from './issued-vectors.js';
import { signedVectors } from './signed-vectors.js';
import { type AnchorStage, bad, setAnchorStage } from './vector.js';

function forgedVectors(stage: AnchorStage): VectorFiles[] {
  const text = canonicalJson(stage.proof);
  const document = Buffer.from('another document\n');
  return [
    ...FORGERIES.map(({ name, what, forge, faults }) => bad(stage, name, `A proof with ${what}`, faults, forge(stage))),
    ...MISSHAPEN.map(({ name, what, forge }) =>
      bad(stage, name, `A proof ${what}`, { file: 'proof.form' }, stage.proof, { judged: forge(text) }),
    ),
    bad(stage, 'document-other', 'For a document with other bytes', { document: 'proof.document' }, stage.proof, { document }),
  ];
}

const stage = await setAnchorStage();
keepVectors('anchors', [
  ...goodVectors(stage),
  ...(await embeddedAnchors()),
  ...forgedVectors(stage),
  ...(await signedVectors(stage)),
]);
