import { describe, expect, it } from 'vitest';
import { Refusal } from '../../chaincode/errors.js';
import { CODE_DIGEST } from '../../chaincode/generated/code-digest.js';
import { PROVINCES } from '../../chaincode/provinces.js';
import type { Answer } from '../../network/fabric/answer.js';
import type { Probed } from '../../network/fabric/probe.js';
import { judgeAnswers } from '../../scripts/doctor/network-answers.js';
import { judgeDays } from '../../scripts/doctor/network-hops.js';

function endorsed(codeDigest = CODE_DIGEST): Answer {
  return { kind: 'endorsed', mspId: '', response: { payload: Buffer.from(JSON.stringify({ codeDigest })) } } as unknown as Answer;
}

function trouble(message: string): Answer {
  return { kind: 'trouble', mspId: '', message };
}

/** What all peers answer, Anhui's apart. */
function probed(anhui: Answer): readonly Probed[] {
  return PROVINCES.map((province) => ({
    province: province as unknown as Probed['province'],
    answer: province.slug === 'anhui' ? anhui : endorsed(),
  }));
}

const faultsOf = (answer: Answer) => judgeAnswers(probed(answer)).filter(({ verdict }) => verdict !== 'ok');

describe('the doctor on what peers answer', () => {
  it('is content with four that run this build', () => {
    const findings = judgeAnswers(probed(endorsed()));
    expect(findings.map(({ check, verdict }) => [check, verdict])).toEqual(
      ['clock', 'msp', 'channel', 'chaincode', 'code'].map((check) => [check, 'ok']),
    );
  });

  it.each([
    ['clock', { kind: 'clock', mspId: '', message: 'incorrect timestamp' } as Answer, 'NTP'],
    ['msp', trouble("the certificate is not one of AnhuiMSP's authority"), 'roots'],
    ['msp', { kind: 'refused', mspId: '', refusal: new Refusal('auth.invalid') } as Answer, 'authority'],
    ['channel', trouble("channel 'delta' not found"), 'lets it join'],
    ['chaincode', trouble('chaincode trust not found'), 'approved'],
    ['chaincode', { kind: 'failed', mspId: '', message: 'it failed' } as Answer, 'service'],
    ['connection', trouble('no answer within 20000 ms'), 'log of that peer'],
  ])('names the hop %s, the province and what to do', (check, answer, advice) => {
    expect(faultsOf(answer)).toMatchObject([
      { check, verdict: 'fault', found: expect.stringContaining('AnhuiMSP'), advice: expect.stringContaining(advice) },
    ]);
  });

  it('names a province that runs another build', () => {
    expect(faultsOf(endorsed('ab'.repeat(32)))).toMatchObject([
      { check: 'code', verdict: 'note', found: expect.stringContaining('AnhuiMSP abababababababab') },
    ]);
  });
});

describe('the doctor on certificates', () => {
  const now = Date.parse('2026-11-25T00:00:00Z');
  const days = (count: number) => now + count * 86_400_000;

  it('is silent about long ones, notes short ones, and calls one that ran out a fault', () => {
    expect(judgeDays('peer', days(30), now)).toBeUndefined();
    expect(judgeDays('peer', days(29), now)).toMatchObject({ verdict: 'note', found: 'that of the peer has 29 days left' });
    expect(judgeDays('peer', days(-2), now)).toMatchObject({ verdict: 'fault', found: 'that of the peer ran out 2 days ago' });
  });
});
