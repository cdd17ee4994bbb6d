/** Who signs: a certificate and the power to sign with its key, wherever that key is (memory, a process, an HSM). */
import { KeyRing } from './key-ring.js';

export interface Signer {
  readonly mspId: string;
  /** PEM */
  readonly certificate: string;
  /** ECDSA P-256 over SHA-256 of the message, DER, low S */
  sign(message: Uint8Array): Promise<Buffer>;
}

/** A signer over a private key in this process; it signs on libuv's thread pool. */
export function localSigner(mspId: string, certificate: string, privateKeyPem: string): Signer {
  const key = KeyRing.ofPrivateKey(privateKeyPem);
  return { mspId, certificate, sign: (message) => key.sign(message) };
}
