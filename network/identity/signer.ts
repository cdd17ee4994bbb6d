/** Who signs: a certificate and the power to sign with its key, wherever that key is (memory, a process, an HSM). */
import { createPrivateKey, sign as cryptoSign, type KeyObject } from 'node:crypto';

export interface Signer {
  readonly mspId: string;
  /** PEM */
  readonly certificate: string;
  /** ECDSA P-256 over SHA-256 of the message, DER, low S */
  sign(message: Uint8Array): Promise<Buffer>;
}

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const HALF_ORDER = ORDER / 2n;

function derInteger(value: bigint): Buffer {
  let hex = value.toString(16);
  if (hex.length % 2) hex = `0${hex}`;
  if (Number.parseInt(hex.slice(0, 2), 16) >= 0x80) hex = `00${hex}`;
  const bytes = Buffer.from(hex, 'hex');
  return Buffer.concat([Buffer.from([0x02, bytes.length]), bytes]);
}

/** Turns r ‖ s (64 bytes) into DER with s in the lower half of the group order, as Fabric demands. */
export function lowSDer(raw: Uint8Array): Buffer {
  const hex = Buffer.from(raw).toString('hex');
  const r = BigInt(`0x${hex.slice(0, 64)}`);
  const s = BigInt(`0x${hex.slice(64)}`);
  const body = Buffer.concat([derInteger(r), derInteger(s > HALF_ORDER ? ORDER - s : s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

/** Signs on libuv's thread pool, so that the event loop goes on. */
export function signWith(key: KeyObject, message: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    cryptoSign('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, (error, raw) =>
      error ? reject(error) : resolve(lowSDer(raw)),
    );
  });
}

/** A signer over a private key in this process. */
export function localSigner(mspId: string, certificate: string, privateKeyPem: string): Signer {
  const key = createPrivateKey(privateKeyPem);
  return { mspId, certificate, sign: (message) => signWith(key, message) };
}
