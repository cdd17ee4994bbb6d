import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { PROVINCES } from '../../chaincode/provinces.js';
import type { Alarm } from '../../network/audit/monitor.js';
import { CHAINCODE_NAME } from '../../network/channel.js';
import { createDispatcher } from '../../network/embedded/dispatcher.js';
import { pathsOf } from '../../network/embedded/folder.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { REGISTRARS } from '../../network/registrars.js';
import { postAlarm, webhookUrl } from '../../scripts/audit/webhook.js';
import { auditWorlds } from '../support/audit-world.js';
import { followedFolder } from '../support/followed-folder.js';
import { register, removeTemporaryFolders } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

const DAY = 86_400_000;

describe('an audit that keeps going', () => {
  const world = auditWorlds();

  const follow = (more: Parameters<typeof followedFolder>[1] = {}) => followedFolder(world(), more);

  it('sees each new block beside the running ledger, and ends when it is told', async () => {
    const opened = await openEmbedded({ folder: world().folder });
    const { alarms, stop, done, reaches } = follow();
    await reaches(world().height);
    await register(opened);
    await register(opened);
    await reaches(world().height + 2);
    stop.abort();
    expect(await done).toMatchObject({ height: world().height + 2, otherCode: 0 });
    expect(alarms).toEqual([]);
    await opened.ledger.close();
  });

  it('ends with an alarm at the first block that differs', async () => {
    const { alarms, done, reaches } = follow();
    await reaches(world().height);
    const lying = async () => {
      const real = await createDispatcher();
      const lie = (value: Uint8Array) => Buffer.from(Buffer.from(value).toString().replace('"department"', '"platform"'));
      return {
        metadata: real.metadata,
        Invoke(stub: object) {
          const { putState } = stub as { putState(name: string, value: Uint8Array): Promise<void> };
          return real.Invoke(
            Object.assign(stub, { putState: (name: string, value: Uint8Array) => putState.call(stub, name, lie(value)) }),
          );
        },
      };
    };
    const opened = await openEmbedded({ folder: world().folder, createDispatcher: lying });
    const { block, agencyId } = await register(opened);
    await expect(done).rejects.toMatchObject({ name: 'Differs' });
    await opened.ledger.close();
    const difference = { check: 'execution', block, key: `agency~${agencyId}` };
    expect(alarms).toMatchObject([{ format: 'yrd-audit-alarm/1', alarm: 'differs', source: world().folder, difference }]);
  });

  it('ends with an alarm when the folder is put back to an older state', async () => {
    const opened = await openEmbedded({ folder: world().folder });
    await register(opened);
    await opened.ledger.close();
    const { alarms, done, reaches } = follow();
    await reaches(world().height + 1);
    cpSync(world().source.folder, world().folder, { recursive: true });
    await expect(done).rejects.toMatchObject({ difference: { check: 'watermark', found: `${world().height} blocks` } });
    expect(alarms.map(({ alarm }) => alarm)).toEqual(['differs']);
  });

  it('ends with an alarm when a file of the folder cannot be read any more', async () => {
    const { alarms, done, reaches } = follow();
    await reaches(world().height);
    const { watermark } = pathsOf(world().folder);
    rmSync(watermark);
    mkdirSync(watermark);
    await expect(done).rejects.toMatchObject({ code: 'EISDIR' });
    expect(alarms).toMatchObject([{ alarm: 'cannot-tell', problem: expect.stringMatching(/nobody follows any more: EISDIR/) }]);
  });

  it('tells once of transactions that were endorsed under other contracts', async () => {
    const answer = { chaincode: { name: CHAINCODE_NAME, version: '0.9-other' } };
    await world().forger.exchange(world().block, await world().forger.signed(world().answering(answer)), 'orderers');
    const { alarms, stop, done, reaches } = follow();
    await reaches(world().height);
    const opened = await openEmbedded({ folder: world().folder });
    await register(opened);
    await reaches(world().height + 1);
    await opened.ledger.close();
    stop.abort();
    expect(await done).toMatchObject({ otherCode: 1 });
    const problem = expect.stringMatching(/^1 transactions were endorsed under other contracts/);
    expect(alarms).toEqual([expect.objectContaining({ alarm: 'other-chaincode', source: world().folder, problem })]);
  });

  it('tells at the first look of a ledger that has stood still for a week', async () => {
    const { alarms, stop, done } = follow({ staleMs: DAY, clock: () => Date.now() + 7 * DAY });
    await expect.poll(() => alarms.length, { timeout: 60_000 }).toBeGreaterThan(0);
    stop.abort();
    await done;
    const minutes = Number(/for (\d+) minutes/.exec(alarms[0]?.problem ?? '')?.[1]);
    expect([alarms.length, alarms[0]?.alarm, Math.floor(minutes / 60 / 24)]).toEqual([1, 'stale', 7]);
  });

  it('counts from its first look when the last block’s callers had clocks ahead of its own', async () => {
    let now = Date.now() - 7 * DAY;
    const { alarms, stop, done, reaches } = follow({ staleMs: DAY, clock: () => now });
    await reaches(world().height);
    await pause(200);
    expect(alarms).toEqual([]);
    now += DAY + 60_000;
    await expect
      .poll(() => alarms, { timeout: 60_000 })
      .toMatchObject([{ alarm: 'stale', problem: expect.stringContaining(' for 1441 minutes') }]);
    stop.abort();
    await done;
  });

  it('tells once that no block comes, and once of each certificate that runs out', async () => {
    let now = Date.now();
    const { alarms, stop, done, reaches } = follow({ staleMs: 60_000, clock: () => now });
    await reaches(world().height);
    now += 3640 * DAY;
    await expect.poll(() => alarms.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(17);
    stop.abort();
    await done;
    const who = ({ alarm, problem }: Alarm) =>
      alarm === 'stale' ? alarm : /^the certificate of (.*) (?:has|ran)/.exec(problem)?.[1];
    const each = PROVINCES.flatMap(({ mspId, slug }, index) => [
      `${mspId}'s authority`,
      `${mspId}'s orderer`,
      `${mspId}'s peer peer.${slug}`,
      `${mspId}'s client ${REGISTRARS[index]?.agencyId}`,
    ]);
    expect(alarms.map(who).sort()).toEqual(['stale', ...each].sort());
  });
});

describe('an alarm for a webhook', () => {
  const alarm: Alarm = {
    format: 'yrd-audit-alarm/1',
    alarm: 'stale',
    time: '2026-01-01T00:00:00.000Z',
    source: 'x',
    problem: 'y',
  };

  it.each(['http://example.org/', 'file:///etc/passwd', 'example.org', ''])('is not sent to %s', (url) => {
    expect(() => webhookUrl(url)).toThrow('give an https URL');
  });

  it('is posted as JSON, tried again, and never stops the audit', async () => {
    const asked: unknown[] = [];
    const warned: string[] = [];
    const answers = [
      { ok: false, status: 503 },
      { ok: true, status: 204 },
    ];
    const ask = async (url: string, init: RequestInit) => {
      asked.push([url, init.method, init.redirect, JSON.parse(String(init.body))]);
      const answer = answers.shift();
      if (!answer) throw new Error('no route');
      return answer;
    };
    const warn = (message: string) => void warned.push(message);
    await postAlarm('https://example.org/hook', alarm, warn, ask);
    expect(asked).toEqual(Array.from({ length: 2 }, () => ['https://example.org/hook', 'POST', 'error', alarm]));
    expect(warned).toEqual([]);
    await postAlarm('https://example.org/hook', alarm, warn, ask);
    expect(warned).toEqual([expect.stringContaining('could not be sent to https://example.org (no route)')]);
  });
});
