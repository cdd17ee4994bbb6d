/** The second step of the ceremony: block 0 of four public parts, on any machine, because no key is needed. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFourParts } from '../definition/four-parts.js';
import { networkPaths } from '../definition/network-folder.js';
import { layOut, publicPartFile } from '../definition/public-part.js';
import { writeWhole } from '../identity/files.js';
import { inFolder } from './configtxlator.js';
import { NetworkFault } from './fault.js';
import { makeGenesis } from './genesis.js';
import { findPrograms } from './programs.js';

/** The name of block 0 beside the public parts that it was made of. */
export const ASSEMBLED_BLOCK = 'genesis.block';

/** @throws NetworkFault when a file is not there */
export function readGiven(file: string): Buffer {
  if (!existsSync(file)) throw new NetworkFault(`there is no ${file}: name the files that identities and assemble wrote`);
  return readFileSync(file);
}

/**
 * Writes block 0 and, beside it, the public parts as they came. Block 0 is written last: a folder that has it is whole.
 * @param out absolute; empty or not there
 * @returns the files that it wrote
 * @throws NetworkFault, DefinitionRefused
 */
export async function assemble(files: readonly string[], out: string): Promise<readonly string[]> {
  const programs = findPrograms();
  const { definition, parts } = readFourParts(
    files.map((file) => ({ file, text: readGiven(file).toString('utf8') })),
    Date.now(),
  );
  if (existsSync(out) && readdirSync(out).length > 0) throw new NetworkFault(`${out} is not empty: name another folder`);
  const genesis = await inFolder(async (staging) => {
    for (const { part } of parts) layOut(staging, part);
    await makeGenesis(definition, staging, programs);
    return readFileSync(networkPaths(staging).genesis);
  });
  mkdirSync(out, { recursive: true });
  const written = parts.map(({ part, text }) => [join(out, publicPartFile(part.province)), text] as const);
  const all = [...written, [join(out, ASSEMBLED_BLOCK), genesis] as const];
  for (const [file, content] of all) writeWhole(file, content, 0o644);
  return all.map(([file]) => file);
}
