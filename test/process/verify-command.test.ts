import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVIDENCE_CHECKS } from '../../network/proof/evidence/verify-evidence.js';

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

  it('says of what time the ledger’s knowledge is, and that a copy ran out', () => {
    const told = trusting('holds-copy-known-earlier', '--lang', 'en').out;
    expect(told).toContain('as far as the ledger knew at 2025-03-01T00:00:00Z: what was recorded since is not in it');
    expect(told).toContain('an annotated copy (loan): IT RAN OUT on 2025-01-01T00:00:00Z');
    expect(trusting('holds-copy-known-earlier').out).toContain('仅据账本在此时之前所知 2025-03-01T00:00:00Z');
    expect(trusting('holds-certificate', '--lang', 'en').out).not.toContain('as far as the ledger knew');
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

describe('npm run verify on evidence', () => {
  const evidence = (name: string, ...options: string[]) => {
    const folder = join(ROOT, 'test/vectors/evidence', name);
    const given = ['--trust', join(folder, 'trust.json'), ...options.map((option) => option.replace('@', `${folder}/`))];
    const run = spawnSync(process.execPath, ['dist/scripts/verify.js', join(folder, 'evidence.json'), ...given], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(run.stderr).toBe('');
    return { status: run.status, out: run.stdout };
  };

  it.each([
    ['holds-case', 0],
    ['holds-revoked', 0],
    ['entry-dropped', 1],
    ['signers-two', 1],
    ['unknown-version', 2],
    ['unknown-receipt-version', 2],
  ])('on %s ends with %i', (name, status) => {
    expect(evidence(name).status).toBe(status);
  });

  it('answers four questions and tells what happened, in Chinese unless English is asked for', () => {
    const chinese = evidence('holds-case').out;
    for (const said of [
      '证据包成立',
      '一、所述内容是否完整、未被改动: 是',
      '二、账本上是否确有这些记录: 是',
      '三、签发和经办机构是否有权: 是',
    ])
      expect(chinese).toContain(said);
    for (const said of [
      '开办, ',
      '接收交接, ',
      '作出决定, ',
      '食品经营许可 food-licence, 1',
      '审定 340000',
      '采集系统、版本、方式 licensing, 3.2, generated',
    ])
      expect(chinese).toContain(said);
    expect(chinese).toMatch(/提出交接, 测试机构 \S+: 期限 2036-01-01T00:00:00Z; 移交清单 .*; 原因 competence; 交给 测试机构 /);
    expect(chinese).not.toContain('{"');
    const english = evidence('holds-case', '--lang', 'en').out;
    for (const said of [
      'The evidence holds',
      '1. Is it intact?: yes',
      '2. Is it on the ledger?: yes',
      'opening, ',
      'hand-off accepted, ',
    ])
      expect(english).toContain(said);
    for (const check of EVIDENCE_CHECKS) expect(english).toContain(`[pass] ${check}: `);
  });

  it('says of a case, and of nothing else, that grants which name it are not told', () => {
    const [chinese, english] = [
      '为本办件申请的数据授权及其用数不在此证据包内',
      'grants of data that name this case, and their uses, are not in this bundle',
    ];
    for (const name of ['holds-case', 'holds-from-fabric-case']) {
      expect(evidence(name).out).toContain(chinese);
      expect(evidence(name, '--lang', 'en').out).toContain(english);
    }
    for (const name of ['holds-grant', 'holds-certificate']) expect(evidence(name, '--lang', 'en').out).not.toContain(english);
  });

  it('gives "revoked" as an answer, and no status where nothing is proved', () => {
    expect(evidence('holds-revoked').out).toMatch(/证照 \S+: 撤销, 截至 .*法律依据 《行政许可法》第六十九条/);
    expect(evidence('holds-before-revocation', '--lang', 'en').out).toMatch(/certificate \S+: valid, as of 2026-02-01/);
    const failed = evidence('status-altered', '--lang', 'en');
    expect(failed.out).toContain('[FAIL] status: ');
    expect(failed.out).toContain('1. Is it intact?: NO');
    expect(failed.out).toContain('not told, as the first two are not answered with yes');
  });

  it('looks for a document among what was captured', () => {
    expect(evidence('holds-document', '--file', '@document').status).toBe(0);
    const other = evidence('holds-document', '--file', '@trust.json', '--lang', 'en');
    expect([other.status, other.out.includes('[FAIL] document')]).toEqual([1, true]);
  });

  it('gives the same as JSON and as a page without scripts, in which nothing signed is markup', () => {
    const json = JSON.parse(evidence('holds-markup-in-a-name', '--json', '--lang', 'en').out);
    expect(json).toMatchObject({
      format: 'yrd-verification/1',
      verdict: 'holds',
      answers: { intact: 'yes', anchored: 'yes', entitled: 'yes', status: [{ verdict: 'valid' }] },
      thing: { type: 'certificate' },
    });
    const { out, status } = evidence('holds-markup-in-a-name', '--html', '--lang', 'en');
    expect(status).toBe(0);
    expect(out).toMatch(/^<!doctype html><html lang="en">/);
    expect(out).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(out).not.toMatch(/<script|<img|https?:\/\//);
    const escaped = (text: string) =>
      text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
    for (const { title, lines } of json.report.sections) {
      expect(out).toContain(`<h2>${escaped(title)}</h2>`);
      for (const { name, text } of lines) expect(out).toContain(`<th>${escaped(name)}</th><td>${escaped(text)}</td>`);
    }
  });
});
