/** Receipts that hold, and must for ever. */
import { MessageWriter } from '../../../network/format/wire.js';
import { receiptText } from '../../../network/proof/receipt.js';
import {
  ABSENT,
  certificateAnswer,
  DIGEST,
  DOCUMENT,
  OPERATION,
  PUBLIC_CERTIFICATE,
  payloadOf,
  RECORD,
  recordsAnswer,
} from './payloads.js';
import { makeScene, member, type Party, peersOf, signedBy, trustOf, type VectorProvince } from './scene.js';
import { textBy } from './signer-vectors.js';
import { good, type Stage, signedText, type Vector } from './vector.js';

/** A namespace that a real peer puts beside the chaincode's: it read which chaincode is committed. */
function withLifecycle(payload: Buffer): Buffer {
  const key = new MessageWriter().text(1, 'namespaces/fields/trust/Sequence');
  const set = new MessageWriter().message(1, key.message(2, new MessageWriter().integer(1, 5)));
  const beside = new MessageWriter().text(1, '_lifecycle').message(2, set).finish();
  return insertNamespace(payload, beside);
}

/** The payload with a namespace more, written before the others. */
function insertNamespace(payload: Buffer, namespace: Buffer): Buffer {
  const fields = (bytes: Buffer) => {
    const found: { head: number; value: Buffer }[] = [];
    let offset = 0;
    const varint = () => {
      let value = 0;
      for (let scale = 1; ; scale *= 128) {
        const byte = bytes[offset++] ?? 0;
        value += (byte & 127) * scale;
        if (byte < 128) return value;
      }
    };
    while (offset < bytes.length) {
      const head = varint();
      const length = varint();
      found.push({ head, value: bytes.subarray(offset, offset + length) });
      offset += length;
    }
    return found;
  };
  const [hash, action] = fields(payload);
  const [results, ...others] = fields(action?.value ?? Buffer.alloc(0));
  const sets = Buffer.concat([new MessageWriter().item(2, namespace).finish(), results?.value ?? Buffer.alloc(0)]);
  const changed = new MessageWriter().item(1, sets);
  for (const { head, value } of others) changed.item(head >> 3, value);
  return new MessageWriter()
    .bytes(1, hash?.value ?? Buffer.alloc(0))
    .message(2, changed)
    .finish();
}

const COPY_KNOWN_EARLIER = {
  certificate: PUBLIC_CERTIFICATE,
  digest: {
    alg: 'sha-256',
    expiresAt: '2025-01-01T00:00:00Z',
    purpose: 'loan',
    role: 'annotated-copy',
    value: DIGEST,
  },
  status: { asOf: '2026-03-01T00:00:00Z', knownAt: '2025-03-01T00:00:00Z', verdict: 'valid' },
};

export async function goodVectors(stage: Stage): Promise<Vector[]> {
  const { scene } = stage;
  const embedded = await makeScene('single-operator');
  const foreign = await makeScene();
  const [first, second] = peersOf(scene) as [Party, Party];
  const rotated = JSON.parse(stage.trust) as { provinces: { roots: string[] }[] };
  rotated.provinces[0]?.roots.unshift((foreign[0] as VectorProvince).authority.certificate);
  const own = { assurance: 'single-operator' };
  const other = await member((scene[0] as VectorProvince).authority);
  return [
    good(stage, 'certificate', 'Three provinces’ peers say that a certificate is valid'),
    good(stage, 'copy-known-earlier', 'A copy that ran out, and only what the ledger knew years before', {
      receipt: signedText(stage, payloadOf(certificateAnswer({ result: COPY_KNOWN_EARLIER }))),
    }),
    good(stage, 'transaction', 'The records that a transaction wrote', {
      receipt: signedText(stage, payloadOf(recordsAnswer())),
    }),
    good(stage, 'absence', 'A key under which there is nothing', {
      receipt: signedText(stage, payloadOf(recordsAnswer([OPERATION, ABSENT]))),
    }),
    good(stage, 'revoked-certificate', 'A revoked certificate: the receipt holds, the certificate does not', {
      receipt: signedText(
        stage,
        payloadOf(certificateAnswer({ result: { status: { asOf: '2026-03-01T08:00:00.000Z', verdict: 'revoked' } } })),
      ),
    }),
    good(stage, 'document', 'With the document that it is about', { document: DOCUMENT }),
    good(stage, 'four-provinces', 'All four', { receipt: textBy(stage, peersOf(scene, 4)) }),
    good(stage, 'other-three', 'Another three, in another order', {
      receipt: textBy(stage, [...peersOf(scene, 4)].reverse().slice(0, 3)),
    }),
    good(stage, 'duplicate-beside-three', 'One signature twice beside three provinces’: counted once', {
      receipt: textBy(stage, [...peersOf(scene), first]),
    }),
    good(stage, 'second-peer-beside-three', 'A second peer of one province beside three', {
      receipt: textBy(stage, [...peersOf(scene), other]),
    }),
    good(stage, 'stranger-beside-three', 'A stranger’s good signature beside three: it does not count', {
      receipt: receiptText({
        payload: stage.payload,
        signatures: [...stage.signatures, ...signedBy(peersOf(foreign, 1), stage.payload)],
      }),
    }),
    good(stage, 'two-of-four', 'Two provinces, where two are asked for', {
      receipt: textBy(stage, [first, second]),
      trust: trustOf(scene, { receiptPolicy: { k: 2 } }),
    }),
    good(stage, 'second-root', 'A province with two roots', { trust: JSON.stringify(rotated) }),
    good(stage, 'embedded', 'One operator’s ledger, for who accepts that', {
      receipt: textBy(stage, peersOf(embedded)),
      trust: trustOf(embedded, own),
    }),
    good(stage, 'unmarked-single-operator', 'Unmarked roots under a trust file that says single-operator', {
      trust: trustOf(scene, own),
    }),
    good(stage, 'lifecycle-beside', 'A real peer’s read set of the chaincode’s lifecycle beside ours', {
      receipt: signedText(stage, withLifecycle(payloadOf(recordsAnswer([OPERATION, RECORD])))),
    }),
  ];
}
