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

function reply(message: HashReply): void {
  parentPort?.postMessage(message);
}

function handle(request: HashRequest): void {
  const { id } = request;
  if (request.step === 'drop') {
    running.delete(id);
    return;
  }
  const { sha256, sm3 } = hashesOf(id);
  if (request.step === 'block') {
    const { block, used } = request;
    const bytes = block.subarray(0, used);
    sha256.update(bytes);
    sm3.update(bytes);
    reply({ id, step: 'taken' });
    return;
  }
  running.delete(id);
  reply({ id, step: 'digests', sha256: sha256.digest('hex'), sm3: sm3.digest('hex') });
}

parentPort?.on('message', handle);
