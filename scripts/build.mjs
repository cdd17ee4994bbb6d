// Builds dist/: writes the contracts' digest, compiles, and marks the chaincode as CommonJS.
// Plain JavaScript, because it runs before anything is compiled.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeCodeDigest } from './build/code-digest.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
if (!existsSync(join(root, 'node_modules/typescript'))) {
  console.error('The packages are not installed: run npm ci first.');
  process.exit(1);
}
writeCodeDigest(root);
// The compiler's complaints go to standard error: `npm run token` has standard output for the token alone.
const compiled = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', root], {
  stdio: ['inherit', 2, 2],
});
if (compiled.status !== 0) process.exit(compiled.status ?? 1);
mkdirSync(join(root, 'dist/chaincode'), { recursive: true });
copyFileSync(join(root, 'chaincode/package.json'), join(root, 'dist/chaincode/package.json'));
