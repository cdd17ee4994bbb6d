import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tagsOf } from '../../chaincode/transactions/anchor/batch.js';
import { recordTag } from '../../chaincode/transactions/anchor/record.js';
import { LedgerUnavailable, OutcomeUnknown } from '../../network/errors.js';
import { type ApiAgency, ApiWorld } from '../support/api-world.js';
import { sha256 } from '../support/digests.js';
import { HeldLedger } from '../support/held-ledger.js';
import { allBlocks } from '../support/ledger-world.js';
import { openSecondApi } from '../support/second-api.js';

const NDJSON = { 'content-type': 'application/x-ndjson' };
let serial = 0;

function line(changes: object = {}) {
  const recordId = `b-${++serial}`;
  return { recordId, kind: 'milestone', digest: sha256(recordId), occurredAt: '2026-11-02T01:02:03Z', ...changes };
}

const text = (...all: readonly object[]) => all.map((one) => JSON.stringify(one)).join('\n');

describe('anchored records on their way', () => {
  let held: HeldLedger;
  let world: ApiWorld;
  let writer: ApiAgency;
  beforeEach(async () => {
    held = new HeldLedger();
    world = await ApiWorld.create({ deadlineMilliseconds: 2000, between: held.between });
    writer = await world.agency('310000', ['application']);
  });
  afterEach(async () => {
    held.release();
    await world.close();
  });

  const post = (query: string, ...all: readonly object[]) =>
    world.send('POST', `/v1/anchors${query}`, { ...NDJSON, authorization: `Bearer ${writer.token}` }, text(...all));
  const read = async (recordId: string) => (await world.get(`/v1/anchors/${recordId}`, writer)).body;
  const until = async (recordId: string) => {
    for (let turn = 0; turn < 1000; turn++) {
      const shown = await read(recordId);
      if (shown.format) return shown;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`${recordId} was not anchored in time`);
  };

  /** How often each record id stands on the ledger, by its tag. */
  async function onLedger(): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (const { transactions } of await allBlocks(world.below.ledger))
      for (const { function: fn, argument, validationCode } of transactions) {
        if (fn !== 'anchor:AnchorRecords' || validationCode !== 'VALID') continue;
        for (const tag of tagsOf(Buffer.from(JSON.parse(argument).input.tags, 'base64')))
          counts.set(tag, (counts.get(tag) ?? 0) + 1);
      }
    return counts;
  }

  async function expectOnce(...sent: readonly { recordId: string }[]) {
    const counts = await onLedger();
    expect(sent.map(({ recordId }) => counts.get(recordTag(writer.agencyId, recordId)))).toEqual(sent.map(() => 1));
  }

  it('are accepted at once and pending until the ledger has them', async () => {
    held.hold();
    const sent = line();
    expect((await post('', sent)).body).toEqual({ accepted: 1, rejected: [] });
    expect(await read(sent.recordId)).toEqual({ status: 'pending' });
    expect((await world.get(`/v1/anchors?digest=${sent.digest.value}`, writer)).body).toEqual({ status: 'pending' });
    held.release();
    await until(sent.recordId);
    await expectOnce(sent);
  });

  it('are said not to be final when that was waited for in vain', async () => {
    held.hold();
    const sent = line();
    const answer = await post('?wait=true', sent);
    expect([answer.status, answer.body]).toEqual([202, { accepted: 1, rejected: [], final: false }]);
    held.release();
    await until(sent.recordId);
  });

  it('reject another record under their id while they wait, and say that they do', async () => {
    held.hold();
    const sent = line();
    await post('', sent);
    const again = await post('', { ...sent, kind: 'other' });
    expect(again.body.rejected).toEqual([{ line: 1, code: 'anchor.exists', proof: { status: 'pending' } }]);
  });

  it('go at once when nothing is in flight, and gather behind what is', async () => {
    held.hold();
    const [first, ...others] = [line(), line(), line(), line()];
    await post('', first as object);
    await Promise.all(others.map((sent) => post('', sent)));
    held.release();
    const proofs = [];
    for (const { recordId } of [first, ...others] as ReturnType<typeof line>[]) proofs.push(await until(recordId));
    expect(proofs[0].size).toBe(1);
    // The others shared at most two batches: what came while one was about to close, and the rest.
    expect(new Set(proofs.slice(1).map(({ batchId }) => batchId)).size).toBeLessThanOrEqual(2);
    await expectOnce(first as ReturnType<typeof line>, ...others);
  });

  it('fill batches of 4096 and no more', async () => {
    const all = Array.from({ length: 9000 }, () => line());
    expect((await post('?wait=true', ...all)).body).toEqual({ accepted: 9000, rejected: [] });
    const transactions = (await allBlocks(world.below.ledger)).flatMap((block) => block.transactions);
    const batches = transactions.filter(({ function: fn }) => fn === 'anchor:AnchorRecords');
    const sizes: number[] = batches.map(({ payload }) => JSON.parse(payload).size);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4096);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(9000);
    expect(batches.every(({ validationCode }) => validationCode === 'VALID')).toBe(true);
    const last = all.at(-1) as ReturnType<typeof line>;
    expect((await read(last.recordId)).record.recordId).toBe(last.recordId);
    await expectOnce(...all);
  });

  it('outlive a ledger that is away, and the process', async () => {
    held.submit = async () => {
      throw new LedgerUnavailable('away');
    };
    const sent = [line(), line({ caseId: '31-case-1' })];
    await post('', ...sent);
    await world.restart({ between: held.between });
    expect(await read((sent[0] as (typeof sent)[number]).recordId)).toEqual({ status: 'pending' });
    held.release();
    await world.restart({ between: held.between });
    for (const { recordId } of sent) await until(recordId);
    expect(world.service.deps.anchors.recovered).toBe(true);
    await expectOnce(...sent);
  });

  it('are anchored once when nobody heard that they were', async () => {
    let deaf = 2;
    held.submit = async (real, invocation, prepared) => {
      const committed = await real.submit(invocation, prepared);
      if (deaf-- > 0) throw new OutcomeUnknown(committed.transactionId);
      return committed;
    };
    const sent = [line(), line()];
    await post('?wait=true', ...sent);
    for (const { recordId } of sent) await until(recordId);
    await expectOnce(...sent);
  });

  it('are anchored once when the process ended before it heard that they were', async () => {
    const sent = line();
    const never = new Promise<never>(() => {});
    let committed = () => {};
    const done = new Promise<void>((resolve) => {
      committed = resolve;
    });
    held.submit = async (real, invocation, prepared) => {
      await real.submit(invocation, prepared);
      committed();
      return Promise.race([
        never,
        new Promise<never>((_, reject) => setTimeout(() => reject(new OutcomeUnknown('0'.repeat(64))), 50)),
      ]);
    };
    await post('', sent);
    await done;
    await world.restart({ between: held.between });
    held.release();
    await until(sent.recordId);
    await expectOnce(sent);
  });

  it('wait for an agency that was deactivated, and hold up nobody else', async () => {
    const path = `/v1/agencies/${writer.agencyId}`;
    const other = await world.agency('310000', ['application']);
    held.hold();
    const sent = line();
    await post('', sent);
    held.release();
    held.submit = async () => {
      throw new LedgerUnavailable('away');
    };
    await world.restart({ between: held.between });
    held.release();
    const sentElsewhere = await openSecondApi(world);
    const registrar = world.registrar();
    const deactivated = await sentElsewhere.send(
      'POST',
      `${path}/deactivation`,
      registrar,
      { 'content-type': 'application/json' },
      '{"reason":"merged"}',
    );
    expect(deactivated.status).toBe(201);
    await sentElsewhere.close();
    await world.restart({ between: held.between });
    const theirs = line();
    const headers = { ...NDJSON, authorization: `Bearer ${other.token}` };
    const answer = await world.send('POST', '/v1/anchors?wait=true', headers, text(theirs));
    expect(answer.body).toEqual({ accepted: 1, rejected: [] });
    expect((await world.post(`${path}/reactivation`, registrar, { reason: 'demerged' })).status).toBe(201);
    await world.restart({ between: held.between });
    await until(sent.recordId);
    await expectOnce(sent);
  });
});
