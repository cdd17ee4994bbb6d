import { describe, expect, it } from 'vitest';
import { durationText, factsText, placeText } from '../../scripts/verify/facts.js';

describe('facts in the reader’s words', () => {
  const reader = (language: 'zh' | 'en') => ({ language, nameOf: (id: unknown) => `<${String(id)}>` });

  it('name fields and agencies, and give digests in one piece', () => {
    const digest = { alg: 'sha-256', value: 'ab' };
    const facts = { to: 'A1', manifest: [{ code: 'form', digest }], holder: { agency: 'A2', province: '310000' }, odd: null };
    expect(factsText(facts, reader('en'))).toBe('to <A1>; manifest [(code form; digest sha-256 ab)]; holder <A2>; odd null');
    expect(factsText(facts, reader('zh'))).toBe('交给 <A1>; 移交清单 [(代码 form; 摘要 sha-256 ab)]; 办理机构 <A2>; odd null');
  });

  it('keep what they do not know as it is, also names that objects inherit', () => {
    expect(factsText({ constructor: 'x', toString: 1 }, reader('en'))).toBe('constructor x; toString 1');
    expect(placeText('constructor/1', 'en')).toBe('constructor 1');
    expect([placeText('timeline/3', 'zh'), placeText('uses/u/release', 'en')]).toEqual(['办理过程第 3', 'use u release']);
  });

  it.each([
    [0, '0 ms', '0毫秒'],
    [999, '999 ms', '999毫秒'],
    [61_500, '1 min 1 s', '1分1秒'],
    [90_000_000, '1 d 1 h', '1天1小时'],
    [-3_600_000, '-1 h', '-1小时'],
  ])('say of %i ms %s and %s', (milliseconds, en, zh) => {
    expect([durationText(milliseconds, 'en'), durationText(milliseconds, 'zh')]).toEqual([en, zh]);
  });
});
