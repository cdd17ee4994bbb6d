import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CertificateContent, CertificateRecord } from '../../chaincode/transactions/certificate/certificate.js';
import { statusAt } from '../../chaincode/transactions/certificate/status.js';
import { content, issue, leafProof } from '../support/certificate-content.js';
import { type Accepted, type Actor, ContractWorld } from '../support/contract-world.js';

const HOUR = 3_600_000;
const VERBS = ['Suspend', 'Reinstate', 'Revoke', 'Supersede'] as const;

/** Somebody tries a verb at some time, perhaps with an effective time hours away. */
const attempts = fc.array(
  fc.record({
    verb: fc.constantFrom(...VERBS),
    who: fc.constantFrom('issuer', 'issuer', 'issuer', 'stranger'),
    effective: fc.option(fc.integer({ min: -30, max: 30 }), { nil: undefined }),
    pause: fc.integer({ min: 0, max: 10 }),
  }),
  { minLength: 1, maxLength: 14 },
);

describe('rule 5: a certificate’s status at any past time can be told', () => {
  let world: ContractWorld;
  let issuer: Actor;
  let stranger: Actor;
  let successor: string;
  let serial = 0;

  beforeAll(async () => {
    world = await ContractWorld.create();
    issuer = await world.agency('310000', ['certificate-issuer']);
    stranger = await world.agency('330000', ['certificate-issuer']);
    successor = await issue(world, stranger, 'successor');
  });

  const at = (milliseconds: number) => new Date(milliseconds).toISOString();

  /** Tries one verb; whether it was accepted. */
  async function tried(certificateId: string, attempt: Attempt, proof: object): Promise<boolean> {
    const { verb, who, effective } = attempt;
    const actor = who === 'issuer' ? issuer : stranger;
    const input =
      verb === 'Supersede'
        ? { certificateId, by: successor, ...proof }
        : {
            certificateId,
            reasonCode: 'r',
            legalBasis: '第一条',
            ...(effective !== undefined && { effectiveAt: at(world.now + effective * HOUR) }),
            ...proof,
          };
    try {
      await world.submit(actor, `certificate:${verb}Certificate`, input);
    } catch (error) {
      expect((error as Error).name).toBe('Refusal');
      return false;
    }
    expect(who).toBe('issuer');
    return true;
  }

  /** The verdicts over a grid of effective times, as known at a recorded time. */
  const verdicts = (record: CertificateRecord, knownAt: number, from: number) =>
    Array.from({ length: 40 }, (_, step) => {
      const asOf = at(from + (step - 10) * 6 * HOUR);
      return statusAt(record, { asOf, knownAt: at(knownAt) }).verdict;
    });

  /** Nothing is deleted or altered: the record only ever grows, by the one change that was accepted. */
  function onlyGrows(before: CertificateRecord | undefined, record: CertificateRecord, accepted: boolean): void {
    const earlier = before?.changes ?? [];
    expect(record.changes).toHaveLength(earlier.length + (accepted ? 1 : 0));
    expect(record.changes.slice(0, earlier.length)).toEqual(earlier);
    expect({ ...record, changes: 0, recordedAt: 0 }).toEqual({ ...(before ?? record), changes: 0, recordedAt: 0 });
  }

  /** Revoked never becomes valid: neither on a later day nor by a later change. */
  function staysRevoked(earlier: readonly string[], now: readonly string[]): void {
    const since = now.indexOf('revoked');
    expect(now.filter((verdict, day) => since >= 0 && day >= since && verdict !== 'revoked')).toEqual([]);
    expect(earlier.filter((verdict, day) => verdict === 'revoked' && now[day] !== 'revoked')).toEqual([]);
  }

  async function historyHolds(certificateId: string, run: readonly Attempt[], proof: object): Promise<void> {
    const start = world.now;
    const told: { knownAt: number; verdicts: string[] }[] = [];
    let before: CertificateRecord | undefined;
    for (const attempt of run) {
      world.now += attempt.pause * HOUR;
      const accepted = await tried(certificateId, attempt, proof);
      const record = world.read<CertificateRecord>(`certificate~${certificateId}`);
      if (!record) continue;
      onlyGrows(before, record, accepted);
      // What was told of any day at any earlier moment is told the same for ever.
      for (const then of told) expect(verdicts(record, then.knownAt, start)).toEqual(then.verdicts);
      const knownAt = Date.parse(record.recordedAt);
      const now = verdicts(record, knownAt, start);
      staysRevoked(told.at(-1)?.verdicts ?? [], now);
      told.push({ knownAt, verdicts: now });
      before = record;
    }
  }

  it('for a certificate with a key of its own, over random attempts of its issuer and a stranger', async () => {
    await fc.assert(
      fc.asyncProperty(attempts, async (run) => {
        await historyHolds(await issue(world, issuer, `i${++serial}`), run, {});
      }),
      { numRuns: 60 },
    );
  });

  it('for a leaf of a batch, from the proof on', async () => {
    const items: CertificateContent[] = Array.from({ length: 300 }, (_, index) => content(issuer, `leaf${index}`));
    const batch: Accepted = await world.submit(issuer, 'certificate:IssueBatch', { items });
    let next = 0;
    await fc.assert(
      fc.asyncProperty(attempts, async (run) => {
        const proof = leafProof(issuer, items, batch, next++);
        await historyHolds(proof.leaf.certificateId, run, { proof });
      }),
      { numRuns: 40 },
    );
  });
});

type Attempt = typeof attempts extends fc.Arbitrary<(infer A)[]> ? A : never;
