import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FolderBytes, folderBeforeAndAfter, type RecordPlace, recordsOf, TrialFolder } from '../support/damaged-folder.js';
import { removeTemporaryFolders } from '../support/ledger-world.js';

/** The log cut off at every single byte of its last record. */
describe('a log whose last record is cut off', () => {
  let before: FolderBytes;
  let after: FolderBytes;
  let ids: string[];
  let last: RecordPlace;
  let trial: TrialFolder;
  beforeAll(async () => {
    ({ before, after, ids } = await folderBeforeAndAfter());
    last = recordsOf(after.log).at(-1) as RecordPlace;
    trial = new TrialFolder().askFor(ids);
  });
  afterAll(removeTemporaryFolders);

  it('anywhere, before it was acknowledged, opens with everything before it and keeps the rest aside', async () => {
    const acknowledged = ids.slice(0, -1);
    for (let length = last.offset + 1; length < last.next; length += 1) {
      trial.write({ ...before, log: after.log.subarray(0, length) });
      const recovered = await trial.recover();
      const kept = readdirSync(trial.paths.ledger).filter((name) => name.startsWith('torn-'));
      const whole =
        recovered.height === last.number &&
        statSync(trial.paths.log).size === last.offset &&
        recovered.log.length === 1 &&
        acknowledged.every(recovered.knows) &&
        !recovered.knows(ids.at(-1) as string) &&
        kept.length === 1;
      if (!whole) expect.fail(`cut at byte ${length}: ${JSON.stringify({ ...recovered, kept })}`);
    }
    const [kept] = readdirSync(trial.paths.ledger).filter((name) => name.startsWith('torn-'));
    expect(readFileSync(join(trial.paths.ledger, kept as string))).toEqual(after.log.subarray(last.offset, last.next - 1));
  }, 900_000);

  it('anywhere, after it was acknowledged, is refused by the number of that block, and nothing is changed', async () => {
    for (let length = last.offset; length < last.next; length += 1) {
      const log = after.log.subarray(0, length);
      trial.write({ ...after, log });
      const refusal = await trial.recover().catch((error: Error) => error);
      const right =
        refusal instanceof Error &&
        refusal.name === 'DataFolderRefused' &&
        (refusal as Error & { reason: string }).reason === 'damaged' &&
        refusal.message.startsWith(`block ${last.number} at byte ${last.offset} of `) &&
        readFileSync(trial.paths.log).equals(log);
      if (!right) expect.fail(`cut at byte ${length}: ${refusal}`);
    }
  }, 900_000);

  it('nowhere, written but not yet acknowledged when the process died, opens with it', async () => {
    trial.write({ ...before, log: after.log });
    const recovered = await trial.recover();
    expect(recovered.height).toBe(last.number + 1);
    expect(ids.every(recovered.knows)).toBe(true);
    expect(recovered.log).toEqual([]);
  });

  it('loses nothing when it is opened again after a cut', async () => {
    trial.write({ ...before, log: after.log.subarray(0, last.next - 1) });
    await trial.recover();
    const again = await trial.recover();
    expect(again).toMatchObject({ height: last.number, log: [] });
    expect(ids.slice(0, -1).every(again.knows)).toBe(true);
  });
});
