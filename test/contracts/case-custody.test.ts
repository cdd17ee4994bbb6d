import { beforeAll, describe, expect, it } from 'vitest';
import { CUSTODY_EVENTS, type CustodyEvent } from '../../chaincode/transactions/case/custody.js';
import { type CaseWorld, createCaseWorld, handOver, offer, openCase, verifiedTimeline } from '../support/case-world.js';
import { caseSteps } from '../support/case-writes.js';
import type { Actor } from '../support/contract-world.js';
import { sha256 } from '../support/digests.js';

/** Every way to a state, and what may follow it; whatever is not named here must be refused. */
const FOLLOWS: readonly [way: readonly CustodyEvent[], next: readonly CustodyEvent[]][] = [
  [[], ['received']],
  [['received'], ['sealed', 'returned']],
  [
    ['received', 'sealed'],
    ['dispatched', 'returned'],
  ],
  [
    ['received', 'sealed', 'dispatched'],
    ['delivered', 'mismatch', 'returned'],
  ],
  [
    ['received', 'sealed', 'dispatched', 'delivered'],
    ['mismatch', 'sealed', 'returned', 'received'],
  ],
  [
    ['received', 'sealed', 'dispatched', 'mismatch'],
    ['sealed', 'returned'],
  ],
  [
    ['received', 'returned'],
    ['received', 'sealed'],
  ],
];

describe('papers on their way', () => {
  let here: CaseWorld;
  beforeAll(async () => {
    here = await createCaseWorld();
  });

  const step = (caseId: string, event: CustodyEvent) => ({
    caseId,
    event,
    parcelDigest: sha256('parcel'),
    pieces: 3,
    carrier: 'post',
  });
  const record = (actor: Actor, caseId: string, event: CustodyEvent) =>
    here.world.submit(actor, 'case:RecordCustody', step(caseId, event));
  const { step: taken } = caseSteps(() => here);
  const refused = async (actor: Actor, caseId: string, event: CustodyEvent) => {
    const { code, facts } = await here.world.refusal(actor, 'case:RecordCustody', step(caseId, event));
    return facts.state === undefined ? [code] : [code, facts.state];
  };
  const opened = () => openCase(here.world, here.shanghai, { mode: 'counter', channel: 'window' });

  it('writes the case and the entry, and nothing else', async () => {
    const caseId = await opened();
    await taken(here.shanghai, 'RecordCustody', step(caseId, 'received'), () => ({
      type: 'custody',
      data: { event: 'received', parcelDigest: sha256('parcel'), pieces: 3, carrier: 'post' },
      changes: { custody: 'received' },
      answer: 'entry',
    }));
  });

  it.each(FOLLOWS)('after %j come %j and nothing else', async (way, next) => {
    for (const event of CUSTODY_EVENTS) {
      const caseId = await opened();
      for (const earlier of way) await record(here.shanghai, caseId, earlier);
      if (next.includes(event)) await record(here.shanghai, caseId, event);
      else expect(await refused(here.shanghai, caseId, event)).toEqual(['case.state', way.at(-1) ?? 'none']);
      expect(verifiedTimeline(here.world, caseId)).toHaveLength(way.length + (next.includes(event) ? 2 : 1));
    }
  });

  it('is recorded by the receiver of an open offer, but no longer when that was rejected', async () => {
    const caseId = await opened();
    for (const event of ['received', 'sealed', 'dispatched'] as const) await record(here.shanghai, caseId, event);
    await here.world.submit(here.shanghai, 'case:OfferHandoff', offer(caseId, here.anhui));
    await record(here.anhui, caseId, 'mismatch');
    await here.world.submit(here.anhui, 'case:RejectHandoff', { caseId, handoff: 1, reason: 'mismatch' });
    expect(await refused(here.anhui, caseId, 'returned')).toEqual(['case.not-holder']);
    await record(here.shanghai, caseId, 'returned');
  });

  it('is recorded by whoever accepted a hand-off and handed on, but not by whoever gave it back', async () => {
    const { shanghai, jiangsu, anhui, world } = here;
    const caseId = await opened();
    await handOver(world, caseId, shanghai, jiangsu);
    await handOver(world, caseId, jiangsu, anhui);
    await record(jiangsu, caseId, 'received');
    expect(await refused(shanghai, caseId, 'sealed')).toEqual(['case.not-holder']);
    const findings = { reason: 'not-competent', findingsDigest: sha256('findings') };
    await world.submit(anhui, 'case:ReturnHandoff', { caseId, handoff: 2, ...findings });
    expect(await refused(anhui, caseId, 'sealed')).toEqual(['case.not-holder']);
    await record(jiangsu, caseId, 'sealed');
  });

  it('still counts an earlier accepted hand-off when a later one was given back', async () => {
    const { shanghai, jiangsu, anhui, world } = here;
    const caseId = await opened();
    await handOver(world, caseId, shanghai, jiangsu);
    await handOver(world, caseId, jiangsu, anhui);
    await handOver(world, caseId, anhui, jiangsu);
    const findings = { reason: 'not-competent', findingsDigest: sha256('findings') };
    await world.submit(jiangsu, 'case:ReturnHandoff', { caseId, handoff: 3, ...findings });
    await record(jiangsu, caseId, 'received');
  });

  it('is refused from a stranger, an auditor, and for a case that is not there', async () => {
    const caseId = await opened();
    expect(await refused(here.stranger, caseId, 'received')).toEqual(['auth.agency']);
    expect(await refused(here.auditor, caseId, 'received')).toEqual(['auth.role']);
    expect(await refused(here.shanghai, '31-nowhere', 'received')).toEqual(['case.not-found']);
  });

  it('goes on after the decision and a withdrawal, and ends with the closure', async () => {
    const { shanghai, world } = here;
    const decide = (caseId: string, outcome: string) =>
      world.submit(shanghai, 'case:DecideCase', { caseId, outcome, certificates: [] });
    const withdrawn = await opened();
    await record(shanghai, withdrawn, 'received');
    await decide(withdrawn, 'withdrawn');
    await record(shanghai, withdrawn, 'returned');
    const decided = await opened();
    await decide(decided, 'granted');
    await record(shanghai, decided, 'received');
    await world.submit(shanghai, 'case:CloseCase', { caseId: decided });
    expect(await refused(shanghai, decided, 'sealed')).toEqual(['case.state', 'closed']);
  });
});
