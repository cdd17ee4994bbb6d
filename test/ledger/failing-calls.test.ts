import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { auditFolder } from '../support/ledger-audit.js';
import { foundedFolder, removeTemporaryFolders, temporaryFolder } from '../support/ledger-world.js';
import { type Call, type Injection, isStoring, straceMissing, traced } from '../support/strace.js';

const missing = straceMissing();
const WRITES = 4;

afterAll(removeTemporaryFolders);

async function run(injection?: Injection) {
  const folder = await foundedFolder();
  const trace = join(temporaryFolder(), 'trace');
  const result = await traced({ folder, run: 1, writers: 1, contracts: 'plain', limit: WRITES }, trace, injection);
  return { folder, ...result };
}

/** The calls of the first commit: from the first write to the log up to the last call before the second one. */
function callsOfOneCommit(calls: readonly Call[]): Call[] {
  const [first, second] = calls.flatMap((call, index) => (call.text.includes('"BLOK') ? [index] : []));
  return calls.slice(first, second);
}

/** A kill in a call that stores nothing is a kill between two that do; a full disk is tried at the first write of each file. */
function faultsOf(call: Call, commit: readonly Call[]): string[] {
  if (!isStoring(call)) return ['error=EIO'];
  const isFirstWrite = commit.find(({ name, path }) => name === 'pwrite64' && path === call.path) === call;
  return ['error=EIO', ...(isFirstWrite ? ['error=ENOSPC'] : []), 'signal=SIGKILL'];
}

/** One fault in one call. Fails when a promise is broken or the process says nothing of a write. */
async function tryFault(call: Call, fault: string): Promise<{ readonly writesFailed: boolean; readonly died: boolean }> {
  const { folder, account, code, complaint } = await run({ call, fault });
  const { broken } = await auditFolder(folder, account);
  if (code === 0 && account.kept.length + account.lost.length !== WRITES)
    broken.push(`it said nothing of some writes: ${complaint}`);
  if (broken.length > 0) expect.fail(`${fault} in ${call.text}: ${broken.join('; ')}`);
  return { writesFailed: account.lost.length > 0, died: code !== 0 };
}

describe('each system call of a commit', () => {
  beforeEach(({ skip }) => skip(missing !== undefined, missing));

  it('failing once, or the process dying in it, loses nothing acknowledged and doubles nothing', async () => {
    const commit = callsOfOneCommit((await run()).calls);
    for (const name of ['fdatasync', 'fcntl']) expect(new Set(commit.map((call) => call.name))).toContain(name);
    expect(commit.filter(({ name }) => name === 'pwrite64').length).toBeGreaterThan(3);
    const outcomes = [];
    for (const call of commit) for (const fault of faultsOf(call, commit)) outcomes.push(await tryFault(call, fault));
    const failed = outcomes.filter(({ writesFailed }) => writesFailed).length;
    const died = outcomes.filter((outcome) => outcome.died).length;
    console.log(`${commit.length} system calls, ${failed} made writes fail, ${died} ended the process`);
    expect(died).toBeGreaterThanOrEqual(commit.filter(isStoring).length);
    expect(failed).toBeGreaterThan(4);
  }, 600_000);

  it.each(['pwrite64', 'fdatasync'])(
    'a failed %s of the log is not acknowledged, stops the ledger, and is never tried again',
    async (name) => {
      const { calls } = await run();
      const onLog = callsOfOneCommit(calls).find((call) => call.name === name && call.path === 'ledger/blocks.log') as Call;
      const after = await run({ call: onLog, fault: 'error=EIO' });
      expect(after.account.kept).toEqual([]);
      expect(after.account.lost.map(({ error }) => error)).toEqual([
        'OutcomeUnknown',
        ...Array(WRITES - 1).fill('LedgerUnavailable'),
      ]);
      const injected = after.calls.findIndex(({ text }) => text.includes('(INJECTED)'));
      expect(injected).toBeGreaterThanOrEqual(0);
      const later = after.calls.slice(injected + 1).filter(isStoring);
      expect(later.filter(({ name }) => name !== 'openat')).toEqual([]);
    },
  );

  it('a failed write of the watermark is not acknowledged, though the block is durable and there at the next start', async () => {
    const { calls } = await run();
    const mark = callsOfOneCommit(calls).find(({ text }) => text.includes('"yrd-mark')) as Call;
    const after = await run({ call: mark, fault: 'error=ENOSPC' });
    expect(after.account.lost.map(({ error }) => error)).toEqual([
      'OutcomeUnknown',
      ...Array(WRITES - 1).fill('LedgerUnavailable'),
    ]);
    const audit = await auditFolder(after.folder, after.account);
    expect(audit.broken).toEqual([]);
    expect(audit.valid).toBe(6);
  });
});
