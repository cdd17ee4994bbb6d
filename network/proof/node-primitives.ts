/** Hashing and signatures by node:crypto: the one file of the verifier that needs Node. */
import { createPublicKey, hash, verify } from 'node:crypto';
import type { Primitives } from './primitives.js';

export const nodePrimitives: Primitives = {
  sha256: (bytes) => hash('sha256', bytes, 'buffer'),
  checkSignature(key, message, signature) {
    try {
      const publicKey = createPublicKey({ key: Buffer.from(key), format: 'der', type: 'spki' });
      return verify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
    } catch {
      // A key that is no point of the curve.
      return false;
    }
  },
};
