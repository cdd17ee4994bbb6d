/** Who signs: a certificate and the power to sign with its key, wherever that key is (memory, a process, an HSM). */
import { SigningKey } from './key.js';

export interface Signer {
  readonly mspId: string;
  /** PEM */
  readonly certificate: string;
  /** ECDSA P-256 over SHA-256 of the message, DER, low S */
  sign(message: Uint8Array): Promise<Buffer>;
}

/** A signer over a private key in this process; it signs in a thread of its own. */
export function localSigner(mspId: string, certificate: string, privateKeyPem: string): Signer {
  const key = new SigningKey(privateKeyPem);
  return { mspId, certificate, sign: (message) => key.sign(message) };
}
