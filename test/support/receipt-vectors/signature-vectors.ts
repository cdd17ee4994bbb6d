/** Signatures that do not fit what they stand beside. */
import { encodeIdentity } from '../../../network/format/identity.js';
import { type PeerSignature, receiptText } from '../../../network/proof/receipt.js';
import { certificateAnswer, payloadOf } from './payloads.js';
import { type Party, peersOf, signatureOf, signedBy } from './scene.js';
import { bad, type Stage, type Vector } from './vector.js';

const SIGNATURES = { signatures: 'proof.signature' };
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function flipped(bytes: Uint8Array, index: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
}

function derInteger(hex: string): Buffer {
  const digits = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  const content = (digits[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.alloc(1), digits]) : digits;
  return Buffer.concat([Buffer.from([0x02, content.length]), content]);
}

/** The other s that makes the same signature good. */
function highS(signature: Uint8Array): Buffer {
  const rLength = signature[3] ?? 0;
  const r = Buffer.from(signature.subarray(2, 4 + rLength));
  const s = BigInt(`0x${Buffer.from(signature.subarray(6 + rLength)).toString('hex')}`);
  const body = Buffer.concat([r, derInteger((ORDER - s).toString(16))]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

export function signatureVectors(stage: Stage): Vector[] {
  const { scene, payload, signatures } = stage;
  const [first, second, third] = signatures as [PeerSignature, PeerSignature, PeerSignature];
  const [shanghai, jiangsu, zhejiang, anhui] = peersOf(scene, 4) as [Party, Party, Party, Party];
  const { certificate, mspId } = shanghai;
  const other = payloadOf(certificateAnswer({ time: '2026-03-01T08:00:01.000Z' }));
  const wrong = (
    name: string,
    about: string,
    changed: readonly PeerSignature[],
    signed: Uint8Array = payload,
    faults: Vector['faults'] = SIGNATURES,
  ) => bad(stage, `signature-${name}`, about, faults, { receipt: receiptText({ payload: signed, signatures: changed }) });
  const renamed = encodeIdentity({ mspId: 'AnhuiMSP', certificate });
  const longer = Buffer.concat([first.signature, Buffer.alloc(1)]);
  return [
    wrong('over-other-time', 'The answer’s time was changed after signing', signatures, other),
    wrong('of-other-answer', 'One signature is of another answer', [first, second, signatureOf(zhejiang, other)]),
    wrong('byte-flipped', 'A byte of a signature', [first, second, { ...third, signature: flipped(third.signature, 12) }]),
    wrong('swapped', 'Two peers’ signatures in each other’s place', [
      { ...first, signature: second.signature },
      { ...second, signature: first.signature },
      third,
    ]),
    wrong('signer-replaced', 'The signature of one peer under the certificate of another', [
      first,
      second,
      { ...third, endorser: anhui.endorser },
    ]),
    wrong('membership-renamed', 'A peer’s certificate under another province’s name', [
      { ...first, endorser: renamed },
      second,
      third,
    ]),
    wrong('without-signer', 'Over the answer alone, without the signer: anybody could claim it', [
      first,
      second,
      signatureOf(zhejiang, payload, payload),
    ]),
    wrong('high-s', 'The other s that is as good: a second form of the same signature', [
      { ...first, signature: highS(first.signature) },
      second,
      third,
    ]),
    wrong('longer', 'A byte after the signature', [{ ...first, signature: longer }, second, third]),
    wrong('empty', 'No signature where one should be', [{ ...first, signature: Buffer.alloc(0) }, second, third]),
    wrong('certificate-flipped', 'A byte of a certificate', [
      { ...first, endorser: flipped(first.endorser, first.endorser.length - 80) },
      second,
      third,
    ]),
    wrong('certificate-none', 'A membership without a certificate', [
      { ...first, endorser: encodeIdentity({ mspId, certificate: '' }) },
      second,
      third,
    ]),
    wrong('extra-bad', 'Three good signatures and a bad one: whoever added it cannot be trusted with the rest', [
      ...signedBy([shanghai, jiangsu, zhejiang], payload),
      { ...signatureOf(anhui, payload), signature: first.signature },
    ]),
    wrong('none', 'Nobody signed', []),
  ];
}
