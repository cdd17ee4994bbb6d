/** Multipart verify of a real file against `openssl dgst` making both digests of the same file, A-B-B-A. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream, openSync, writeSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { type BenchLine, median, rounded } from './line.js';
import { openSession, type Session } from './session.js';

const MEBIBYTE = 1024 * 1024;
const SIZE = 200 * MEBIBYTE;
const BOUNDARY = 'bench-boundary-7f3a';
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

/** Sends the file as a browser or curl does, streamed; resolves with the seconds to the verdict. */
function verifySeconds({ server }: Session, file: string): Promise<number> {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="document.bin"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const tail = `\r\n--${BOUNDARY}--\r\n`;
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: server.port,
        path: '/v1/verify',
        method: 'POST',
        headers: {
          'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
          'content-length': head.length + SIZE + tail.length,
        },
      },
      (answer) => {
        answer.resume().once('end', () => {
          if (answer.statusCode === 200) resolve((performance.now() - began) / 1000);
          else reject(new Error(`verify answered ${answer.statusCode}`));
        });
      },
    );
    sent.once('error', reject).write(head);
    createReadStream(file, { highWaterMark: MEBIBYTE / 4 })
      .once('end', () => sent.end(tail))
      .pipe(sent, { end: false });
  });
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
      ours.push(await verifySeconds(session, file), await verifySeconds(session, file));
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
