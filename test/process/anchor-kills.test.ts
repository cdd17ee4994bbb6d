import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { tagsOf } from '../../chaincode/transactions/anchor/batch.js';
import { recordTag } from '../../chaincode/transactions/anchor/record.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { allBlocks } from '../support/ledger-world.js';

const KILLS = Number(process.env.ANCHOR_KILLS ?? 6);

const folder = mkdtempSync(join(tmpdir(), 'delta-anchor-kills-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** How often each tag stands on the ledger. */
async function tagsOnLedger(): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const { ledger } = await openEmbedded({ folder });
  for (const { transactions } of await allBlocks(ledger))
    for (const { function: fn, validationCode, argument } of transactions) {
      if (fn !== 'anchor:AnchorRecords' || validationCode !== 'VALID') continue;
      for (const tag of tagsOf(Buffer.from(JSON.parse(argument).input.tags, 'base64')))
        counts.set(tag, (counts.get(tag) ?? 0) + 1);
    }
  await ledger.close();
  return counts;
}

it(
  'a server killed while records are anchored loses none that it accepted, and anchors none twice',
  async () => {
    // The compiled module: it starts the compiled server beside itself.
    const { killWhileAnchoring } = (await import(
      join(import.meta.dirname, '../../dist/scripts/faults/anchor-kills.js')
    )) as typeof import('../../scripts/faults/anchor-kills.js');
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
    console.log(`seed ${seed}`);
    const token = async (agencyId: string) =>
      execFileSync(process.execPath, ['dist/scripts/token.js', agencyId], {
        encoding: 'utf8',
        env: { ...process.env, DATA_DIR: folder },
      }).trim();
    const order = { dataDir: folder, kills: KILLS, seed, token };
    const { violations, agency, recordIds, accepted, unknown } = await killWhileAnchoring(order);
    expect(violations).toEqual([]);
    expect(accepted).toBeGreaterThan(0);
    expect(unknown).toBeGreaterThan(0);
    const counts = await tagsOnLedger();
    const wrong = recordIds.filter((recordId) => counts.get(recordTag(agency, recordId)) !== 1);
    expect(wrong).toEqual([]);
    expect(counts.size).toBe(recordIds.length);
  },
  120_000 + KILLS * 30_000,
);
