/**
 * The chaincode's package: its label and the digest of the code, and nothing of a province's own. The
 * bytes depend on the digest alone, so four provinces that build the same code install the same package
 * id, which Fabric then compares; for a package that names an address it would prove nothing.
 */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CODE_DIGEST } from '../../chaincode/generated/code-digest.js';
import { CHAINCODE_NAME, CHAINCODE_VERSION } from '../channel.js';
import { CHAINCODE_TYPE } from './external-builder.js';

const BLOCK = 512;

function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, '0')}\0`;
}

/** One file as POSIX ustar: header, content, padding. */
function tarFile(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  header.write(octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(content.length, 12) + octal(0, 12), 100);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]);
}

/** Stored, not compressed: compressed bytes differ between versions of zlib, and with them the id. */
function archive(files: Readonly<Record<string, Buffer>>): Buffer {
  const parts = Object.entries(files).map(([name, content]) => tarFile(name, content));
  const gzip = gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]), { level: 0 });
  // RFC 1952: the tenth byte names the system that packed it, which is nothing of the code's.
  gzip[9] = 0xff;
  return gzip;
}

export interface ChaincodePackage {
  /** the file to install */
  readonly bytes: Buffer;
  /** `label:SHA-256`, as the peers name it */
  readonly id: string;
}

export function chaincodePackage(codeDigest = CODE_DIGEST, version = CHAINCODE_VERSION): ChaincodePackage {
  const label = `${CHAINCODE_NAME}_${version}`;
  const json = (value: object) => Buffer.from(`${JSON.stringify(value)}\n`);
  const code = archive({ 'code.json': json({ codeDigest }) });
  const bytes = archive({ 'metadata.json': json({ type: CHAINCODE_TYPE, label }), 'code.tar.gz': code });
  return { bytes, id: `${label}:${createHash('sha256').update(bytes).digest('hex')}` };
}
