import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPORT_FORMS, exportStream } from '../../api/audit/export/export-stream.js';
import { EXPORT_FORMAT, type ExportHead } from '../../api/audit/export/format.js';
import { resetProjection } from '../../api/projection/tables.js';
import { openSqliteStore, type Store } from '../../api/store/store.js';

const FACTS = 5000;
const WHOLE = { from: 0, to: Number.MAX_SAFE_INTEGER };
const HEAD: ExportHead = { format: EXPORT_FORMAT, channel: 'delta', block: FACTS };

describe('the stream of an export', () => {
  let folder: string;
  let store: Store;
  let asked = 0;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'export-stream-'));
    store = await openSqliteStore(join(folder, 'store.db'));
    await store.db.transaction().execute(async (db) => {
      await resetProjection(db);
      for (let block = 0; block < FACTS; block++) {
        const [key, transaction_id, at] = [`release~31-use-${block}`, 'a'.repeat(64), { block, position: 0 }];
        const value = JSON.stringify({ useId: `31-use-${block}`, filler: 'x'.repeat(400) });
        await db
          .insertInto('record')
          .values({ key, type: 'release', value, ...at, transaction_id, time: '' })
          .execute();
        await db
          .insertInto('audit_fact')
          .values({ time: block, ...at, key, part: -1, transaction_id })
          .execute();
      }
    });
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  /** The store, counting how often an export asks it. */
  const counted = (): Store => ({
    ...store,
    db: new Proxy(store.db, {
      get(target, name) {
        if (name === 'executeQuery') asked += 1;
        const value = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }),
  });
  const open = (head = HEAD) => {
    asked = 0;
    return exportStream(counted(), EXPORT_FORMS.ndjson, head, WHOLE);
  };
  const manyTurns = async () => {
    for (let count = 0; count < 200; count++) await turn();
  };

  it('reads on only as its reader does', async () => {
    const stream = open();
    await new Promise((resolve) => stream.once('readable', resolve));
    await manyTurns();
    const before = asked;
    expect(before).toBeLessThanOrEqual(2);
    stream.read();
    await manyTurns();
    expect(asked).toBeGreaterThan(0);
    expect(asked - before).toBeLessThanOrEqual(2);
    stream.destroy();
  });

  it('asks the store for nothing more once its reader is gone', async () => {
    const stream = open();
    for await (const _bytes of stream) break;
    await finished(stream).catch(() => {});
    const before = asked;
    await manyTurns();
    expect(asked).toBe(before);
    expect(before).toBeLessThanOrEqual(2);
  });

  it('lets others have a turn between one chunk and the next', async () => {
    let turns = 0;
    let running = true;
    const others = (async () => {
      while (running) {
        await turn();
        turns += 1;
      }
    })();
    let rows = 0;
    for await (const bytes of open()) rows += String(bytes).split('\n').length - 1;
    running = false;
    await others;
    expect(rows).toBe(FACTS + 2);
    expect(turns).toBeGreaterThanOrEqual(asked - 2);
  });

  it('ends with the block that was the last one when it began', async () => {
    let text = '';
    for await (const bytes of open({ ...HEAD, block: 1233 })) text += bytes;
    expect(JSON.parse(text.trimEnd().split('\n').at(-1) as string)).toMatchObject({ rows: 1234 });
  });
});
