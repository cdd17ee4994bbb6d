import { beforeAll, describe, expect, it } from 'vitest';
import { hashJson } from '../../chaincode/runtime/argument.js';
import type { Entry } from '../../chaincode/transactions/case/entry.js';
import { caseCalls, milestone, racingCalls } from '../support/case-calls.js';
import { type CaseWorld, caseOf, createCaseWorld, handOver, offer, openCase, verifiedTimeline } from '../support/case-world.js';
import type { Actor } from '../support/contract-world.js';
import { hash, sha256 } from '../support/digests.js';

describe('cases keep', () => {
  let here: CaseWorld;
  beforeAll(async () => {
    here = await createCaseWorld();
  });

  const { call, refused } = caseCalls(() => here);
  const { simulated, fresh } = racingCalls(() => here);

  describe('rule 1: exactly one holder, whom only the holder and an acceptance change', () => {
    const settlements = (caseId: string): [Actor, string, object][] => [
      [here.jiangsu, 'AcceptHandoff', { caseId, handoff: 1 }],
      [here.jiangsu, 'RejectHandoff', { caseId, handoff: 1, reason: 'no-time' }],
      [here.shanghai, 'RecallHandoff', { caseId, handoff: 1 }],
      [here.stranger, 'LapseHandoff', { caseId, handoff: 1 }],
    ];

    it('of two settlements of one offer at the same moment, only the first one committed counts', async () => {
      for (const first of [0, 1, 2, 3])
        for (const second of [0, 1, 2, 3]) {
          const caseId = await openCase(here.world, here.shanghai);
          await call(here.shanghai, 'OfferHandoff', offer(caseId, here.jiangsu, { dueAt: '2026-11-01T00:00:00Z' }));
          const [actor, verb, input] = settlements(caseId)[first] as [Actor, string, object];
          const rival = await simulated(...(settlements(caseId)[second] as [Actor, string, object]));
          expect(rival.status).toBe(200);
          expect(fresh(rival)).toBe(true);
          await call(actor, verb, input);
          expect(fresh(rival)).toBe(false);
        }
    });

    it('of two offers at the same moment, only the first one committed counts', async () => {
      const caseId = await openCase(here.world, here.shanghai);
      const rival = await simulated(here.shanghai, 'OfferHandoff', offer(caseId, here.anhui));
      await call(here.shanghai, 'OfferHandoff', offer(caseId, here.jiangsu));
      expect([rival.status, fresh(rival)]).toEqual([200, false]);
    });

    it('a decision and a hand-off cannot both come of the same moment', async () => {
      const caseId = await openCase(here.world, here.shanghai);
      const rival = await simulated(here.shanghai, 'DecideCase', { caseId, outcome: 'granted', certificates: [] });
      await call(here.shanghai, 'OfferHandoff', offer(caseId, here.jiangsu));
      expect([rival.status, fresh(rival)]).toEqual([200, false]);
    });

    it('an accepted hand-off moves the case once, even after the case came back', async () => {
      const { shanghai, jiangsu, world } = here;
      const caseId = await openCase(world, shanghai);
      await handOver(world, caseId, shanghai, jiangsu);
      await handOver(world, caseId, jiangsu, shanghai);
      expect(await refused(jiangsu, 'AcceptHandoff', { caseId, handoff: 1 })).toEqual(['handoff.state', 'accepted']);
      expect(caseOf(world, caseId).holder.agency).toBe(shanghai.agencyId);
    });

    it('no other entry changes the holder', async () => {
      const { shanghai, jiangsu, world } = here;
      const caseId = await openCase(world, shanghai);
      const holder = () => caseOf(world, caseId).holder.agency;
      await call(shanghai, 'RecordMilestone', milestone(caseId));
      await call(shanghai, 'OfferHandoff', offer(caseId, jiangsu));
      await call(shanghai, 'PauseCase', { caseId, reason: 'material-awaited' });
      expect(holder()).toBe(shanghai.agencyId);
      await call(jiangsu, 'AcceptHandoff', { caseId, handoff: 1 });
      await call(jiangsu, 'ResumeCase', { caseId });
      await call(jiangsu, 'DecideCase', { caseId, outcome: 'granted', certificates: [] });
      await call(jiangsu, 'CloseCase', { caseId });
      expect(holder()).toBe(jiangsu.agencyId);
    });
  });

  describe('rule 2: entries numbered and chained by hash', () => {
    const entryKey = (caseId: string, number: number) => `entry~${caseId}~${String(number).padStart(8, '0')}`;
    const longCase = async () => {
      const { shanghai, jiangsu, world } = here;
      const caseId = await openCase(world, shanghai);
      await call(shanghai, 'RecordMilestone', milestone(caseId));
      await handOver(world, caseId, shanghai, jiangsu);
      await call(jiangsu, 'DecideCase', { caseId, outcome: 'granted', certificates: [] });
      return caseId;
    };
    const overwrite = (key: string, value: object) => {
      const version = { block: 0, position: 0 };
      here.world.state.set(key, { value: Buffer.from(JSON.stringify(value), 'utf8'), version });
    };

    it('a list of them is complete and in order', async () => {
      const timeline = verifiedTimeline(here.world, await longCase());
      expect(timeline.map(({ number, type }) => [number, type])).toEqual([
        [1, 'opening'],
        [2, 'milestone'],
        [3, 'handoff-offer'],
        [4, 'handoff-acceptance'],
        [5, 'decision'],
      ]);
    });

    it.each(['number', 'type', 'time', 'agency', 'transaction', 'previousHash', 'hash', 'data'] as const)(
      'a change of its %s shows in whichever entry it is made',
      async (field) => {
        for (const number of [1, 2, 3, 4, 5]) {
          const caseId = await longCase();
          const entry = here.world.read<Entry>(entryKey(caseId, number));
          const forged = { number: 9, data: { ...entry?.data, forged: true } }[field as string] ?? hash('forged');
          overwrite(entryKey(caseId, number), { ...entry, [field]: forged });
          expect(() => verifiedTimeline(here.world, caseId)).toThrow(`entry ${number} of ${caseId} breaks the chain`);
        }
      },
    );

    it('a forged entry with a right hash of its own shows in the next one, and the last in the head', async () => {
      for (const [number, message] of [
        [3, 'entry 4'],
        [5, 'has more entries than its head knows'],
      ] as const) {
        const caseId = await longCase();
        const { hash: _, ...unsealed } = here.world.read<Entry>(entryKey(caseId, number)) as Entry;
        const forged = { ...unsealed, data: { forged: true } };
        overwrite(entryKey(caseId, number), { ...forged, hash: hashJson(forged) });
        expect(() => verifiedTimeline(here.world, caseId)).toThrow(message);
      }
    });

    it('an entry left out or put in shows', async () => {
      const caseId = await longCase();
      const third = here.world.state.get(entryKey(caseId, 3));
      here.world.state.delete(entryKey(caseId, 3));
      expect(() => verifiedTimeline(here.world, caseId)).toThrow(`entry 3 of ${caseId} is missing`);
      if (third) here.world.state.set(entryKey(caseId, 3), third);
      overwrite(entryKey(caseId, 6), {});
      expect(() => verifiedTimeline(here.world, caseId)).toThrow('has an entry too many');
    });

    it('of two entries at the same moment only the first one committed counts', async () => {
      const caseId = await openCase(here.world, here.shanghai);
      const rival = await simulated(here.department, 'RecordPreReview', {
        caseId,
        result: 'pass',
        findingsDigest: sha256('findings'),
      });
      await call(here.shanghai, 'RecordMilestone', milestone(caseId));
      expect([rival.status, fresh(rival)]).toEqual([200, false]);
    });

    it('the entries of two cases alike are chained apart, because the opening names its case', async () => {
      const first = verifiedTimeline(here.world, await openCase(here.world, here.shanghai))[0] as Entry;
      const second = verifiedTimeline(here.world, await openCase(here.world, here.shanghai))[0] as Entry;
      expect(first.data.caseId).not.toBe(second.data.caseId);
      expect(first.hash).not.toBe(second.hash);
    });
  });
});
