/**
 * A key in several copies. OpenSSL operations on one key object exclude one another, and asking for one
 * waits on the event loop's thread while another runs; so each operation in flight gets a copy of its own.
 */
import { createPrivateKey, createPublicKey, sign as cryptoSign, verify as cryptoVerify, type KeyObject } from 'node:crypto';
import { lowS } from './low-s.js';

const MAX_COPIES = 16;

export class KeyRing {
  readonly #copy: () => KeyObject;
  readonly #idle: KeyObject[];
  #copies = 1;
  #next = 0;
  readonly #all: KeyObject[];

  private constructor(copy: () => KeyObject) {
    this.#copy = copy;
    this.#all = [copy()];
    this.#idle = [...this.#all];
  }

  static ofPrivateKey(pem: string): KeyRing {
    return new KeyRing(() => createPrivateKey(pem));
  }

  static ofPublicKey(spkiDer: Buffer): KeyRing {
    return new KeyRing(() => createPublicKey({ key: spkiDer, format: 'der', type: 'spki' }));
  }

  #borrow(): { key: KeyObject; owned: boolean } {
    const idle = this.#idle.pop();
    if (idle) return { key: idle, owned: true };
    if (this.#copies < MAX_COPIES) {
      const key = this.#copy();
      this.#copies += 1;
      this.#all.push(key);
      return { key, owned: true };
    }
    this.#next = (this.#next + 1) % this.#all.length;
    return { key: this.#all[this.#next] as KeyObject, owned: false };
  }

  #giveBack(borrowed: { key: KeyObject; owned: boolean }): void {
    if (borrowed.owned) this.#idle.push(borrowed.key);
  }

  /** ECDSA over SHA-256 of the message, DER, low S; on libuv's thread pool. */
  sign(message: Uint8Array): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const borrowed = this.#borrow();
      // The plain DER form: asking for r ‖ s instead costs more on this thread than the signature itself.
      cryptoSign('sha256', message, borrowed.key, (error, signature) => {
        this.#giveBack(borrowed);
        if (error) reject(error);
        else resolve(lowS(signature));
      });
    });
  }

  /** False for anything that is no valid signature with low S. */
  verify(message: Uint8Array, signature: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => {
      const borrowed = this.#borrow();
      cryptoVerify('sha256', message, borrowed.key, signature, (error, valid) => {
        this.#giveBack(borrowed);
        resolve(!error && valid);
      });
    });
  }
}
