import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { pathsOf } from '../../network/embedded/folder.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { recordsOf } from '../support/damaged-folder.js';
import { FollowingProcess } from '../support/following-process.js';
import { Forger } from '../support/forger.js';
import { copyOf, foundedLedger, register, removeTemporaryFolders, temporaryFolder } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

const PATIENCE = { timeout: 120_000, interval: 50 };

describe('npm run audit -- --follow', { timeout: 300_000 }, () => {
  let source: string;
  let folder: string;
  let running: FollowingProcess | undefined;
  beforeAll(async () => {
    const world = await foundedLedger();
    await register(world);
    await world.ledger.close();
    source = world.folder;
  });
  const follow = async (...args: readonly string[]) => {
    running = await FollowingProcess.start(...args);
    return running;
  };
  const followed = (...args: readonly string[]) => {
    folder = copyOf(source);
    return { log: pathsOf(folder).log, begin: () => follow('--data', folder, ...args) };
  };
  afterEach(() => running?.kill());

  it('ends with 0 and no alarm when it is told to and nothing was wrong', async () => {
    const { log, begin } = followed();
    const process = await begin();
    await process.reads(log);
    process.stop();
    const { code, report, alarms } = await process.end();
    expect([code, alarms]).toEqual([0, []]);
    expect(report).toMatchObject({ format: 'yrd-audit-report/1', source: folder, verdict: 'holds', alarms: 0 });
  });

  it('posts a certificate that runs out, and ends with 1 when it is told to', async () => {
    const { begin } = followed('--expiry', '4000');
    const process = await begin();
    await process.posts(8);
    process.stop();
    const { code, report, alarms } = await process.end();
    expect(code).toBe(1);
    expect(new Set(alarms.map(({ alarm }) => alarm))).toEqual(new Set(['certificate-expiring']));
    expect(alarms).toContainEqual(
      expect.objectContaining({ problem: expect.stringMatching(/^the certificate of AnhuiMSP's orderer has/) }),
    );
    expect(report).toMatchObject({ verdict: 'differs', alarms: alarms.length });
  });

  it('posts that no block comes, and ends with 1 when it is told to', async () => {
    const { begin } = followed('--stale', '1');
    const process = await begin();
    await process.posts(1);
    process.stop();
    const { code, alarms } = await process.end();
    expect([code, alarms]).toEqual([1, [expect.objectContaining({ alarm: 'stale', source: folder })]]);
  });

  it('posts what differs and ends with 1: a byte of the log', async () => {
    const { log, begin } = followed();
    const bytes = readFileSync(log);
    const { number, offset } = recordsOf(bytes).at(-1) as { number: number; offset: number };
    bytes[offset + 200] = (bytes[offset + 200] as number) ^ 4;
    writeFileSync(log, bytes);
    const { code, report, alarms } = await (await begin()).end();
    const difference = expect.objectContaining({ check: 'record', block: number });
    expect([code, alarms]).toEqual([1, [expect.objectContaining({ alarm: 'differs', difference })]]);
    expect(report).toMatchObject({ verdict: 'differs', difference });
  });

  it('posts what differs and ends with 1: a log that was cut, before it began and while it follows', async () => {
    const before = followed();
    const { number, offset } = recordsOf(readFileSync(before.log)).at(-1) as { number: number; offset: number };
    truncateSync(before.log, offset);
    const expected = [
      expect.objectContaining({ alarm: 'differs', difference: expect.objectContaining({ check: 'watermark', block: number }) }),
    ];
    const cut = await (await before.begin()).end();
    expect([cut.code, cut.alarms]).toEqual([1, expected]);
    const meanwhile = followed('--expiry', '4000');
    const process = await meanwhile.begin();
    await process.posts(1);
    truncateSync(meanwhile.log, offset);
    const { code, alarms } = await process.end();
    expect([code, alarms.filter(({ alarm }) => alarm !== 'certificate-expiring')]).toEqual([1, expected]);
  });

  it('goes on from where the run before came to, and ends with 1 over a chain cut back or another one', async () => {
    const progress = join(temporaryFolder(), 'progress');
    const { log, begin } = followed('--progress', progress);
    const first = await begin();
    await vi.waitFor(() => expect(existsSync(progress)).toBe(true), PATIENCE);
    first.stop();
    const { report: before } = await first.end();
    expect(before).toMatchObject({ verdict: 'holds', resumedFrom: 0 });
    const height = before.height as number;
    const again = await begin();
    await again.reads(log);
    again.stop();
    const { code, report } = await again.end();
    expect([code, report]).toEqual([0, expect.objectContaining({ verdict: 'holds', height, resumedFrom: height, executed: 0 })]);

    const forger = await Forger.open(folder);
    await forger.write(forger.blocks.slice(0, -1), 'orderers');
    const shorter = await (await begin()).end();
    const cut = expect.objectContaining({ check: 'checkpoint', found: `${height - 1} blocks` });
    expect([shorter.code, shorter.alarms]).toEqual([1, [expect.objectContaining({ alarm: 'differs', difference: cut })]]);

    const opened = await openEmbedded({ folder });
    await register(opened);
    await opened.ledger.close();
    const other = await (await begin()).end();
    const changed = expect.objectContaining({ check: 'checkpoint', block: height - 1, expected: before.blockHash });
    expect([other.code, other.alarms]).toEqual([1, [expect.objectContaining({ alarm: 'differs', difference: changed })]]);
  });

  it('goes on comparing while the webhook never answers, and ends all the same', async () => {
    folder = copyOf(source);
    running = await FollowingProcess.startUnanswered('--data', folder, '--expiry', '4000');
    await running.tells('certificate-expiring');
    const { log } = pathsOf(folder);
    const { offset } = recordsOf(readFileSync(log)).at(-1) as { offset: number };
    const began = performance.now();
    truncateSync(log, offset);
    await running.tells('differs');
    // One post alone would be waited for thirty seconds.
    expect(performance.now() - began).toBeLessThan(15_000);
    const { code, complaint } = await running.endUnanswered();
    expect(code).toBe(1);
    expect(complaint).toContain('could not be sent');
    expect(complaint).toMatch(/\d+ alarms were not sent within 15 s of the end/);
  });

  it('posts that it cannot tell, and ends with 2: nothing to follow, or a file that cannot be read', async () => {
    const { begin } = followed();
    const { watermark } = pathsOf(folder);
    rmSync(watermark);
    mkdirSync(watermark);
    const none = join(temporaryFolder(), 'none');
    for (const process of [
      await begin(),
      await follow('--data', none),
      await follow('--fabric', none),
      await follow('--data', source, '--checkpoint', none),
    ]) {
      const { code, report, alarms } = await process.end();
      expect([code, alarms.map(({ alarm }) => alarm)]).toEqual([2, ['cannot-tell']]);
      expect(report).toMatchObject({ verdict: 'cannot-tell' });
    }
  });
});
