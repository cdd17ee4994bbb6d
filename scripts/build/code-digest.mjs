// The chaincode's digest: SHA-256 over its sources, in byte order of their paths. It is compiled in,
// so that GetCodeInfo tells which code a province runs and four provinces can compare.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function codeDigest(root) {
  const folder = join(root, 'chaincode');
  const sources = readdirSync(folder, { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !name.startsWith('generated/'))
    .sort();
  const hash = createHash('sha256');
  for (const name of sources) {
    const bytes = readFileSync(join(folder, name));
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

export function writeCodeDigest(root) {
  const file = join(root, 'chaincode/generated/code-digest.ts');
  const text = `/** Written by scripts/build/code-digest.mjs; not kept in git. */\nexport const CODE_DIGEST = '${codeDigest(root)}';\n`;
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(join(root, 'chaincode/generated'), { recursive: true });
  writeFileSync(file, text);
}
