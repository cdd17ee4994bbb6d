import { afterAll, expect, it } from 'vitest';
import { seeded } from '../../scripts/faults/random.js';
import { auditFolder } from '../support/ledger-audit.js';
import { Account, listen, writerArguments } from '../support/ledger-process.js';
import { foundedFolder, removeTemporaryFolders, temporaryFolder } from '../support/ledger-world.js';

const KILLS = Number(process.env.KILLS ?? 200);
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const AUDIT_EVERY = 50;

afterAll(removeTemporaryFolders);

function milliseconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count));
}

/**
 * A process that is killed at a moment drawn beforehand: one in five while it opens, the others so many
 * acknowledgements after it opened, and a little later, wherever it is then.
 */
async function runAndKill(folder: string, run: number, random: () => number, account: Account): Promise<void> {
  const contracts = run % 20 === 0 ? 'real' : 'plain';
  const writers = 1 + Math.floor(random() * 24);
  const before = account.kept.length;
  const writer = listen(process.execPath, writerArguments({ folder, run, writers, contracts }), account);
  let ended = false;
  const end = writer.ended.then((how) => {
    ended = true;
    return how;
  });
  const [whileOpening, acknowledgements, delay] = [random() < 0.2, Math.floor(random() * 40), random()];
  if (whileOpening) await milliseconds(delay * 400);
  else {
    while (!ended && account.kept.length - before < acknowledgements) await milliseconds(1);
    await milliseconds(delay * 10);
  }
  writer.kill();
  const { code, complaint } = await end;
  if (code !== null || complaint !== '') throw new Error(`run ${run} ended by itself with ${code}: ${complaint}`);
}

it(`a ledger killed ${KILLS} times under load keeps everything acknowledged, doubles nothing, and always opens again`, async () => {
  console.log(`seed ${SEED}, ${KILLS} kills`);
  const random = seeded(SEED);
  const folder = await foundedFolder();
  const account = new Account();
  for (let run = 1; run <= KILLS; run += 1) {
    await runAndKill(folder, run, random, account);
    if (run % AUDIT_EVERY === 0 || run === KILLS) expect((await auditFolder(folder, account)).broken).toEqual([]);
  }
  const sentNotKept = account.sent.length - account.kept.length;
  console.log(`${account.kept.length} acknowledged, ${sentNotKept} cut off`);
  expect(account.kept.length).toBeGreaterThan(KILLS);
  expect(sentNotKept).toBeGreaterThan(0);
}, 1_800_000);

it('a ledger killed during its very first start is made up for by the next', async () => {
  const random = seeded(SEED + 1);
  const account = new Account();
  for (let trial = 0; trial < 3; trial += 1) {
    const folder = temporaryFolder();
    for (let run = 1; run <= 3; run += 1) {
      const writer = listen(process.execPath, writerArguments({ folder, run, writers: 1, contracts: 'real' }), account);
      await new Promise((resolve) => setTimeout(resolve, 350 + random() * 700));
      writer.kill();
      const { code, complaint } = await writer.ended;
      expect([code, complaint]).toEqual([null, '']);
    }
    const last = listen(process.execPath, writerArguments({ folder, run: 4, writers: 2, contracts: 'real', limit: 4 }), account);
    expect((await last.ended).code).toBe(0);
    const own = new Account();
    own.sent.push(...account.sent);
    expect((await auditFolder(folder, own)).broken).toEqual([]);
  }
}, 300_000);
