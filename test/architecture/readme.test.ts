import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ADVICE } from '../../api/settings.js';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const READMES = ['README.md', ...['chaincode', 'network', 'api', 'scripts', 'test'].map((folder) => `${folder}/README.md`)];
const manifest = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

function tableUnder(heading: string): string[] {
  const section = read('README.md').split(`## ${heading}`)[1]?.split('\n## ')[0] ?? '';
  return section.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
}

function namesIn(cells: readonly string[]): string[] {
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string));
}

const firstCells = (heading: string) => tableUnder(heading).map((line) => line.split('|')[1] ?? '');

describe('what the READMEs claim', () => {
  it.each(READMES)('%s names only commands that exist', (file) => {
    const pattern = /\bnpm run (?:--silent )?([a-z]+)|(?:^|`|&& )npm ([a-z]+)/gm;
    const commands = [...read(file).matchAll(pattern)].map((match) => (match[1] ?? match[2]) as string);
    const known = [...Object.keys(manifest.scripts), 'ci', 'run'];
    expect(commands.filter((command) => !known.includes(command))).toEqual([]);
  });

  it.each(READMES)('%s names only files that exist', (file) => {
    const folder = file.includes('/') ? (file.split('/')[0] as string) : '';
    const paths = namesIn([read(file)]).filter((name) => /^(?:chaincode|network|api|scripts|test)\/[\w./-]+$/.test(name));
    expect(paths.filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(ROOT, folder, path)))).toEqual([]);
  });

  it('the settings table holds every setting and no other', () => {
    expect(namesIn(firstCells('Configuration')).sort()).toEqual(Object.keys(ADVICE).sort());
  });

  it('the dependency table holds every package and no other', () => {
    const packages = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
    expect(namesIn(firstCells('Dependencies')).sort()).toEqual(packages.sort());
  });

  it('every clause of the regulations leads to a test file that exists', () => {
    const shown = tableUnder('What the regulations ask, and what serves it')
      .slice(1)
      .map((line) => line.split('|').at(-2) ?? '');
    expect(shown.length).toBeGreaterThan(8);
    for (const cell of shown) {
      const [path] = namesIn([cell]);
      expect(existsSync(join(ROOT, path as string)), cell).toBe(true);
    }
  });

  it('the documents that the README sends to verify are there', () => {
    const files = [...read('README.md').matchAll(/file=@(\S+)/g)].map((match) => match[1] as string);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(existsSync(join(ROOT, file)), file).toBe(true);
  });

  it('every test folder is described', () => {
    const folders = readdirSync(join(ROOT, 'test'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of folders) expect(read('test/README.md')).toContain(`| \`${name}\` |`);
  });
});
