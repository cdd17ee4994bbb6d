/**
 * A thread that signs and verifies, a batch at a time. It loads nothing but node:crypto. A batch is one
 * run of numbers, four for each operation, and one of bytes: messages and signatures one behind the other.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';

/** Room for each answer: its length, then a DER signature; or 1 for a signature that holds, 0 for none. */
const ANSWER = 80;

interface Batch {
  readonly keys: readonly { readonly id: number; readonly kind: 'private' | 'public'; readonly der: Uint8Array }[];
  readonly forgotten: readonly number[];
  /** key, 0 to sign or 1 to verify, length of the message, length of the signature */
  readonly operations: Int32Array;
  readonly bytes: Uint8Array;
}

const keys = new Map<number, KeyObject>();

/** What this file's thread is started with, so that it knows itself from any other that loads it. */
export const SIGNATURE_THREAD = 'signatures';

/** No bytes when the key cannot sign. */
export function signed(key: KeyObject | undefined, message: Uint8Array): Uint8Array {
  if (!key) return new Uint8Array();
  try {
    return sign('sha256', message, key);
  } catch {
    return new Uint8Array();
  }
}

export function holds(key: KeyObject | undefined, message: Uint8Array, signature: Uint8Array): boolean {
  if (!key) return false;
  try {
    return verify('sha256', message, key, signature);
  } catch {
    return false;
  }
}

function work({ operations, bytes }: Batch): Uint8Array<ArrayBuffer> {
  const count = operations.length / 4;
  const answers = new Uint8Array(count * ANSWER);
  for (let index = 0, offset = 0; index < count; index += 1) {
    const at = (field: number) => operations[index * 4 + field] as number;
    const [id, kind, messageLength, signatureLength] = [at(0), at(1), at(2), at(3)];
    const message = bytes.subarray(offset, offset + messageLength);
    offset += messageLength;
    const signature = bytes.subarray(offset, offset + signatureLength);
    offset += signatureLength;
    const key = keys.get(id);
    if (kind === 1) answers[index * ANSWER] = holds(key, message, signature) ? 1 : 0;
    else {
      const made = signed(key, message);
      answers[index * ANSWER] = made.length;
      answers.set(made, index * ANSWER + 1);
    }
  }
  return answers;
}

export function keyOf(kind: 'private' | 'public', der: Uint8Array): KeyObject {
  const key = Buffer.from(der);
  if (kind === 'private') return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

function answer(batch: Batch): void {
  // First, because a key whose owner is gone may come once more with its last operation.
  for (const id of batch.forgotten) keys.delete(id);
  for (const { id, kind, der } of batch.keys) {
    keys.set(id, keyOf(kind, der));
  }
  const answers = work(batch);
  parentPort?.postMessage(answers, [answers.buffer]);
}

if (workerData === SIGNATURE_THREAD) parentPort?.on('message', answer);
