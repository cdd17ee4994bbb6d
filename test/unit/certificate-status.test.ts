import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CertificateChange } from '../../chaincode/transactions/certificate/certificate.js';
import { type Dated, stateOf, statusAt, VERDICTS } from '../../chaincode/transactions/certificate/status.js';

const day = (number: number) => new Date(Date.UTC(2026, 0, number)).toISOString();

/** Issued on day 10, valid from day 20 to day 90. */
const certificate = (...changes: CertificateChange[]): Dated => ({
  validFrom: day(20),
  validTo: day(90),
  issuedAt: day(10),
  changes,
});

const change = (kind: CertificateChange['change'], effective: number, recorded = effective): CertificateChange => ({
  change: kind,
  effectiveAt: day(effective),
  recordedAt: day(recorded),
  transaction: 'f'.repeat(64),
});

const verdict = (dated: Dated, asOf: number, knownAt = 1000) =>
  statusAt(dated, { asOf: day(asOf), knownAt: day(knownAt) }).verdict;

describe('a certificate without changes', () => {
  it('is not yet valid before validFrom and valid from that instant', () => {
    expect(verdict(certificate(), 19)).toBe('not-yet-valid');
    expect(verdict(certificate(), 20)).toBe('valid');
  });

  it('is valid at the instant of validTo and expired a millisecond later', () => {
    expect(verdict(certificate(), 90)).toBe('valid');
    const after = new Date(Date.parse(day(90)) + 1).toISOString();
    expect(statusAt(certificate(), { asOf: after, knownAt: after })).toEqual({ verdict: 'expired' });
  });

  it('never expires without validTo', () => {
    const { validTo: _none, ...endless } = certificate();
    expect(verdict(endless, 100_000)).toBe('valid');
  });

  it('is unknown to a ledger that has not recorded it yet, whatever day is asked about', () => {
    expect(verdict(certificate(), 30, 9)).toBe('unknown');
    expect(verdict(certificate(), 5, 9)).toBe('unknown');
    expect(verdict(certificate(), 30, 10)).toBe('valid');
  });

  it('compares instants and not their spelling', () => {
    const spelt = { ...certificate(), validTo: '2026-03-31T00:00:00Z' };
    const at = '2026-03-31T00:00:00.000Z';
    expect(statusAt(spelt, { asOf: at, knownAt: at }).verdict).toBe('valid');
  });
});

describe('a change of status', () => {
  const suspended = certificate(change('suspended', 30, 35));

  it('counts from its effective time on', () => {
    expect(verdict(suspended, 29)).toBe('valid');
    expect(verdict(suspended, 30)).toBe('suspended');
  });

  it('is hidden from a question about what was known before it was recorded', () => {
    expect(verdict(suspended, 30, 34)).toBe('valid');
    expect(verdict(suspended, 30, 35)).toBe('suspended');
  });

  it('is given with the verdict, so that its reason and legal basis can be told', () => {
    expect(statusAt(suspended, { asOf: day(31), knownAt: day(36) })).toEqual({
      verdict: 'suspended',
      change: change('suspended', 30, 35),
    });
  });

  it('announced for the future leaves the present alone', () => {
    const announced = certificate(change('suspended', 50, 30));
    expect(verdict(announced, 49)).toBe('valid');
    expect(verdict(announced, 50)).toBe('suspended');
  });

  it('undone by a reinstatement stays in the past', () => {
    const reinstated = certificate(change('suspended', 30), change('reinstated', 40, 45));
    expect([verdict(reinstated, 29), verdict(reinstated, 39), verdict(reinstated, 40)]).toEqual(['valid', 'suspended', 'valid']);
    expect(verdict(reinstated, 40, 44)).toBe('suspended');
  });

  it('loses to a later one that is effective at the same instant', () => {
    expect(verdict(certificate(change('suspended', 30), change('reinstated', 30, 31)), 30)).toBe('valid');
  });

  it('can reach back before an earlier one when it is a revocation', () => {
    const revoked = certificate(change('suspended', 40), change('reinstated', 50), change('revoked', 30, 60));
    expect(verdict(revoked, 45)).toBe('revoked');
    expect(verdict(revoked, 45, 59)).toBe('suspended');
    expect(verdict(revoked, 29)).toBe('valid');
  });
});

