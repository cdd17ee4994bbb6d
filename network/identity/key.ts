/** A P-256 key that signs or verifies in the signatures' thread. */
import { createPrivateKey } from 'node:crypto';
import { lowS } from './low-s.js';
import { signatureThread, type ThreadKey } from './signature-thread.js';

let keys = 0;
/** The thread keeps a copy of each key; it drops those whose owners are gone. */
const gone = new FinalizationRegistry<number>((id) => signatureThread.forget(id));

class Key {
  readonly #key: ThreadKey;

  constructor(kind: ThreadKey['kind'], der: Uint8Array) {
    keys += 1;
    this.#key = { id: keys, kind, der };
    gone.register(this, keys);
  }

  protected run(message: Uint8Array, signature?: Uint8Array): Promise<Buffer> {
    return signatureThread.run(this.#key, message, signature);
  }
}

export class SigningKey extends Key {
  /** @param pem PKCS #8 */
  constructor(pem: string) {
    super('private', createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' }));
  }

  /** ECDSA over SHA-256 of the message, DER, low S. */
  async sign(message: Uint8Array): Promise<Buffer> {
    const signature = await this.run(message);
    if (signature.length === 0) throw new Error('the key cannot sign');
    return lowS(signature);
  }
}

export class VerifyingKey extends Key {
  /** @param der SubjectPublicKeyInfo */
  constructor(der: Uint8Array) {
    super('public', der);
  }

  /** False for anything that is no valid signature. */
  async verify(message: Uint8Array, signature: Uint8Array): Promise<boolean> {
    return (await this.run(message, signature))[0] === 1;
  }
}
