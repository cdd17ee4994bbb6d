/** Both digests of a document while it streams by, hashed in a thread of their own; nothing of it is kept. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DocumentBlocks, type DocumentDigests } from './document-blocks.js';
import type { HashReply, HashRequest } from './hash-messages.js';

/** The hashing thread: started by the first document, and gone with `close`. */
export class DocumentHasher {
  readonly #documents = new Map<number, DocumentBlocks>();
  #worker: Worker | undefined;
  #nextId = 0;

  /** @throws whatever the stream throws, or Error when the thread dies */
  async hash(stream: AsyncIterable<Uint8Array>): Promise<DocumentDigests> {
    const worker = this.#started();
    const id = this.#nextId++;
    const document = new DocumentBlocks((block, used) => this.#post({ id, step: 'block', block, used }));
    this.#documents.set(id, document);
    worker.ref();
    try {
      for await (const chunk of stream) await document.add(chunk);
      document.flush();
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

  /** Bytes of memory that the documents under way take. */
  get size(): number {
    return [...this.#documents.values()].reduce((sum, { size }) => sum + size, 0);
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

  #post(request: HashRequest): void {
    this.#worker?.postMessage(request);
  }

  #take(reply: HashReply): void {
    const document = this.#documents.get(reply.id);
    if (reply.step === 'digests') document?.resolve({ sha256: reply.sha256, sm3: reply.sm3 });
    else document?.back();
  }

  #fail(error: Error): void {
    this.#worker = undefined;
    for (const document of this.#documents.values()) document.reject(error);
  }
}
