import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REGISTRARS } from '../../network/registrars.js';
import { freshAgencyId } from '../support/contract-world.js';
import { command, freshFolder, PATIENCE, startServer, tokenOf } from '../support/first-run.js';

const PERSON = { type: 'citizen', number: '11010519491231002X' };
const rotate = (dataDir: string) => command('vault', dataDir, 8080, 'rotate');

async function post(url: string, token: string, body: object) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function registered(url: string, dataDir: string): Promise<string> {
  const [{ agencyId: registrar }] = REGISTRARS as [(typeof REGISTRARS)[number]];
  const agencyId = freshAgencyId('310000');
  const body = { agencyId, name: { zh: '机构' }, divisionCode: '310000', kind: 'department', roles: ['case-handler'] };
  expect((await post(`${url}/v1/agencies`, tokenOf(dataDir, 8080, registrar), body)).status).toBe(201);
  return tokenOf(dataDir, 8080, agencyId);
}

describe('npm run vault', { timeout: PATIENCE }, () => {
  it('replaces the key of a stopped server, whose handles open as before; under another key it does not start', async () => {
    const dataDir = freshFolder();
    const keyFile = join(dataDir, 'vault.key');
    const first = await startServer(dataDir, { DEMO: 'off' });
    const token = await registered(first.url, dataDir);
    const { subject } = (await post(`${first.url}/v1/subjects`, token, PERSON)).body;
    const opening = (url: string) => post(`${url}/v1/subjects/${subject}/opening`, token, { reason: 'complaint' });
    const { body: proof } = await opening(first.url);
    expect(proof).toMatchObject(PERSON);
    const busy = rotate(dataDir);
    expect([busy.status, busy.stderr]).toEqual([1, expect.stringContaining('is in use by another process: stop that one')]);
    expect(await first.stop()).toBe(0);

    const before = readFileSync(keyFile, 'utf8');
    const done = rotate(dataDir);
    expect([done.status, done.stdout]).toEqual([0, expect.stringContaining('is a new key, 1 handles are under it: back it up')]);
    expect(done.stderr).toContain('1 handles wrapped again');
    const after = readFileSync(keyFile, 'utf8');
    expect(after).not.toBe(before);
    const second = await startServer(dataDir, { DEMO: 'off' });
    expect((await opening(second.url)).body).toEqual(proof);
    expect(await second.stop()).toBe(0);

    writeFileSync(keyFile, before);
    await expect(startServer(dataDir, { DEMO: 'off' })).rejects.toThrow('is not the key that the vault');
    const given = command('vault', dataDir, 8080, 'forget');
    expect([given.status, given.stdout]).toEqual([0, expect.stringContaining('1 handles are given up')]);
    const third = await startServer(dataDir, { DEMO: 'off' });
    expect((await opening(third.url)).status).not.toBe(200);
    expect(await third.stop()).toBe(0);
  });

  it('says so where there is no vault', () => {
    const none = rotate(join(freshFolder(), 'none'));
    expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('holds no ledger: start the server first')]);
  });
});
