/** Multipart verify of a real file against `openssl dgst` making both digests of the same file, A-B-B-A. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchLine, median, rounded } from './line.js';
import { residentMebibytes } from './memory.js';
import { openSession, type Session } from './session.js';

const MEBIBYTE = 1024 * 1024;
const SIZE = 200 * MEBIBYTE;
const SMALL = 20 * MEBIBYTE;
const ROUNDS = 2;
const SMALL_ROUNDS = 5;

function makeFile(folder: string, size: number): string {
  const file = join(folder, `document-${size}.bin`);
  const descriptor = openSync(file, 'w');
  for (let written = 0; written < size; written += MEBIBYTE) writeSync(descriptor, randomBytes(MEBIBYTE));
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

export async function multipart(): Promise<readonly BenchLine[]> {
  const session = await openSession();
  const peak = { small: 0, large: 0 };
  const openssl: number[] = [];
  const ours: number[] = [];
  try {
    const small = makeFile(session.dataDir, SMALL);
    for (let round = 0; round < SMALL_ROUNDS; round++) verifySeconds(session, small);
    peak.small = residentMebibytes(session.server, 'peak');
    const file = makeFile(session.dataDir, SIZE);
    opensslSeconds(file);
    for (let round = 0; round < ROUNDS; round++) {
      openssl.push(opensslSeconds(file));
      ours.push(verifySeconds(session, file), verifySeconds(session, file));
      openssl.push(opensslSeconds(file));
    }
    peak.large = residentMebibytes(session.server, 'peak');
  } finally {
    await session.end();
  }
  const verified: BenchLine = {
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
  const memory: BenchLine = {
    bench: 'multipart memory',
    ratio: rounded(peak.large / peak.small),
    against: `the most resident memory while files had ${SMALL / MEBIBYTE} MiB`,
    atMost: 1.3,
    figures: { peakMebibytes: rounded(peak.large), peakMebibytesBefore: rounded(peak.small) },
  };
  return [verified, memory];
}
