import { describe, expect, it } from 'vitest';
import { Refusal } from '../../chaincode/errors.js';
import { LedgerConflict, LedgerUnavailable } from '../../network/errors.js';
import { lateAnswers, MARGIN_MS } from '../../scripts/faults/fabric/drill.js';
import { type Ended, mishaps, pace } from '../../scripts/faults/fabric/workload.js';

const times = { begunAt: 0, endedAt: 1 };
const ok = (milliseconds: number, name = 'case:OpenCase'): Ended => ({
  kind: 'ok',
  transactionId: 'tx',
  function: name,
  milliseconds,
  ...times,
});
const failed = (error: Error, name: string): Ended => ({ kind: 'failed', error, function: name, milliseconds: 1, ...times });
const unknown: Ended = { kind: 'unknown', transactionId: 'tx', function: 'grant:UseGrant', milliseconds: 1, ...times };
const refusal = new Refusal('handoff.state');
const conflict = new LedgerConflict('the state moved');
const unavailable = new LedgerUnavailable('no peer can be reached');

describe('what writers suffered from a fault', () => {
  it('is nothing where two competed and one lost', () => {
    const lost = [failed(refusal, 'case:AcceptHandoff'), failed(conflict, 'grant:UseGrant')];
    expect(mishaps([ok(1), ...lost])).toEqual([]);
  });

  it('is a refusal or a conflict where nobody competed', () => {
    const two = [failed(refusal, 'case:OpenCase'), failed(conflict, 'certificate:IssueCertificate')];
    expect(mishaps([ok(1), ...two])).toEqual(two);
  });

  it('is a ledger that could not be had, and an outcome that was not told, whoever competed', () => {
    const two = [failed(unavailable, 'case:AcceptHandoff'), unknown];
    expect(mishaps([ok(1), ...two])).toEqual(two);
  });
});

describe('the pace of commits', () => {
  it('is the slowest but one in a hundred, of those that nobody competed for', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => ok(index + 1));
    expect(pace([...hundred, ok(9000, 'grant:UseGrant'), failed(unavailable, 'case:OpenCase')])).toEqual({
      writes: 100,
      p99: 99,
    });
  });

  it('is the slowest of a few, and none of none', () => {
    expect(pace([ok(5), ok(7)])).toEqual({ writes: 2, p99: 7 });
    expect(pace([unknown])).toEqual({ writes: 0, p99: 0 });
  });
});

describe('the deadline of an answer', () => {
  const at = (milliseconds: number) => ({ milliseconds });

  it('is 15 s, a margin, and the lag of whoever measured', () => {
    const told = [at(15_000 + MARGIN_MS), at(15_001 + MARGIN_MS), at(15_400 + MARGIN_MS)];
    expect(lateAnswers(told, 0)).toEqual(told.slice(1));
    expect(lateAnswers(told, 100)).toEqual(told.slice(2));
    expect(lateAnswers(told, 400)).toEqual([]);
  });

  it('is passed by an answer that takes twice as long', () => {
    expect(MARGIN_MS).toBe(3000);
    expect(lateAnswers([at(30_000)], 100)).toHaveLength(1);
  });
});
