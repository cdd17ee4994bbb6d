/**
 * Hands signing and verifying to one thread, in batches. libuv's pool would do as well, and costs more
 * than half of it again: a wake-up for each operation, and four threads that take this one's processor.
 */
import type { KeyObject } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { holds, keyOf, SIGNATURE_THREAD, signed } from './signature-worker.js';

/** Tests run the sources, where the thread's file has its other name. */
const PROGRAM = new URL(import.meta.url.endsWith('.ts') ? './signature-worker.ts' : './signature-worker.js', import.meta.url);
const ANSWER = 80;
const MAX_BATCH = 48;
/** So few are done here: waking the thread for them would cost more than they do. */
const FEW = 2;
/** One at work and one waiting at its door, so that it never idles while there is something to do. */
const MAX_BATCHES = 2;

export interface ThreadKey {
  readonly id: number;
  readonly kind: 'private' | 'public';
  /** PKCS #8 or SubjectPublicKeyInfo */
  readonly der: Uint8Array;
  /** the same for operations that are done here, made with the first of them */
  here?: KeyObject;
}

interface Operation {
  readonly key: ThreadKey;
  readonly message: Uint8Array;
  /** to be verified; undefined to sign */
  readonly signature: Uint8Array | undefined;
  readonly resolve: (answer: Buffer) => void;
  readonly reject: (error: Error) => void;
}

class SignatureThread {
  #worker: Worker | undefined;
  #known = new Set<number>();
  #forgotten: number[] = [];
  #queue: Operation[] = [];
  #batches: Operation[][] = [];
  #scheduled = false;

  /** The answer's bytes: a signature, or one byte that is 1 when the signature holds. */
  run(key: ThreadKey, message: Uint8Array, signature?: Uint8Array): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ key, message, signature, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        if (this.#batches.length === 0 && this.#queue.length <= FEW) for (const few of this.#queue.splice(0)) operate(few);
        else this.#send();
      });
    });
  }

  forget(id: number): void {
    if (this.#known.delete(id)) this.#forgotten.push(id);
  }

  #send(): void {
    while (this.#queue.length > 0 && this.#batches.length < MAX_BATCHES) {
      const batch = this.#queue.splice(0, MAX_BATCH);
      this.#worker ??= this.#start();
      this.#worker.ref();
      this.#batches.push(batch);
      const { operations, bytes } = pack(batch);
      const message = { keys: this.#newKeys(batch), forgotten: this.#forgotten, operations, bytes };
      this.#forgotten = [];
      this.#worker.postMessage(message, [operations.buffer, bytes.buffer]);
    }
  }

  #newKeys(batch: readonly Operation[]): ThreadKey[] {
    const fresh: ThreadKey[] = [];
    for (const { key } of batch) {
      if (this.#known.has(key.id)) continue;
      this.#known.add(key.id);
      fresh.push({ id: key.id, kind: key.kind, der: key.der });
    }
    return fresh;
  }

  #start(): Worker {
    const worker = new Worker(PROGRAM, { workerData: SIGNATURE_THREAD });
    worker.on('message', (answers: Uint8Array) => this.#answer(answers));
    worker.on('error', (error) => this.#broken(error));
    return worker;
  }

  #answer(answers: Uint8Array): void {
    const batch = this.#batches.shift() ?? [];
    const bytes = Buffer.from(answers.buffer);
    for (const [index, { signature, resolve }] of batch.entries()) {
      const start = index * ANSWER;
      resolve(
        signature ? bytes.subarray(start, start + 1) : Buffer.from(bytes.subarray(start + 1, start + 1 + (bytes[start] ?? 0))),
      );
    }
    this.#send();
    if (this.#batches.length === 0) this.#worker?.unref();
  }

  #broken(error: Error): void {
    const waiting = [...this.#batches.flat(), ...this.#queue];
    [this.#batches, this.#queue, this.#worker] = [[], [], undefined];
    this.#known.clear();
    for (const { reject } of waiting) reject(error);
  }
}

function operate({ key, message, signature, resolve, reject }: Operation): void {
  try {
    key.here ??= keyOf(key.kind, key.der);
  } catch (error) {
    reject(error as Error);
    return;
  }
  const bytes = signature ? Uint8Array.of(holds(key.here, message, signature) ? 1 : 0) : signed(key.here, message);
  resolve(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

function pack(batch: readonly Operation[]): { operations: Int32Array<ArrayBuffer>; bytes: Uint8Array<ArrayBuffer> } {
  const operations = new Int32Array(batch.length * 4);
  const length = batch.reduce((sum, { message, signature }) => sum + message.length + (signature?.length ?? 0), 0);
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const [index, { key, message, signature }] of batch.entries()) {
    operations.set([key.id, signature ? 1 : 0, message.length, signature?.length ?? 0], index * 4);
    bytes.set(message, offset);
    offset += message.length;
    if (signature) bytes.set(signature, offset);
    offset += signature?.length ?? 0;
  }
  return { operations, bytes };
}

/** One for the process; it starts with the first operation and keeps nobody from ending. */
export const signatureThread = new SignatureThread();
