/** Hashing and signatures by node:crypto: the one file of the verifier that needs Node. */
import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import type { Primitives } from './primitives.js';
import { derSignature } from './signature.js';

/** By the very array: a trust file's roots come again and are taken in once, a receipt's own keys come once. */
const keys = new WeakMap<Uint8Array, KeyObject | undefined>();

/** Node takes in a key of PEM in a sixth of the time that a KeyObject of its own takes; so that is for keys that return. */
function keyOf(der: Uint8Array): KeyObject | string {
  const known = keys.get(der);
  if (known) return known;
  const pem = `-----BEGIN PUBLIC KEY-----\n${Buffer.from(der).toString('base64')}\n-----END PUBLIC KEY-----\n`;
  if (keys.has(der)) keys.set(der, createPublicKey(pem));
  else keys.set(der, undefined);
  return pem;
}

export const nodePrimitives: Primitives = {
  // Twice as fast as to ask for a buffer, which gets memory of its own.
  sha256: (bytes) => Buffer.from(hash('sha256', bytes, 'binary'), 'latin1'),
  checkSignature(key, message, signature) {
    try {
      return verify('sha256', message, keyOf(key), derSignature(signature));
    } catch {
      // A key that is no point of the curve.
      return false;
    }
  },
};
