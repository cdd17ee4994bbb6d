import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provincePaths } from '../../network/definition/network-folder.js';
import { issueCertificate } from '../../network/identity/authority.js';
import { readAuthority } from '../../network/identity/files.js';
import { openNetwork } from '../../network/operation/open-network.js';
import { Stage } from '../../network/operation/rehearsal/stage.js';
import { identityFiles, tlsFiles } from '../../network/operation/renewal.js';
import type { NetworkStatus } from '../../network/operation/status.js';
import { freeBasePort } from '../support/free-ports.js';
import { fabricMissing, network } from '../support/network-command.js';

const missing = fabricMissing();
const DAY = 86_400_000;
/** By which command each of a province's nodes gets another certificate of its own accord, in the runbook's order. */
const RENEWALS = ['orderer', 'orderer-tls-same-key', 'peer', 'peer-tls'];

describe('the day after all nodes’ certificates ran out', { timeout: 600_000 }, () => {
  let root: string;
  const on = (...words: string[]) => network([...words, '--folder', root]);
  const status = async () => JSON.parse((await on('status', '--json')).output) as NetworkStatus;

  /** Puts one of the same key and names in its place that ran out an hour ago. */
  async function expire(file: string, authority: ReturnType<typeof readAuthority>, unit: 'orderer' | 'peer', slug: string) {
    const publicKey = new X509Certificate(readFileSync(file)).publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const names = { tlsNames: [`${unit}.${slug}`, '127.0.0.1', 'localhost'] };
    const request = { commonName: `${unit}.${slug}`, unit, publicKey, days: 1, now: Date.now() - DAY - 3_600_000 };
    writeFileSync(file, await issueCertificate(authority, { ...request, ...(file.includes('/tls/') && names) }));
  }

  beforeAll(() => {
    root = join(mkdtempSync(join(tmpdir(), 'network-expired-')), 'network');
  });
  afterAll(async () => {
    await on('clean');
    rmSync(join(root, '..'), { recursive: true, force: true });
  });

  it('status says what ran out and by which command it is renewed; those alone bring the network back', async (context) => {
    if (missing) context.skip(missing);
    expect((await on('up', '--ports', String(await freeBasePort()))).complaint).toBe('');
    await on('down');
    const { members } = openNetwork(root).definition;
    for (const { province } of members) {
      const paths = provincePaths(root, province.slug);
      for (const unit of ['orderer', 'peer'] as const) {
        await expire(identityFiles(paths[unit]).certificate, readAuthority(paths.ca, province.mspId), unit, province.slug);
        await expire(tlsFiles(paths[unit]).certificate, readAuthority(paths.tlsCa, province.mspId), unit, province.slug);
      }
    }
    expect((await on('up')).code).toBe(1);
    const expired = await status();
    expect(expired.healthy).toBe(false);
    expect(expired.provinces.map(({ expiring }) => expiring.map(({ renewedBy }) => renewedBy).sort())).toEqual(
      Array(4).fill([...RENEWALS].sort()),
    );

    for (const { province } of members)
      for (const renewal of RENEWALS)
        expect(await on('rotate', province.slug, renewal)).toEqual({ code: 0, output: '', complaint: '' });
    expect((await on('up')).complaint).toBe('');
    expect((await status()).healthy).toBe(true);
    const stage = new Stage(openNetwork(root), () => undefined);
    await stage.agency(stage.members[0], ['data-user']);
  });
});
