/** What a forger does to anything that holds receipts: a signature is spoilt or left out, or another trust is asked for. */
import { type Json, type JsonObject, stringOf } from '../../../network/proof/canonical-json.js';

type Signature = { readonly signature: string } & JsonObject;

/** A bit of the first signature is another. */
export function spoilt(receipt: JsonObject): JsonObject {
  const [first, ...others] = receipt.signatures as readonly Signature[];
  const bytes = Buffer.from(stringOf(first?.signature), 'base64');
  bytes[12] = (bytes[12] ?? 0) ^ 1;
  return { ...receipt, signatures: [{ ...first, signature: bytes.toString('base64') }, ...others] as Json };
}

export function withoutSigner(receipt: JsonObject): JsonObject {
  return { ...receipt, signatures: (receipt.signatures as readonly Signature[]).slice(1) };
}

/** @param trust the trust file's text */
export function trustWith(trust: string, changes: object): string {
  return `${JSON.stringify({ ...JSON.parse(trust), ...changes })}\n`;
}
