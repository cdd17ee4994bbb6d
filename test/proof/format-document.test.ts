import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../network/proof/checks.js';
import { EVIDENCE_CHECKS } from '../../network/proof/evidence/verify-evidence.js';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'network/proof/FORMAT.md'), 'utf8');
const receipt = readFileSync(join(ROOT, 'test/vectors/receipts/holds-certificate/receipt.json'), 'utf8');

/** The example with every value shortened alike: what is left is the form. */
const shape = (text: string) => text.replace(/"(payload|endorser|signature)":"[^"]*"/g, '"$1":""');

describe('FORMAT.md', () => {
  it('begins with an example in the form of a receipt that is kept', () => {
    const example = /```json\n(.+)\n```/.exec(page)?.[1] ?? '';
    expect(shape(example)).toBe(shape(receipt));
    expect(page.indexOf(example)).toBeLessThan(100);
    expect(receipt).toContain(`"payload":"${/"payload":"(Ci.)/.exec(receipt)?.[1]}`);
  });

  it('lists the checks that there are, in their order', () => {
    expect([...page.matchAll(/^\d\. `([a-z]+)`/gm)].map((match) => match[1])).toEqual([...CHECKS]);
  });

  it('is one page', () => {
    expect(page.split('\n').length).toBeLessThan(80);
  });
});

describe('EVIDENCE.md', () => {
  const evidencePage = readFileSync(join(ROOT, 'network/proof/evidence/EVIDENCE.md'), 'utf8');
  const kept = readFileSync(join(ROOT, 'test/vectors/evidence/holds-certificate-second-version/evidence.json'), 'utf8');
  const namesIn = (text: string) => [...text.matchAll(/"([a-zA-Z]+)":/g)].map((match) => match[1] as string);

  it('begins with an example whose sections are those of evidence that is kept', () => {
    const example = /```json\n(.+)\n```/.exec(evidencePage)?.[1] ?? '';
    const { story } = JSON.parse(kept) as { story: object };
    expect(evidencePage.indexOf(example)).toBeLessThan(100);
    expect(example.startsWith(kept.slice(0, 40))).toBe(true);
    const sections = ['format', 'receipts', 'story', ...Object.keys(story), 'thing'];
    expect(sections.filter((name) => !namesIn(example).includes(name))).toEqual([]);
    expect(namesIn(example).filter((name) => !namesIn(kept).includes(name))).toEqual([]);
  });

  it('lists the checks that there are, in their order', () => {
    const listed = [...evidencePage.matchAll(/^\d\. (.+):/gm)].flatMap((match) => [
      ...(match[1] as string).matchAll(/`([a-z]+)`/g),
    ]);
    expect(listed.map((match) => match[1])).toEqual([...EVIDENCE_CHECKS]);
  });

  it('is one page', () => {
    expect(evidencePage.split('\n').length).toBeLessThan(80);
  });
});
