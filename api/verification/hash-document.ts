/**
 * Both digests of a document while it streams by: at most `WINDOW_BYTES` of it are in memory, however
 * long it is, and none of it is kept.
 */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { HashReply, HashRequest } from './hash-messages.js';

const WINDOW_BYTES = 1024 * 1024;

export interface DocumentDigests {
  /** 64 hex */
  readonly sha256: string;
  readonly sm3: string;
}

class Document {
  readonly digests: Promise<DocumentDigests>;
  outstanding = 0;
  resolve: (digests: DocumentDigests) => void = () => {};
  reject: (error: Error) => void = () => {};
  #wake: () => void = () => {};

  constructor() {
    this.digests = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Awaited late, or not at all when the stream fails first.
    this.digests.catch(() => {});
  }

  taken(size: number): void {
    this.outstanding -= size;
    if (this.outstanding <= WINDOW_BYTES / 2) this.#wake();
  }

  /** Until there is room again, or the thread has died. */
  async room(): Promise<void> {
    if (this.outstanding < WINDOW_BYTES) return;
    const room = new Promise<void>((wake) => {
      this.#wake = wake;
    });
    await Promise.race([this.digests, room]);
  }
}

/** The hashing thread: started by the first document, and gone with `close`. */
export class DocumentHasher {
  readonly #documents = new Map<number, Document>();
  #worker: Worker | undefined;
  #nextId = 0;

  /** @throws whatever the stream throws, or Error when the thread dies */
  async hash(stream: AsyncIterable<Uint8Array>): Promise<DocumentDigests> {
    const worker = this.#started();
    const id = this.#nextId++;
    const document = new Document();
    this.#documents.set(id, document);
    worker.ref();
    try {
      for await (const chunk of stream) {
        // A buffer may be a slice of a pool that the next read fills: the thread gets bytes of its own.
        const bytes = new Uint8Array(chunk);
        document.outstanding += bytes.length;
        this.#post({ id, step: 'chunk', bytes }, [bytes.buffer]);
        await document.room();
      }
      this.#post({ id, step: 'end' });
      return await document.digests;
    } catch (error) {
      this.#post({ id, step: 'drop' });
      throw error;
    } finally {
      this.#documents.delete(id);
      if (this.#documents.size === 0) this.#worker?.unref();
    }
  }

  /** Bytes of all documents that wait to be hashed. */
  get waiting(): number {
    return [...this.#documents.values()].reduce((sum, { outstanding }) => sum + outstanding, 0);
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL(`./hash-worker${extname(import.meta.url)}`, import.meta.url));
    worker.on('message', (reply: HashReply) => this.#take(reply));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new Error('the hashing thread has ended')));
    this.#worker = worker;
    return worker;
  }

  #post(request: HashRequest, transfer: ArrayBuffer[] = []): void {
    this.#worker?.postMessage(request, transfer);
  }

  #take(reply: HashReply): void {
    const document = this.#documents.get(reply.id);
    if (reply.step === 'digests') document?.resolve({ sha256: reply.sha256, sm3: reply.sm3 });
    else document?.taken(reply.size);
  }

  #fail(error: Error): void {
    this.#worker = undefined;
    for (const document of this.#documents.values()) document.reject(error);
  }
}
