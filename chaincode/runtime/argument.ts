/**
 * The one string a transaction takes: canonical JSON (RFC 8785) of `{ input, operation }`. Anything
 * but the canonical bytes is refused, so duplicate keys, odd numbers and white space never get in.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import { Refusal } from '../errors.js';
import { looksPersonal } from '../identifiers/personal-data.js';

export const ARGUMENT_LIMIT = 4 * 1024 * 1024;
const OPERATION = /^[A-Za-z0-9_-]{16,64}$/;

export interface Argument {
  /** the caller's name for this write; a second one under the same name is refused */
  readonly operation: string;
  readonly input: unknown;
}

export function encodeArgument(argument: Argument): string {
  return canonicalize(argument) as string;
}

function malformed(message: string): Refusal {
  return new Refusal('request.invalid', { fields: [{ path: '', message }] });
}

/**
 * @throws Refusal `request.invalid` for anything that is not one canonical argument, and
 * `privacy.personal-data` for an operation id with a number in it: it is a key of the state for ever
 */
export function decodeArgument(text: string): Argument {
  if (text.length > ARGUMENT_LIMIT) throw malformed('argument is too large');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('argument is not JSON');
  }
  const { operation, input } = (value ?? {}) as Record<string, unknown>;
  if (typeof operation !== 'string' || !OPERATION.test(operation)) throw malformed('operation id is missing or malformed');
  if (canonicalize({ input, operation }) !== text) throw malformed('argument is not canonical JSON (RFC 8785)');
  if (looksPersonal(operation))
    throw new Refusal('privacy.personal-data', {
      fields: [{ path: '', message: 'operation id looks like a citizen, mobile or card number' }],
    });
  return { operation, input };
}

/** SHA-256 of UTF-8 text, lower-case hex. */
function hashText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** SHA-256 over a value's canonical JSON, lower-case hex. */
export function hashJson(value: unknown): string {
  return hashText(canonicalize(value) as string);
}
