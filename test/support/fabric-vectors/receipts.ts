/** Receipts out of an API over Fabric: of a transaction, and of a certificate that the public asks about. */
import { canonicalJson, type JsonObject } from '../../../network/proof/canonical-json.js';
import { expectStatus } from '../api-business.js';
import type { EvidenceWorld } from '../evidence-world.js';
import type { VectorFiles } from '../vector-files.js';
import { spoilt, trustWith, withoutSigner } from './forged.js';

export interface IssuedCertificate {
  /** that issued it */
  readonly transactionId: string;
  readonly digest: object;
  readonly document: Uint8Array;
}

export async function issuedReceipts(
  world: EvidenceWorld,
  { transactionId, digest, document }: IssuedCertificate,
): Promise<VectorFiles[]> {
  const { trustText: trust, worker } = world;
  const api = world.business.world;
  const ofTransaction = expectStatus(await api.get(`/v1/receipts/${transactionId}`, worker), 200).text;
  const verified = expectStatus(await api.post('/v1/verify', undefined, { digest, attest: true }), 200).body;
  const ofCertificate: JsonObject = verified.receipt;
  const holds = (name: string, about: string, judged: string, made: Partial<VectorFiles> = {}): VectorFiles => ({
    name: `holds-from-fabric${name}`,
    about: `As the API gave it over four provinces on Fabric: ${about}`,
    judged,
    trust,
    verdict: 'holds',
    faults: {},
    ...made,
  });
  const fails = (name: string, about: string, faults: VectorFiles['faults'], made: Partial<VectorFiles>): VectorFiles => ({
    name: `from-fabric-${name}`,
    about,
    judged: ofTransaction,
    trust,
    verdict: 'fails',
    faults,
    ...made,
  });
  const parsed = JSON.parse(ofTransaction) as JsonObject;
  return [
    holds('', 'the receipt of the transaction that issued a certificate', ofTransaction),
    holds('-certificate', 'what the peers say of a certificate, with its document', canonicalJson(ofCertificate), { document }),
    fails(
      'signature-flipped',
      'A bit of one signature',
      { signatures: 'proof.signature' },
      { judged: canonicalJson(spoilt(parsed)) },
    ),
    fails(
      'signer-left-out',
      'Two of the three signatures',
      { signers: 'signer.too-few' },
      {
        judged: canonicalJson(withoutSigner(parsed)),
      },
    ),
    fails(
      'against-four',
      'Under a trust file that asks for four provinces',
      { signers: 'signer.too-few' },
      {
        trust: trustWith(trust, { receiptPolicy: { k: 4 } }),
      },
    ),
    fails(
      'other-channel',
      'Against the trust in another channel',
      { ledger: 'proof.ledger' },
      {
        trust: trustWith(trust, { channel: 'other' }),
      },
    ),
    fails(
      'document-other',
      'For a document with other bytes',
      { document: 'proof.document' },
      {
        judged: canonicalJson(ofCertificate),
        document: Buffer.from('another document\n'),
      },
    ),
  ];
}
