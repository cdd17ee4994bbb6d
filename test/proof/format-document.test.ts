import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../network/proof/checks.js';

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
