import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const FOLDERS = ['chaincode', 'network', 'api', 'scripts', 'test'] as const;
type Folder = (typeof FOLDERS)[number];

/** What each folder may import from; dependencies point one way. */
const MAY_IMPORT: Record<Folder, readonly Folder[]> = {
  chaincode: ['chaincode'],
  network: ['network', 'chaincode'],
  api: ['api', 'network', 'chaincode'],
  scripts: ['scripts', 'api', 'network', 'chaincode'],
  test: ['test', 'scripts', 'api', 'network', 'chaincode'],
};

/** What a contract may load: nothing that reads a clock, draws randomness or does I/O. */
const CHAINCODE_PACKAGES = [
  /^fabric-contract-api$/,
  /^fabric-shim$/,
  /^typebox(\/compile)?$/,
  /^@noble\/hashes\//,
  /^canonicalize$/,
  /^node:crypto$/,
];

function sources(folder: Folder): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const pattern = /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;
  return [...text.matchAll(pattern)].map((match) => (match[1] ?? match[2]) as string);
}

/** Each import of a file that leads to one of our folders, as `[file, path from the root]`. */
function internalImports(file: string): [string, string][] {
  return importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => [file, relative(ROOT, normalize(join(ROOT, dirname(file), specifier)))]);
}

function topOf(path: string): string {
  return path.split('/')[0] as string;
}

describe('the direction of dependencies', () => {
  it.each(FOLDERS)('%s imports only what stands below it', (folder) => {
    const wrong = sources(folder)
      .flatMap(internalImports)
      .filter(([, target]) => !MAY_IMPORT[folder].includes(topOf(target) as Folder));
    expect(wrong).toEqual([]);
  });

  it('chaincode loads no package but the listed ones', () => {
    const wrong = sources('chaincode').flatMap((file) =>
      importsOf(file)
        .filter((specifier) => !specifier.startsWith('.') && !CHAINCODE_PACKAGES.some((allowed) => allowed.test(specifier)))
        .map((specifier) => `${file}: ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it('only one file of the api knows which ledger stands below, and the settings the profile', () => {
    const knowing = sources('api')
      .flatMap(internalImports)
      .filter(([, target]) => /^network\/(embedded|fabric)\//.test(target))
      .map(([file, target]) => (target === 'network/fabric/profile.js' ? `${file} the profile` : file));
    expect(new Set(knowing)).toEqual(new Set(['api/open-ledger.ts', 'api/settings.ts the profile']));
  });

  it('nothing of the api but its composition knows routes and plugins: HTTP stands on use cases, not they on it', () => {
    const isHttp = (path: string) => /^api\/(routes|plugins)\//.test(path);
    const wrong = sources('api')
      .filter((file) => !isHttp(file) && !['api/app.ts', 'api/server.ts'].includes(file))
      .flatMap(internalImports)
      .filter(([, target]) => isHttp(target));
    expect(wrong).toEqual([]);
  });

  it('sees imports at all', () => {
    expect(internalImports('network/embedded/simulation.ts')).toEqual([
      ['network/embedded/simulation.ts', 'network/embedded/dispatcher.js'],
    ]);
  });
});

describe('the shape of the repository', () => {
  it('has no other source folder', () => {
    const folders = readdirSync(ROOT)
      .filter((name) => !name.startsWith('.') && statSync(join(ROOT, name)).isDirectory())
      .filter((name) => !['node_modules', 'dist', 'data', 'network-data'].includes(name));
    expect(folders.sort()).toEqual([...FOLDERS].sort());
  });

  it('keeps every source file within 250 lines', () => {
    const long = FOLDERS.flatMap((folder) => sources(folder)).filter(
      (file) => !file.includes('/generated/') && readFileSync(join(ROOT, file), 'utf8').split('\n').length > 251,
    );
    expect(long).toEqual([]);
  });

  it('skips no test without its reason, which the end of a run tells', () => {
    const silent = sources('test').filter((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      const conditional = [...text.matchAll(/\b(?:skipIf|runIf)\(/g)].length;
      const reasoned = [...text.matchAll(/\bskipIf\([^\n]*\)\(\s*`[^`]*\$\{/g)].length;
      return conditional > reasoned || /\b(?:it|describe)\.(?:skip|todo)\b|\.skip\(\)/.test(text);
    });
    expect(silent).toEqual([]);
  });

  it.each(FOLDERS)('%s has a README of its own', (folder) => {
    expect(readFileSync(join(ROOT, folder, 'README.md'), 'utf8')).toMatch(/^# /);
  });
});