describe('precedence', () => {
  const suspension = change('suspended', 30);
  const supersession = change('superseded', 40);
  const revocation = change('revoked', 50);

  it.each([
    { asOf: 100, changes: [], expected: 'expired' },
    { asOf: 100, changes: [suspension], expected: 'suspended' },
    { asOf: 100, changes: [suspension, supersession], expected: 'superseded' },
    { asOf: 100, changes: [suspension, supersession, revocation], expected: 'revoked' },
    { asOf: 100, changes: [supersession], expected: 'superseded' },
    { asOf: 100, changes: [supersession, revocation], expected: 'revoked' },
    { asOf: 100, changes: [revocation], expected: 'revoked' },
    { asOf: 45, changes: [supersession, revocation], expected: 'superseded' },
    { asOf: 15, changes: [change('revoked', 12)], expected: 'revoked' },
    { asOf: 15, changes: [change('suspended', 12)], expected: 'suspended' },
    { asOf: 100, changes: [suspension, change('reinstated', 35)], expected: 'expired' },
    { asOf: 15, changes: [change('suspended', 11), change('reinstated', 12)], expected: 'not-yet-valid' },
  ])('gives $expected for day $asOf after $changes.length changes', ({ asOf, changes, expected }) => {
    expect(verdict(certificate(...changes), asOf)).toBe(expected);
  });
});

describe('where the changes have led', () => {
  it.each([
    { kinds: [], state: 'valid' },
    { kinds: ['suspended'], state: 'suspended' },
    { kinds: ['suspended', 'reinstated'], state: 'valid' },
    { kinds: ['superseded'], state: 'superseded' },
    { kinds: ['superseded', 'revoked'], state: 'revoked' },
  ] as const)('after $kinds is $state', ({ kinds, state }) => {
    expect(stateOf(kinds.map((kind) => change(kind, 30)))).toBe(state);
  });
});

describe('over all histories that the contract allows', () => {
  const moment = fc.integer({ min: 1, max: 120 });

  /** Suspensions and reinstatements in order of effect, then perhaps ends, of which a revocation may reach back. */
  const histories = fc
    .record({
      interruptions: fc.array(fc.record({ gap: fc.integer({ min: 0, max: 9 }), delay: fc.integer({ min: 0, max: 5 }) }), {
        maxLength: 4,
      }),
      ends: fc.constantFrom<('superseded' | 'revoked')[]>([], ['superseded'], ['revoked'], ['superseded', 'revoked']),
      back: fc.integer({ min: 0, max: 40 }),
    })
    .map(({ interruptions, ends, back }) => {
      let effective = 10;
      let recorded = 10;
      const changes = interruptions.map(({ gap, delay }, index) => {
        effective += gap;
        recorded = Math.max(recorded, effective + delay);
        return change(index % 2 === 0 ? 'suspended' : 'reinstated', effective, recorded);
      });
      for (const end of ends) {
        recorded += 1;
        changes.push(change(end, end === 'revoked' ? Math.max(10, recorded - back) : recorded, recorded));
      }
      return certificate(...changes);
    });

  it('revoked stays revoked for every later day and all later knowledge', () => {
    fc.assert(
      fc.property(histories, moment, moment, moment, moment, (dated, asOf, later, knownAt, wiser) => {
        fc.pre(verdict(dated, asOf, knownAt) === 'revoked');
        expect(verdict(dated, asOf + later, knownAt + wiser)).toBe('revoked');
      }),
    );
  });

  it('superseded becomes nothing but revoked', () => {
    fc.assert(
      fc.property(histories, moment, moment, moment, moment, (dated, asOf, later, knownAt, wiser) => {
        fc.pre(verdict(dated, asOf, knownAt) === 'superseded');
        expect(['superseded', 'revoked']).toContain(verdict(dated, asOf + later, knownAt + wiser));
      }),
    );
  });

  it('what is known at a time does not depend on what is recorded after it', () => {
    fc.assert(
      fc.property(histories, moment, moment, (dated, asOf, knownAt) => {
        const then = { ...dated, changes: dated.changes.filter((each) => each.recordedAt <= day(knownAt)) };
        expect(verdict(dated, asOf, knownAt)).toBe(knownAt < 10 ? 'unknown' : verdict(then, asOf));
      }),
    );
  });

  it('agrees with a plain reading of the rules', () => {
    const plain = (dated: Dated, asOf: number, knownAt: number) => {
      if (knownAt < 10) return 'unknown';
      const known = dated.changes.filter((each) => each.recordedAt <= day(knownAt) && each.effectiveAt <= day(asOf));
      const kinds = known.map((each) => each.change);
      const suspensions = kinds.filter((kind) => kind === 'suspended').length;
      const reinstatements = kinds.filter((kind) => kind === 'reinstated').length;
      const holds = {
        revoked: kinds.includes('revoked'),
        superseded: kinds.includes('superseded'),
        suspended: suspensions > reinstatements,
        expired: asOf > 90,
        'not-yet-valid': asOf < 20,
        valid: true,
        unknown: false,
      };
      return VERDICTS.find((each) => holds[each]);
    };
    fc.assert(
      fc.property(histories, moment, moment, (dated, asOf, knownAt) => {
        expect(verdict(dated, asOf, knownAt)).toBe(plain(dated, asOf, knownAt));
      }),
      { numRuns: 1000 },
    );
  });
});
