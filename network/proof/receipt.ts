/** The receipt's format, `yrd-receipt/1`: FORMAT.md describes it. */
import { fromBase64, Malformed, toBase64 } from './bytes.js';
import { canonicalJson, fieldsOf, type Json, listOf, parseCanonical, stringOf } from './canonical-json.js';
import { Fault } from './faults.js';

export const RECEIPT_FORMAT = 'yrd-receipt/1';
const FAMILY = 'yrd-receipt/';
const LONGEST_TEXT = 8 * 1024 * 1024;
const MOST_SIGNATURES = 16;

export interface PeerSignature {
  /** protobuf `SerializedIdentity`: the peer's membership and certificate */
  readonly endorser: Uint8Array;
  /** over payload ‖ endorser, DER */
  readonly signature: Uint8Array;
}

export interface Receipt {
  /** protobuf `ProposalResponsePayload`: what all of these peers signed */
  readonly payload: Uint8Array;
  readonly signatures: readonly PeerSignature[];
}

/** The one text that a receipt has. */
export function receiptText({ payload, signatures }: Receipt): string {
  return canonicalJson({
    format: RECEIPT_FORMAT,
    payload: toBase64(payload),
    signatures: signatures.map(({ endorser, signature }) => ({
      endorser: toBase64(endorser),
      signature: toBase64(signature),
    })),
  });
}

function signatureOf(value: Json): PeerSignature {
  const { endorser, signature } = fieldsOf(value, ['endorser', 'signature']);
  return { endorser: fromBase64(stringOf(endorser)), signature: fromBase64(stringOf(signature)) };
}

function parse(text: string): Receipt {
  if (text.length > LONGEST_TEXT) throw new Malformed(`longer than ${LONGEST_TEXT} characters`);
  const value = parseCanonical(text);
  const format = (value as { readonly format?: unknown } | null)?.format;
  if (typeof format === 'string' && format !== RECEIPT_FORMAT && format.startsWith(FAMILY))
    throw new Fault('format.unknown', `${format} is not known here: get a newer verifier`);
  const fields = fieldsOf(value, ['format', 'payload', 'signatures']);
  if (format !== RECEIPT_FORMAT) throw new Malformed('another format');
  return {
    payload: fromBase64(stringOf(fields.payload)),
    signatures: listOf(fields.signatures, MOST_SIGNATURES).map(signatureOf),
  };
}

/** @throws Fault `proof.form`, `format.unknown` */
export function parseReceipt(text: string): Receipt {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof Malformed) throw new Fault('proof.form', error.message);
    throw error;
  }
}
