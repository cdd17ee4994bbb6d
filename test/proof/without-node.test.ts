import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'network/proof');
/** The rest of the folder is the verifier: these two tie it to Node and to the ledger port. */
const TIES = ['node-primitives.ts', 'make-receipt.ts'];

/** A browser has no Buffer, no process and no node:crypto, but WebCrypto; what a browser lacks is taken away here. */
const BROWSER = `
const [, receipt, trust] = process.argv;
const { readFileSync } = await import('node:fs');
const [receiptText, trustText] = [receipt, trust].map((file) => readFileSync(file, 'utf8'));
const write = process.stdout.write.bind(process.stdout);
delete globalThis.Buffer;
delete globalThis.process;
const { parseTrust } = await import('./dist/network/proof/trust.js');
const { verifyReceipt } = await import('./dist/network/proof/verify-receipt.js');
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const checkSignature = async (key, message, signature) =>
  crypto.subtle.verify(algorithm, await crypto.subtle.importKey('spki', key, algorithm, false, ['verify']), signature, message);
const { sha256 } = await import('@noble/hashes/sha2.js');
const judgement = await verifyReceipt(receiptText, { trust: parseTrust(trustText), primitives: { sha256, checkSignature } });
write(judgement.verdict + ' ' + judgement.checks.filter(({ code }) => code).map(({ code }) => code).join());
`;

function inBrowser(name: string): string {
  const folder = join(ROOT, 'test/vectors/receipts', name);
  const run = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', BROWSER, '--', join(folder, 'receipt.json'), join(folder, 'trust.json')],
    { cwd: ROOT, encoding: 'utf8', timeout: 30_000 },
  );
  return `${run.stdout}${run.stderr}`;
}

describe('the verifier', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts') && !TIES.includes(name));

  it.each(files)('%s imports nothing from outside its folder, and no package', (name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    const imports = [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1] as string);
    expect(imports.filter((specifier) => !/^\.\/[a-z0-9-]+\.js$/.test(specifier))).toEqual([]);
    expect(imports.filter((specifier) => TIES.includes(specifier.replace('./', '').replace('.js', '.ts')))).toEqual([]);
    expect(text).not.toMatch(/\b(?:Buffer|process|globalThis|require\(')/);
  });

  it('can be read in one sitting', () => {
    expect(readFileSync(join(FOLDER, 'verify-receipt.ts'), 'utf8').split('\n').length).toBeLessThan(150);
  });

  it.each([
    ['holds-certificate', 'holds '],
    ['holds-from-embedded', 'holds '],
    ['signature-byte-flipped', 'fails proof.signature'],
    ['signer-client-as-peer', 'fails signer.unit'],
  ])('judges %s in a browser’s surroundings as anywhere', (name, expected) => {
    expect(inBrowser(name)).toBe(expected);
  });
});
