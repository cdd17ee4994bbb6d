/**
 * Hashes documents off the event loop: SM3 takes a core for a second per 200 MB, and a server that
 * hashes in its loop answers nobody else meanwhile.
 */
import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { HashReply, HashRequest } from './hash-messages.js';

interface Running {
  readonly sha256: Hash;
  readonly sm3: Hash;
}

const running = new Map<number, Running>();

function hashesOf(id: number): Running {
  let hashes = running.get(id);
  if (!hashes) {
    hashes = { sha256: createHash('sha256'), sm3: createHash('sm3') };
    running.set(id, hashes);
  }
  return hashes;
}

function handle(request: HashRequest): HashReply | undefined {
  const { id } = request;
  if (request.step === 'drop') {
    running.delete(id);
    return undefined;
  }
  const { sha256, sm3 } = hashesOf(id);
  if (request.step === 'chunk') {
    sha256.update(request.bytes);
    sm3.update(request.bytes);
    return { id, step: 'taken', size: request.bytes.length };
  }
  running.delete(id);
  return { id, step: 'digests', sha256: sha256.digest('hex'), sm3: sm3.digest('hex') };
}

parentPort?.on('message', (request: HashRequest) => {
  const reply = handle(request);
  if (reply) parentPort?.postMessage(reply);
});
