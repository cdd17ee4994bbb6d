import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { pathsOf } from '../../network/embedded/folder.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { createWatermark } from '../../network/embedded/watermark.js';
import { auditWorlds } from '../support/audit-world.js';
import { recordsOf } from '../support/damaged-folder.js';
import { register, removeTemporaryFolders } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

describe('what lies beside the log', () => {
  const world = auditWorlds();

  const altered = (sql: string, ...values: (string | number | Uint8Array)[]) => {
    const database = new DatabaseSync(pathsOf(world().folder).state);
    if (values.length > 0) database.prepare(sql).run(...values);
    else database.exec(sql);
    database.close();
  };

  it('is left as it was, to the byte', async () => {
    const { folder } = world();
    const contents = () =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => statSync(join(folder, name)).isFile())
        .map((name) => [name, readFileSync(join(folder, name), 'base64'), statSync(join(folder, name)).mtimeMs]);
    const before = contents();
    await world().audit();
    expect(contents()).toEqual(before);
  });

  it('is right after starts and stops, and after new records', async () => {
    for (let start = 0; start < 3; start += 1) {
      const opened = await openEmbedded({ folder: world().folder });
      await register(opened);
      await opened.ledger.close();
    }
    expect(await world().audit()).toMatchObject({ height: world().height + 3, state: 'compared' });
  });

  it('is right as a killed process leaves it: state in the write-ahead log, a little behind the blocks', async () => {
    const { folder } = world();
    const opened = await openEmbedded({ folder });
    await register(opened);
    const { state } = pathsOf(folder);
    for (const suffix of ['', '-wal']) cpSync(state + suffix, `${state}.kept${suffix}`);
    await register(opened);
    await opened.ledger.close();
    for (const suffix of ['', '-wal']) cpSync(`${state}.kept${suffix}`, state + suffix);
    expect(await world().audit()).toMatchObject({ height: world().height + 2, state: 'compared' });
    expect(existsSync(`${state}-wal`)).toBe(true);
  });

  it('is not needed where the next start makes it anew', async () => {
    rmSync(pathsOf(world().folder).state);
    expect(await world().audit()).toMatchObject({ state: 'none' });
  });

  it('a value in the state, its checksum right, is named by its key', async () => {
    const { block, key } = world();
    const value = Buffer.from('{"status":"inactive"}');
    const checksum = crc32(value, crc32(`${key}~${block}~0~${value.length}`));
    altered('UPDATE state SET value = ?, checksum = ? WHERE key = ?', value, checksum, key);
    expect(await world().difference()).toMatchObject({
      check: 'state',
      key,
      expected: expect.stringContaining('"status":"active"'),
      found: expect.stringContaining('"status":"inactive"'),
    });
  });

  it('a key that the state lacks, and one that it has too many, are named', async () => {
    const { key } = world();
    altered('DELETE FROM state WHERE key = ?', key);
    expect(await world().difference()).toMatchObject({ check: 'state', key, found: 'nothing' });
    altered("INSERT INTO state VALUES ('agency~0', x'7b7d', 1, 0, 0)");
    expect(await world().difference()).toMatchObject({ check: 'state', key: 'agency~0', expected: 'nothing' });
  });

  it('an index that tells another code or block is named', async () => {
    const { transaction } = world().place;
    altered('UPDATE transactions SET code = 11 WHERE id = ?', Buffer.from(transaction, 'hex'));
    expect(await world().difference()).toMatchObject({
      check: 'state',
      key: `0x${transaction}`,
      expected: expect.stringContaining('code 0'),
    });
    altered('UPDATE transactions SET code = 0 WHERE id = ?', Buffer.from(transaction, 'hex'));
    altered('UPDATE blocks SET offset = 32 WHERE number = ?', world().block);
    expect(await world().difference()).toMatchObject({ check: 'state', block: world().block });
  });

  it('a trigger that somebody planted is named', async () => {
    altered('CREATE TRIGGER planted AFTER INSERT ON state BEGIN DELETE FROM history; END');
    expect(await world().difference()).toMatchObject({ check: 'state', key: 'trigger planted', expected: 'nothing' });
  });

  it('pages that SQLite cannot read are named', async () => {
    const { state } = pathsOf(world().folder);
    const bytes = readFileSync(state);
    bytes.fill(0xff, 4096, 4096 + 512);
    writeFileSync(state, bytes);
    expect(await world().difference()).toMatchObject({ check: 'state' });
  });

  it('a watermark that acknowledged another block, or is gone, is named', async () => {
    const { log, watermark } = pathsOf(world().folder);
    const ends = recordsOf(readFileSync(log)).map(({ next }) => next);
    rmSync(watermark);
    expect(await world().difference()).toMatchObject({ check: 'watermark', problem: expect.stringContaining('is missing') });
    createWatermark(watermark, { height: 3, hash: Buffer.alloc(32, 1), logLength: ends[2] as number });
    expect(await world().difference()).toMatchObject({ check: 'watermark', block: 2 });
  });

  it('a peer’s certificate that is not of the authority in block 0 is named', async () => {
    const authorities = join(world().folder, 'authorities');
    cpSync(join(authorities, 'AnhuiMSP', 'peer'), join(authorities, 'ZhejiangMSP', 'peer'), { recursive: true });
    expect(await world().difference()).toMatchObject({ check: 'identity', key: join(authorities, 'ZhejiangMSP', 'peer') });
  });

  it('an agency’s key that is not its certificate’s is named', async () => {
    const [jiangsu, agency] = ['JiangsuMSP', '11320000MB0D32012U'];
    const own = join(world().folder, 'identities', jiangsu, agency);
    cpSync(join(world().folder, 'authorities', jiangsu, 'peer', 'key.pem'), join(own, 'key.pem'));
    expect(await world().difference()).toMatchObject({ check: 'identity', key: own });
  });

  it('is not looked at while a process has the folder open', async () => {
    const opened = await openEmbedded({ folder: world().folder });
    await expect(world().audit()).rejects.toMatchObject({ name: 'CannotTell', message: expect.stringContaining('--follow') });
    await opened.ledger.close();
    expect(await world().audit()).toMatchObject({ state: 'compared' });
  });
});
