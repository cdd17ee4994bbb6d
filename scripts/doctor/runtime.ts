/** Node itself, the installed packages, and the compiled code. */
import { getHashes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { type Finding, fault, ok } from './finding.js';

const NODE = 'node';
const PACKAGES = 'packages';

/** The embedded ledger needs `node:sqlite`, certificates need SM3; the `node` package brings both. */
export function checkNode(version = process.versions.node, hashes = getHashes()): Finding {
  const advice = 'Run npm ci: it installs the right Node beside the packages, and npm start, npm run and npx use that one.';
  if (Number(version.split('.')[0]) < 24 || !isBuiltin('node:sqlite')) return fault(NODE, `Node ${version} is too old`, advice);
  if (!hashes.includes('sm3')) return fault(NODE, `Node ${version} has no SM3`, advice);
  return ok(NODE, `Node ${version}, with SQLite and SM3`);
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;
}

/** Every package that the lock names, in the version it names. */
export function checkPackages(root: string): Finding {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const wanted = Object.entries(lock.packages).filter(([path, { optional }]) => path.startsWith('node_modules/') && !optional);
  const wrong = wanted.filter(([path, { version }]) => {
    const manifest = join(root, path, 'package.json');
    return !existsSync(manifest) || JSON.parse(readFileSync(manifest, 'utf8')).version !== version;
  });
  if (wrong.length === 0) return ok(PACKAGES, `${wanted.length} packages, each in the version of package-lock.json`);
  const names = wrong.slice(0, 5).map(([path]) => path.slice('node_modules/'.length));
  return fault(PACKAGES, `${wrong.length} missing or in another version: ${names.join(', ')}`, 'Run npm ci.');
}
