import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
const { isEvidence } = await import('./dist/network/proof/evidence/bundle.js');
const { verifyEvidence } = await import('./dist/network/proof/evidence/verify-evidence.js');
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const checkSignature = async (key, message, signature) =>
  crypto.subtle.verify(algorithm, await crypto.subtle.importKey('spki', key, algorithm, false, ['verify']), signature, message);
const { sha256 } = await import('@noble/hashes/sha2.js');
const { isAnchorProof, verifyAnchor } = await import('./dist/network/proof/verify-anchor.js');
const verify = isEvidence(receiptText) ? verifyEvidence : isAnchorProof(receiptText) ? verifyAnchor : verifyReceipt;
const judgement = await verify(receiptText, { trust: parseTrust(trustText), primitives: { sha256, checkSignature } });
write(judgement.verdict + ' ' + judgement.checks.filter(({ code }) => code).map(({ code }) => code).join());
`;

function inBrowser(file: string): string {
  const path = join(ROOT, 'test/vectors', file);
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', BROWSER, '--', path, join(dirname(path), 'trust.json')], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 30_000,
  });
  return `${run.stdout}${run.stderr}`;
}

describe('the verifier', () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !TIES.includes(name),
  );

  it.each(files)('%s imports nothing from outside the folder, and no package', (name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    const imports = [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1] as string);
    const inside = name.includes('/') ? /^\.\.?\/[a-z0-9-]+\.js$/ : /^\.\/[a-z0-9-]+\.js$/;
    expect(imports.filter((specifier) => !inside.test(specifier))).toEqual([]);
    expect(imports.filter((specifier) => TIES.includes(specifier.replace(/^\.\.?\//, '').replace('.js', '.ts')))).toEqual([]);
    expect(text).not.toMatch(/\b(?:Buffer|process|globalThis|require\(')/);
  });

  it('can be read in one sitting', () => {
    expect(readFileSync(join(FOLDER, 'verify-receipt.ts'), 'utf8').split('\n').length).toBeLessThan(150);
    expect(readFileSync(join(FOLDER, 'evidence/verify-evidence.ts'), 'utf8').split('\n').length).toBeLessThan(220);
  });

  it.each([
    ['receipts/holds-certificate/receipt.json', 'holds '],
    ['receipts/holds-from-embedded/receipt.json', 'holds '],
    ['receipts/signature-byte-flipped/receipt.json', 'fails proof.signature'],
    ['receipts/signer-client-as-peer/receipt.json', 'fails signer.unit'],
    ['evidence/holds-from-embedded-case/evidence.json', 'holds '],
    ['evidence/holds-use/evidence.json', 'holds '],
    ['evidence/entry-dropped/evidence.json', 'fails proof.chain'],
    ['anchors/holds-from-embedded/proof.json', 'holds '],
    ['anchors/holds-in-4096/proof.json', 'holds '],
    ['receipts/holds-from-fabric/receipt.json', 'holds '],
    ['anchors/holds-from-fabric/proof.json', 'holds '],
    ['evidence/holds-from-fabric-case/evidence.json', 'holds '],
    ['evidence/from-fabric-case-against-four/evidence.json', 'fails signer.too-few'],
    ['anchors/path-swapped/proof.json', 'fails proof.path'],
    ['anchors/record-digest/proof.json', 'fails proof.leaf'],
    ['anchors/signers-two/proof.json', 'fails signer.too-few'],
  ])('judges %s in a browser’s surroundings as anywhere', (name, expected) => {
    expect(inBrowser(name)).toBe(expected);
  });
});
