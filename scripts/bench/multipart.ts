/** Multipart verify of a real file against `openssl dgst` making both digests of the same file, A-B-B-A. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchLine, median, rounded } from './line.js';
import { openSession, type Session } from './session.js';

const MEBIBYTE = 1024 * 1024;
const SIZE = 200 * MEBIBYTE;
const ROUNDS = 2;

function makeFile(folder: string): string {
  const file = join(folder, 'document.bin');
  const descriptor = openSync(file, 'w');
  for (let written = 0; written < SIZE; written += MEBIBYTE) writeSync(descriptor, randomBytes(MEBIBYTE));
  return file;
}

function opensslSeconds(file: string): number {
  const began = performance.now();
  for (const digest of ['-sha256', '-sm3']) execFileSync('openssl', ['dgst', digest, file], { stdio: 'ignore' });
  return (performance.now() - began) / 1000;
}

/** Sends the file with curl, as people do; a client in Node would take the processor that the server is measured on. */
function verifySeconds({ server }: Session, file: string): number {
  const began = performance.now();
  const format = ['--silent', '--show-error', '--output', '/dev/null', '--write-out', '%{http_code}'];
  const status = execFileSync('curl', [...format, '--form', `file=@${file}`, `${server.url}/v1/verify`], { encoding: 'utf8' });
  if (status !== '200') throw new Error(`verify answered ${status}`);
  return (performance.now() - began) / 1000;
}

export async function multipart(): Promise<BenchLine> {
  const session = await openSession();
  const openssl: number[] = [];
  const ours: number[] = [];
  try {
    const file = makeFile(session.dataDir);
    opensslSeconds(file);
    for (let round = 0; round < ROUNDS; round++) {
      openssl.push(opensslSeconds(file));
      ours.push(verifySeconds(session, file), verifySeconds(session, file));
      openssl.push(opensslSeconds(file));
    }
  } finally {
    await session.end();
  }
  return {
    bench: 'multipart',
    ratio: rounded(median(openssl) / median(ours)),
    against: 'openssl dgst -sha256, then -sm3, of the same file',
    atLeast: 0.7,
    figures: {
      mebibytes: SIZE / MEBIBYTE,
      mebibytesPerSecond: rounded(SIZE / MEBIBYTE / median(ours)),
      opensslMebibytesPerSecond: rounded(SIZE / MEBIBYTE / median(openssl)),
    },
  };
}
