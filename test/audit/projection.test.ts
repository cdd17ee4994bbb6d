import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditDataFolder } from '../../scripts/audit/data-folder.js';
import { ApiWorld } from '../support/api-world.js';
import { differenceOf } from '../support/audit-world.js';
import { copyOf, removeTemporaryFolders } from '../support/ledger-world.js';

const ROOT = join(import.meta.dirname, '../..');

afterAll(removeTemporaryFolders);

/** The command as people run it. */
async function command(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const run = promisify(execFile)(process.execPath, [join(ROOT, 'dist/scripts/audit.js'), ...args], { cwd: ROOT });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

describe('the tables that the API reads from', () => {
  let source: string;
  let folder: string;
  let agencyId: string;
  beforeAll(async () => {
    const world = await ApiWorld.create({ ledger: 'embedded' });
    ({ agencyId } = await world.agency('310000', ['certificate-issuer']));
    await world.agency('330000', ['case-handler']);
    await world.post(`/v1/agencies/${agencyId}/deactivation`, world.registrar(), { reason: 'merged' });
    await world.service.close();
    await world.below.ledger.close();
    source = copyOf(world.folder);
    await world.close();
  });
  beforeEach(() => {
    folder = copyOf(source);
  });

  const altered = (sql: string) => {
    const database = new DatabaseSync(join(folder, 'store/store.db'));
    const { changes } = database.prepare(sql).run();
    database.close();
    return changes;
  };
  const difference = () => differenceOf(auditDataFolder({ data: folder }));

  it('are those that the blocks make, and are left as they are', async () => {
    expect(await auditDataFolder({ data: folder })).toMatchObject({
      verdict: 'holds',
      projection: 'compared',
      state: 'compared',
    });
    expect(await auditDataFolder({ data: folder })).toMatchObject({ verdict: 'holds', projection: 'compared' });
  });

  it('a record that somebody changed there is named, and what it should be', async () => {
    expect(altered(`UPDATE record SET value = replace(value, 'inactive', 'active') WHERE key = 'agency~${agencyId}'`)).toBe(1);
    expect(await difference()).toMatchObject({
      check: 'projection',
      key: `record: agency~${agencyId}`,
      expected: expect.stringContaining('"status":"inactive"'),
      found: expect.stringContaining('"status":"active"'),
    });
  });

  it('a version that somebody removed there is named', async () => {
    expect(altered(`DELETE FROM record_version WHERE key = 'agency~${agencyId}' AND value LIKE '%inactive%'`)).toBe(1);
    const key = expect.stringMatching(`^record_version: agency~${agencyId}, `);
    expect(await difference()).toMatchObject({ check: 'projection', key, found: 'nothing' });
  });

  it('a transaction that somebody added there is named', async () => {
    const id = 'ab'.repeat(32);
    altered(
      `INSERT INTO ledger_transaction (id, block, position, validation_code, time, function, endorsers)
       VALUES ('${id}', 2, 9, 'VALID', '2026-01-01T00:00:00.000Z', 'x', '[]')`,
    );
    expect(await difference()).toMatchObject({ check: 'projection', key: `ledger_transaction: ${id}`, expected: 'nothing' });
  });

  it('a trigger that somebody planted there is named', async () => {
    altered('CREATE TRIGGER planted AFTER INSERT ON record BEGIN DELETE FROM record_version; END');
    expect(await difference()).toMatchObject({ check: 'projection', problem: expect.stringContaining('trigger planted') });
  });

  it('that claim more blocks than there are, or another last block, are named', async () => {
    altered('UPDATE projection_position SET block = block + 1');
    expect(await difference()).toMatchObject({
      check: 'projection',
      problem: expect.stringContaining('it was projected up to block'),
    });
    altered(`UPDATE projection_position SET block = block - 1, hash = '${'0'.repeat(64)}'`);
    expect(await difference()).toMatchObject({ check: 'projection', found: expect.stringContaining('0'.repeat(64)) });
  });

  it('made by other software are not judged', async () => {
    altered('UPDATE projection_position SET version = version + 1');
    await expect(auditDataFolder({ data: folder })).rejects.toMatchObject({ name: 'CannotTell' });
  });

  describe('and the command', () => {
    it('ends with 0 and says so', async () => {
      const { code, stdout } = await command('--data', folder);
      expect([code, stdout.split('\n')[0]]).toEqual([0, 'Nothing differs.']);
    });

    it('ends with 1 and the first difference as JSON', async () => {
      altered("UPDATE record SET time = '2020-01-01T00:00:00.000Z'");
      const { code, stdout } = await command('--data', folder, '--json');
      expect(code).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({
        format: 'yrd-audit-report/1',
        verdict: 'differs',
        difference: { check: 'projection', key: expect.stringMatching(/^record: /) },
      });
    });

    it('ends with 2 when it cannot tell: no folder, no ledger in it, no checkpoint, an option it does not know', async () => {
      cpSync(join(folder, 'store'), join(folder, 'empty'), { recursive: true });
      const checkpoint = join(folder, 'no-such-file');
      for (const args of [
        [],
        ['--data', join(folder, 'empty')],
        ['--data', folder, '--checkpoint', checkpoint],
        ['--dtaa', folder],
      ])
        expect((await command(...args)).code).toBe(2);
    });
  });
});
