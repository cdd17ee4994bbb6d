import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROBLEM_CODES } from '../../api/http/problem-table.js';
import { REFUSAL_CODES } from '../../chaincode/errors.js';

/** Where codes are listed, not raised. */
const LISTS = /^(?:chaincode\/errors\.ts|api\/http\/problems\/)/;

const CODE = "'[a-z-]+\\.[a-z-]+'";

/** What names a code and raises nothing: comments, lists of what a route may answer, comparisons, types, names of properties. */
const UNRAISED = [
  /\/\*[\s\S]*?\*\//g,
  /^\s*\/\/.*$/gm,
  /\b(?:problems|[A-Z_]*PROBLEMS)\b(?:: [\w<> ]+\[\])?\s*[=:][^[\n;]*\[[^\]]*\]/g,
  new RegExp(`[=!]==\\s*${CODE}`, 'g'),
  new RegExp(`(?<!\\|)\\|\\s*${CODE}`, 'g'),
  new RegExp(`(?:^|[{,])\\s*${CODE}\\s*:`, 'gm'),
];

function raisedIn(source: string): Set<string> {
  const left = UNRAISED.reduce((text, pattern) => text.replace(pattern, ''), source);
  return new Set([...left.matchAll(new RegExp(CODE, 'g'))].map(([quoted]) => quoted.slice(1, -1)));
}

describe('every code that the API documents', () => {
  it('is raised by a line of the contracts, the API or the network', () => {
    const files = ['chaincode', 'api', 'network'].flatMap((folder) => globSync(`${folder}/**/*.ts`));
    const sources = files.filter((file) => !LISTS.test(file)).map((file) => readFileSync(file, 'utf8'));
    const raised = raisedIn(sources.join('\n'));
    const codes = new Set<string>([...PROBLEM_CODES, ...REFUSAL_CODES]);
    expect(codes.size).toBeGreaterThan(90);
    expect([...codes].filter((code) => !raised.has(code))).toEqual([]);
  });

  it.each([
    "ensure(agreed, 'a.b');",
    "throw new Refusal('a.b', { id });",
    "throw new Problem(found ? 'a.b' : 'c.d');",
    "return found ? undefined : 'a.b';",
    "const code = fault ?? 'a.b';",
    "absent(tx, key, 'a.b', id)",
  ])('counts as raised in %j', (line) => {
    expect(raisedIn(line)).toContain('a.b');
  });

  it.each([
    "// throws 'a.b'",
    "/** @throws Refusal 'a.b' */",
    "problems: ['c.d', 'a.b'],",
    "const WRITE_PROBLEMS: readonly ProblemCode[] = [\n  'a.b',\n];",
    "if (code === 'a.b') return;",
    "type Known = 'c.d' | 'a.b';",
    "const TITLES = {\n  'a.b': 'something',\n};",
  ])('does not count as raised in %j', (line) => {
    expect(raisedIn(line)).not.toContain('a.b');
  });
});
