import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'test/vectors/receipts');

function verify(name: string, ...options: string[]) {
  const file = (part: string) => join(FOLDER, name, part);
  const given = options.map((option) => option.replace('@', join(FOLDER, '/')));
  const run = spawnSync(process.execPath, ['dist/scripts/verify.js', file('receipt.json'), ...given], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status: run.status, out: run.stdout, err: run.stderr };
}

const trusting = (name: string, ...options: string[]) => verify(name, '--trust', `@${name}/trust.json`, ...options);

describe('npm run verify', () => {
  it.each([
    ['holds-certificate', 0],
    ['signature-byte-flipped', 1],
    ['signer-client-as-peer', 1],
    ['unknown-receipt-version', 2],
  ])('on %s ends with %i', (name, status) => {
    expect(trusting(name).status).toBe(status);
  });

  it('judges nothing without a trust file, nor with one that is none or not there', () => {
    const none = verify('holds-certificate');
    expect([none.status, none.out]).toEqual([2, '']);
    expect(none.err).toContain('--trust');
    for (const file of ['@holds-certificate/receipt.json', '@no-such-file']) {
      const { status, out, err } = verify('holds-certificate', '--trust', file);
      expect([status, out]).toEqual([2, '']);
      expect(err).toMatch(/: (?:get it again from somebody you trust|check the path)\n$/);
    }
  });

  it('cannot tell of a receipt that is not there', () => {
    const { status, err } = verify('no-such-case', '--trust', '@holds-certificate/trust.json');
    expect(status).toBe(2);
    expect(err).toContain('cannot be read');
  });

  it('names each check and what failed, in Chinese unless English is asked for', () => {
    const chinese = trusting('signer-client-as-peer').out;
    expect(chinese).toContain('核验不通过');
    expect(chinese).toContain('[不通过] signers');
    const english = trusting('signer-client-as-peer', '--lang', 'en').out;
    for (const check of ['form', 'signatures', 'answer', 'ledger', 'records', 'assurance'])
      expect(english).toContain(`[pass] ${check}: `);
    expect(english).toContain('[FAIL] signers: ');
    expect(english).toContain('signer.unit: a signer that is no peer');
    expect(english).toContain('[not checked] revocation');
  });

  it('shows assurance, height and time, and what was said', () => {
    const { out } = trusting('holds-from-embedded', '--lang', 'en');
    expect(out).toContain('assurance: single-operator: single operator: one party holds all keys');
    expect(out).toMatch(/declared time of the answer: \d{4}-/);
    expect(out).toMatch(/ledger height, at least: \d+/);
    expect(out).toContain('operation: registry:RegisterAgency');
    expect(out).toContain('written by this transaction');
  });

  it('checks a document and revocation lists', () => {
    expect(trusting('holds-document', '--file', '@holds-document/document').status).toBe(0);
    const other = trusting('holds-document', '--file', '@holds-document/trust.json', '--lang', 'en');
    expect(other.status).toBe(1);
    expect(other.out).toContain('[FAIL] document');
    const lists = [0, 1, 2, 3].flatMap((index) => ['--crl', `@revoked-before/list-${index}.crl`]);
    expect(trusting('revoked-before', ...lists).status).toBe(1);
    expect(trusting('revoked-before').status).toBe(0);
    expect(trusting('holds-certificate', '--crl', '@revoked-before/trust.json').status).toBe(2);
  });

  it('gives the same as JSON and as a page without scripts', () => {
    const json = JSON.parse(trusting('holds-certificate', '--json', '--lang', 'en').out);
    expect(json).toMatchObject({ format: 'yrd-verification/1', verdict: 'holds', assurance: 'bft-4', required: 3 });
    const { out, status } = trusting('holds-certificate', '--html', '--lang', 'en');
    expect(status).toBe(0);
    expect(out).toMatch(/^<!doctype html><html lang="en">/);
    expect(out).not.toMatch(/<script|https?:\/\//);
    for (const { lines } of json.report.sections)
      for (const { name } of lines) expect(out).toContain(name.replace(/&/g, '&amp;'));
    expect(trusting('holds-certificate', '--html', '--json').status).toBe(2);
  });
});
