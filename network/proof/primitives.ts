/** What the verifier cannot do by itself and is given: node:crypto's here, WebCrypto's in a browser. */

/**
 * ECDSA over P-256 and SHA-256. `key` is a SubjectPublicKeyInfo in DER, `signature` is r ‖ s, 64 bytes.
 * False, never an exception, for anything that is no valid signature.
 */
export type CheckSignature = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;

export interface Primitives {
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  readonly checkSignature: CheckSignature;
}
