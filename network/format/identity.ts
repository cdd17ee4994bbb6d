/** `msp.SerializedIdentity`: whose certificate, under which MSP. */
import { MessageReader, MessageWriter } from './wire.js';

export interface SerializedIdentity {
  readonly mspId: string;
  /** PEM */
  readonly certificate: string;
}

export function encodeIdentity(identity: SerializedIdentity): Buffer {
  return new MessageWriter().text(1, identity.mspId).text(2, identity.certificate).finish();
}

/** @throws FormatError */
export function decodeIdentity(bytes: Uint8Array): SerializedIdentity {
  const reader = new MessageReader(bytes);
  return { mspId: reader.text(1), certificate: reader.text(2) };
}
