import { describe, expect, it } from 'vitest';
import { brokenRules } from '../../scripts/faults/history/rules.js';
import { stateHashOf } from '../../scripts/faults/history/view.js';
import { chain, view } from '../support/fault-history.js';

type Writes = Readonly<Record<string, object>>;

/** One transaction a block, each with its function and what it writes. */
function ledgerOf(...transactions: readonly (readonly [name: string, writes: Writes, code?: string])[]) {
  const blocks = transactions.map(([name, writes, code = 'VALID'], index) => [
    {
      id: `tx-${index}`,
      code,
      function: name,
      writes: Object.entries(writes).map(([key, value]) => ({ key, value: JSON.stringify(value) })),
    },
  ]);
  return view('ShanghaiMSP', chain(blocks));
}

const granted = (status: string) => ['grant:RequestGrant', { 'grant~g': { grantId: 'g', status, maxUses: 2 } }] as const;
const used = (useId: string, decision = 'permitted', code = 'VALID') =>
  ['grant:UseGrant', { [`use~${useId}`]: { grantId: 'g', useId, decision } }, code] as const;
const accepted = (code = 'VALID') => ['case:AcceptHandoff', { 'handoff~c~00000001': { status: 'accepted' } }, code] as const;

describe('the rules that a fault could break', () => {
  it('hold for a grant used as often as allowed and no more', () => {
    expect(brokenRules(ledgerOf(granted('active'), used('a'), used('b'), used('c', 'denied')))).toEqual([]);
  });

  it('hold for what was ordered and found invalid', () => {
    const invalid = 'MVCC_READ_CONFLICT';
    const ledger = ledgerOf(
      granted('active'),
      used('a'),
      used('b'),
      used('c', 'permitted', invalid),
      accepted(),
      accepted(invalid),
    );
    expect(brokenRules(ledger)).toEqual([]);
  });

  it('are broken by a use too many', () => {
    expect(brokenRules(ledgerOf(granted('active'), used('a'), used('b'), used('c')))).toEqual(['grant g was used 3 times']);
  });

  it('are broken by a use after the revocation', () => {
    expect(brokenRules(ledgerOf(granted('active'), granted('revoked'), used('a')))).toEqual([
      'use a was permitted while its grant was revoked',
    ]);
  });

  it('are broken by a hand-off that is accepted twice', () => {
    expect(brokenRules(ledgerOf(accepted(), accepted()))).toEqual(['handoff~c~00000001 was accepted twice']);
  });

  it.each(['operation~a~one', 'entry~c~00000001', 'certificate-digest~sha-256~00', 'agency~a'])(
    'are broken by %s written twice',
    (key) => {
      const broken = brokenRules(ledgerOf(['f', { [key]: {} }], ['f', { [key]: {} }]));
      expect(broken).toEqual([expect.stringMatching(`${key} was written twice, the second time by tx-`)]);
    },
  );
});

describe('the state that blocks make', () => {
  it('is the same for the same writes, and another for another value, key or a delete', () => {
    const hashOf = (...writes: { key: string; value: string | null }[]) =>
      stateHashOf(chain(writes.map((write) => [{ id: 'x', code: 'VALID', function: 'f', writes: [write] }])));
    const one = hashOf({ key: 'a', value: '1' }, { key: 'b', value: '2' });
    expect(hashOf({ key: 'b', value: '2' }, { key: 'a', value: '1' })).toBe(one);
    expect(hashOf({ key: 'a', value: '1' }, { key: 'b', value: '2' }, { key: 'c', value: '3' }, { key: 'c', value: null })).toBe(
      one,
    );
    expect(hashOf({ key: 'a', value: '1' }, { key: 'b', value: '3' })).not.toBe(one);
    expect(hashOf({ key: 'a', value: '1' }, { key: 'b', value: null })).not.toBe(one);
  });
});
