/**
 * How fast a cold receipt is checked: three signatures, and three certificates' own, nothing remembered from
 * one receipt to the next but the trust file. Against the six ECDSA verifications of node:crypto that no
 * verifier can do without, over the same bytes and with keys as a stranger has them: the roots' are ready, since
 * they are pinned; the three peers' come with the receipt, in the form that node:crypto takes in fastest.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '../../network/embedded/open.js';
import { canonicalJson } from '../../network/proof/canonical-json.js';
import { makeReceipt } from '../../network/proof/make-receipt.js';
import { nodePrimitives } from '../../network/proof/node-primitives.js';
import { derSignature } from '../../network/proof/signature.js';
import { parseTrust, TRUST_FORMAT, type Trust } from '../../network/proof/trust.js';
import { type ReceiptJudgement, verifyReceipt } from '../../network/proof/verify-receipt.js';
import { type BenchLine, median, rounded } from './line.js';

const RECEIPTS = 64;
const ROUNDS = 9;
const PASSES = 8;
const SIGNATURES = 6;

interface Signed {
  readonly key: KeyObject;
  /** PEM of a peer's key */
  readonly cold?: string;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Receipts of a new embedded ledger, each over an answer of its own. */
async function issue(): Promise<{ receipts: string[]; trust: Trust }> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-receipts-'));
  const { ledger, wallet, registrars } = await openEmbedded({ folder });
  try {
    const { channel, assurance, provinces } = await ledger.info();
    const roots = provinces.map(({ code, mspId, roots }) => ({ code, mspId, roots }));
    const trust = parseTrust(
      JSON.stringify({ format: TRUST_FORMAT, channel, assurance, receiptPolicy: { k: 3 }, provinces: roots }),
    );
    const receipts: string[] = [];
    for (let count = 0; count < RECEIPTS; count += 1) {
      const registrar = registrars[count % registrars.length];
      if (!registrar) throw new Error('a ledger has registrars');
      const signer = await wallet.signer({ ...registrar, roles: ['registrar'] });
      const question = { keys: [`agency~${registrar.agencyId}`, `founder~${registrar.province}`] };
      const asked = { signer, function: 'ledger:AttestRecords', argument: canonicalJson(question) };
      receipts.push(makeReceipt(await ledger.attest(asked, 3)));
    }
    return { receipts, trust };
  } finally {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The six things that are signed in a receipt, as the verifier itself meets them. */
async function signedIn(receipt: string, trust: Trust): Promise<Signed[]> {
  const met: Signed[] = [];
  const pinned = trust.provinces.flatMap(({ roots }) => roots.map(({ key }) => key));
  const primitives = {
    ...nodePrimitives,
    checkSignature(key: Uint8Array, message: Uint8Array, signature: Uint8Array) {
      const ready = createPublicKey({ key: Buffer.from(key), format: 'der', type: 'spki' });
      const pem = ready.export({ format: 'pem', type: 'spki' }) as string;
      met.push({ key: ready, message, signature: derSignature(signature), ...(!pinned.includes(key) && { cold: pem }) });
      return nodePrimitives.checkSignature(key, message, signature);
    },
  };
  const judgement: ReceiptJudgement = await verifyReceipt(receipt, { trust, primitives });
  if (judgement.verdict !== 'holds' || met.length !== SIGNATURES || met.filter(({ cold }) => cold).length !== 3)
    throw new Error(`a receipt of ${met.length} signatures ${judgement.verdict}`);
  return met;
}

/** @returns receipts a second */
function limit(signed: readonly Signed[], keyOf: (one: Signed) => KeyObject | string): number {
  const began = performance.now();
  for (let pass = 0; pass < PASSES; pass += 1)
    for (const one of signed)
      if (!verify('sha256', one.message, keyOf(one), one.signature)) throw new Error('a signature does not hold');
  return (PASSES * signed.length) / SIGNATURES / ((performance.now() - began) / 1000);
}

async function verifier(receipts: readonly string[], trust: Trust): Promise<number> {
  const began = performance.now();
  for (let pass = 0; pass < PASSES; pass += 1)
    for (const receipt of receipts) {
      const { verdict } = await verifyReceipt(receipt, { trust, primitives: nodePrimitives });
      if (verdict !== 'holds') throw new Error(`a receipt ${verdict}`);
    }
  return (PASSES * receipts.length) / ((performance.now() - began) / 1000);
}

export async function receipts(): Promise<BenchLine> {
  const issued = await issue();
  const signed = (await Promise.all(issued.receipts.map((receipt) => signedIn(receipt, issued.trust)))).flat();
  const rates = { limit: [] as number[], ready: [] as number[], verifier: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.limit.push(limit(signed, ({ key, cold }) => cold ?? key));
    rates.ready.push(limit(signed, ({ key }) => key));
    rates.verifier.push(await verifier(issued.receipts, issued.trust));
  }
  return {
    bench: 'receipts',
    ratio: rounded(median(rates.verifier) / median(rates.limit)),
    against: "the six ECDSA verifications of a receipt alone, by node:crypto: roots' keys ready, peers' keys as they come",
    atLeast: 0.7,
    figures: {
      receiptsPerSecond: rounded(median(rates.verifier)),
      limitPerSecond: rounded(median(rates.limit)),
      limitWithAllKeysReadyPerSecond: rounded(median(rates.ready)),
      bytes: issued.receipts[0]?.length ?? 0,
    },
  };
}
