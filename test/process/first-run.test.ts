import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOMAINS } from '../../chaincode/transactions/catalogue/service-item.js';
import { agency } from '../../scripts/demo/agencies.js';
import { digest, document } from '../../scripts/demo/digest.js';
import { inventedCitizenNumber, inventedCreditCode } from '../../scripts/demo/numbers.js';
import { withOneByteChanged } from '../../scripts/demo/papers.js';
import type { ServerProcess } from '../../scripts/faults/server-process.js';
import {
  all,
  command,
  expectDemonstration,
  freePort,
  freshFolder,
  PATIENCE,
  ROOT,
  startServer,
  tokenOf,
  verify,
} from '../support/first-run.js';

describe('a first start', { timeout: PATIENCE }, () => {
  const dataDir = freshFolder();
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServer(dataDir);
  }, PATIENCE);
  afterAll(() => server?.kill());

  it('is ready with agencies, catalogue and scenarios', async () => {
    await expectDemonstration(server.url, dataDir, server.port);
    const items = await all(server.url, '/v1/catalogue/service-items');
    const domains = new Set(items.map((item) => (item.content as { domain: string } | undefined)?.domain ?? item.domain));
    expect(domains).toEqual(new Set([...DOMAINS.enterprise, ...DOMAINS.individual]));
  });

  it('has nobody’s number on the ledger, nor a plain hash of one', () => {
    const numbers = [
      inventedCreditCode('91', '310105', 101),
      inventedCreditCode('91', '330108', 102),
      inventedCitizenNumber('310000', '20261018', 103),
      inventedCitizenNumber('340000', '20080315', 104),
      inventedCitizenNumber('340000', '19621104', 105),
      inventedCreditCode('91', '340104', 106),
    ];
    const blocks = readFileSync(join(dataDir, 'ledger/blocks.log'), 'latin1');
    expect(blocks).toContain('31-s1-FIRST-shop');
    const traces = numbers.flatMap((number) => [number, digest(number).value, digest(number, 'sm3').value]);
    expect(traces.filter((trace) => blocks.includes(trace))).toEqual([]);
  });

  it('tells a real licence from one with a byte changed', async () => {
    const licence = document('food-licence.pdf');
    expect(await verify(server.url, licence)).toMatchObject({ verdict: 'valid', checks: { intact: 'pass', status: 'pass' } });
    expect(await verify(server.url, withOneByteChanged(licence))).toMatchObject({
      verdict: 'unknown',
      checks: { anchored: 'fail' },
    });
    expect(await verify(server.url, document('food-application.pdf'))).toMatchObject({ verdict: 'unknown' });
  });

  it('knows an annotated copy by its own bytes, until it runs out', async () => {
    const copy = document('food-licence-annotated.pdf');
    const now = await verify(server.url, copy);
    expect(now).toMatchObject({ verdict: 'valid', checks: { copy: 'pass' } });
    expect(now.certificate?.digests.map(({ value }) => value)).not.toContain(digest(copy).value);
    const later = new Date(Date.now() + 365 * 86_400_000).toISOString();
    expect(await verify(server.url, copy, later)).toMatchObject({ verdict: 'valid', checks: { copy: 'fail' } });
  });

  it('tells how things stood on another day', async () => {
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    expect((await verify(server.url, document('food-licence.pdf'), yesterday)).verdict).toBe('not-yet-valid');
    expect((await verify(server.url, document('licence-hangzhou.pdf'), yesterday)).verdict).toBe('valid');
    expect((await verify(server.url, document('licence-hangzhou.pdf'))).verdict).toBe('superseded');
    expect((await verify(server.url, document('logistics-licence.pdf'), yesterday)).verdict).toBe('valid');
    expect((await verify(server.url, document('logistics-licence.pdf'))).verdict).toBe('revoked');
  });

  it('prints commands that work as they stand', ({ skip }) => {
    if (spawnSync('curl', ['--version']).status !== 0) skip('curl is missing');
    const printed = server
      .output()
      .split('\n')
      .filter((line) => /^ {4}curl /.test(line));
    expect(printed.length).toBeGreaterThanOrEqual(5);
    const env = { ...process.env, PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}` };
    for (const line of printed) {
      const answer = execFileSync('sh', ['-c', line.replace('curl', 'curl -fsS')], { cwd: ROOT, env, encoding: 'utf8' });
      expect(JSON.parse(answer), line).toBeTypeOf('object');
    }
  });

  it('gives tokens beside the running server, to registrars too', async () => {
    const { provinces } = (await (await fetch(`${server.url}/v1/ledger`)).json()) as { provinces: { registrar: string }[] };
    for (const id of [provinces[3]?.registrar as string, agency('zhejiang.tax').agencyId]) {
      const headers = { authorization: `Bearer ${tokenOf(dataDir, server.port, id)}` };
      expect((await fetch(`${server.url}/v1/agencies/${id}/history`, { headers })).status).toBe(200);
    }
  });

  it('gives no token to a stranger, nor to a code whose check character is wrong', () => {
    const stranger = command('token', dataDir, server.port, '11100000000013338W');
    expect(stranger).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('is not registered') });
    const wrong = command('token', dataDir, server.port, '111000000000133380');
    expect(wrong).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('no credit code') });
  });

  it('gives evidence of a scenario that holds offline, in both languages', async () => {
    const headers = { authorization: `Bearer ${tokenOf(dataDir, server.port, agency('shanghai.audit').agencyId)}` };
    const answer = await fetch(`${server.url}/v1/cases/31-s1-FIRST-shop/evidence`, { headers });
    expect(answer.status).toBe(200);
    writeFileSync(join(dataDir, 'evidence.json'), await answer.text());
    writeFileSync(join(dataDir, 'trust.json'), await (await fetch(`${server.url}/v1/trust-anchors`)).text());
    const judge = (...options: string[]) =>
      command('verify', dataDir, server.port, join(dataDir, 'evidence.json'), '--trust', join(dataDir, 'trust.json'), ...options);
    expect(judge()).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('证据包成立') });
    const licence = judge('--lang', 'en', '--file', join(ROOT, 'scripts/demo/files/food-licence.pdf'));
    expect(licence).toMatchObject({ status: 0, stdout: expect.stringContaining('The evidence holds') });
    expect(licence.stdout).toContain('[pass] document: ');
    expect(judge('--file', join(ROOT, 'scripts/demo/files/social-card.pdf')).status).toBe(1);
  });

  it('plays every scenario again under ids of its own', () => {
    const played = command('demo', dataDir, server.port);
    expect(played.stderr).toBe('');
    expect(played.status).toBe(0);
    expect(played.stdout.match(/everything it claims was checked/g)).toHaveLength(6);
  });

  it('says which scenarios there are when asked for another', () => {
    const played = command('demo', dataDir, server.port, '7');
    expect(played).toMatchObject({ status: 1, stderr: expect.stringContaining('There is no scenario 7') });
  });

  it('is found sound by the doctor', () => {
    const { status, stdout } = command('doctor', dataDir, server.port, '--json');
    const findings = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { check: string; verdict: string });
    expect(findings.filter(({ verdict }) => verdict === 'fault')).toEqual([]);
    expect(findings.find(({ check }) => check === 'lock')?.verdict).toBe('note');
    expect(status).toBe(0);
  });

  it('keeps a second server out of its data folder', async () => {
    const second = command('start', dataDir, await freePort());
    expect(second).toMatchObject({ status: 1, stderr: expect.stringContaining('refused (busy)') });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });
});
