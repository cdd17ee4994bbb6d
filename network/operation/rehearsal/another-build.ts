/** Another build of this very code, but for one rule behind a feature: what an upgrade is rehearsed with. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CODE_DIGEST } from '../../../chaincode/generated/code-digest.js';
import type { Build } from '../upgrade-chaincode.js';

const DIST = resolve(import.meta.dirname, '../../..');
export const FEATURE = 'rehearsal-mark';
const RULE = 'chaincode/transactions/registry/register-instrument.js';

/** Copies the compiled chaincode and its service, and changes what an instrument's record says once the feature is active. */
export function anotherBuild(): { readonly build: Build; readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'another-build-'));
  for (const part of ['chaincode', 'network']) cpSync(join(DIST, part), join(folder, part), { recursive: true });
  const packages = [join(DIST, 'node_modules'), join(DIST, '../node_modules')].find((path) => existsSync(path)) ?? '';
  symlinkSync(packages, join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const rule = readFileSync(join(folder, RULE), 'utf8');
  const changed = rule.replace(
    /tx\.state\.put\(/,
    `if (tx.features.includes('${FEATURE}')) record.mark = true;\n        tx.state.put(`,
  );
  if (changed === rule) throw new Error(`${RULE} is not written as the rehearsal expects: adapt network/operation/rehearsal`);
  writeFileSync(join(folder, RULE), changed);
  const codeDigest = createHash('sha256').update(CODE_DIGEST).update(changed).digest('hex');
  const generated = join(folder, 'chaincode/generated/code-digest.js');
  writeFileSync(generated, readFileSync(generated, 'utf8').replaceAll(CODE_DIGEST, codeDigest));
  const service = join(folder, 'network/chaincode-service/main.js');
  return { build: { codeDigest, version: `1-${codeDigest.slice(0, 16)}`, service }, folder };
}
