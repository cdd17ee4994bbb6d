/** Receipts out of a ledger itself, with the contracts of the day: the embedded one, or four provinces on Fabric. */
import { canonicalJson, type Json } from '../../../network/proof/canonical-json.js';
import { makeReceipt } from '../../../network/proof/make-receipt.js';
import { freshAgencyId } from '../contract-world.js';
import { foundedLedger, type LedgerWorld, registrarSigner, registration } from '../ledger-world.js';
import type { Vector } from './vector.js';

export async function vectorsOf(world: LedgerWorld): Promise<Vector[]> {
  const signer = await registrarSigner(world);
  const agencyId = freshAgencyId('310000');
  const operation = 'operation-of-vectors';
  await world.ledger.submit(registration(signer, agencyId, operation));
  const { kind, assurance, channel, provinces } = await world.ledger.info();
  const trust = {
    format: 'yrd-trust/1',
    channel,
    assurance,
    receiptPolicy: { k: 3 },
    provinces: provinces.map(({ code, mspId, roots }) => ({ code, mspId, roots: [...roots] })),
  };
  const [registrar] = world.registrars;
  const question: Json = { keys: [`operation~${registrar?.agencyId}~${operation}`, `agency~${agencyId}`] };
  const asked = { signer, function: 'ledger:AttestRecords', argument: canonicalJson(question) };
  const receipt = makeReceipt(await world.ledger.attest(asked, 3));
  const plain = { signer, function: 'ledger:ReadRecord', argument: `agency~${agencyId}` };
  const made = { receipt, trust: `${JSON.stringify(trust, null, 2)}\n` };
  const other = { ...trust, assurance: assurance === 'bft-4' ? 'single-operator' : 'bft-4' };
  return [
    {
      ...made,
      name: `holds-from-${kind}`,
      about: `An agency’s registration, out of the ${kind} ledger`,
      verdict: 'holds',
      faults: {},
    },
    {
      ...made,
      name: `from-${kind}-plain-query`,
      about: `The ${kind} ledger’s answer to a query that is no receipt’s`,
      receipt: makeReceipt(await world.ledger.attest(plain, 3)),
      verdict: 'fails',
      faults: { answer: 'proof.answer' },
    },
    {
      ...made,
      name: `from-${kind}-other-channel`,
      about: `The ${kind} ledger’s receipt against the trust in another channel`,
      trust: `${JSON.stringify({ ...trust, channel: `${channel}-2` }, null, 2)}\n`,
      verdict: 'fails',
      faults: { ledger: 'proof.ledger' },
    },
    ...(kind === 'embedded'
      ? [
          {
            ...made,
            name: 'from-embedded-as-network',
            about: 'The embedded ledger’s receipt with its own roots in a file that says bft-4',
            trust: `${JSON.stringify(other, null, 2)}\n`,
            verdict: 'fails' as const,
            faults: { assurance: 'signer.assurance' },
          },
        ]
      : []),
  ];
}

export async function ledgerVectors(): Promise<Vector[]> {
  const world = await foundedLedger();
  try {
    return await vectorsOf(world);
  } finally {
    await world.ledger.close();
  }
}
