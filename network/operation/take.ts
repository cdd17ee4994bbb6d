/**
 * The third step of the ceremony, on each host: block 0 beside the province's own keys. The host believes nothing of
 * whoever assembled it: it makes block 0 itself of the four public parts, compares, and writes its settings by its own build.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROVINCES, type Province } from '../../chaincode/provinces.js';
import { configurationDifference } from '../definition/compare-genesis.js';
import type { Member } from '../definition/definition.js';
import { readFourParts } from '../definition/four-parts.js';
import { networkPaths } from '../definition/network-folder.js';
import { layOut, publicPartFile } from '../definition/public-part.js';
import { ASSEMBLED_BLOCK, readGiven } from './assemble.js';
import { completeFolder } from './complete-folder.js';
import { inFolder } from './configtxlator.js';
import { NetworkFault } from './fault.js';
import { makeGenesis } from './genesis.js';
import { withLock } from './lock-network.js';
import { findPrograms } from './programs.js';

function homeOf(root: string): Province {
  const names = existsSync(root) ? readdirSync(root) : [];
  const home = PROVINCES.find(({ slug }) => names.includes(publicPartFile(slug)));
  if (!home) throw new NetworkFault(`${root} holds no province's identities: name the --folder of the identities command`);
  if (existsSync(networkPaths(root).record))
    throw new NetworkFault(`${root} has its part of a network already: give up or join there, or take into another folder`);
  return home;
}

/** @throws NetworkFault naming where the blocks differ */
function checkGenesis(file: string, genesis: Uint8Array, own: Uint8Array): void {
  let difference: string | undefined;
  try {
    difference = configurationDifference(genesis, own);
  } catch {
    throw new NetworkFault(`${file} is no block 0: take it again from whoever assembled it`);
  }
  if (difference !== undefined)
    throw new NetworkFault(
      `${file} is not the block 0 that this build makes of the four public parts beside it (${difference} differs), and nothing was taken: have it assembled again by this build, and ask who changed it`,
    );
}

/**
 * @param root absolute, where `identities` made the province's keys @param from absolute, what `assemble` wrote
 * @returns the files whose digests the four compare before they start anything
 * @throws NetworkFault, DefinitionRefused; the keys are never touched, and the command may be given again
 */
export function take(root: string, from: string): Promise<readonly string[]> {
  const programs = findPrograms();
  const home = homeOf(root);
  return withLock(root, async () => {
    const files = PROVINCES.map(({ slug }) => join(from, publicPartFile(slug)));
    const { input, definition, parts } = readFourParts(
      files.map((file) => ({ file, text: readGiven(file).toString('utf8') })),
      Date.now(),
    );
    const own = join(root, publicPartFile(home.slug));
    if (parts.find(({ part }) => part.province === home.slug)?.text !== readFileSync(own, 'utf8'))
      throw new NetworkFault(
        `${join(from, publicPartFile(home.slug))} is not ${own}, and nothing was taken: have the network assembled again from this one`,
      );
    const assembled = join(from, ASSEMBLED_BLOCK);
    const genesis = readGiven(assembled);
    const member = definition.members.find(({ province }) => province === home) as Member;
    await inFolder(async (staging) => {
      for (const { part } of parts) layOut(staging, part);
      await makeGenesis(definition, staging, programs);
      const { genesis: made } = networkPaths(staging);
      checkGenesis(assembled, genesis, readFileSync(made));
      writeFileSync(made, genesis);
      completeFolder(staging, root, definition, member, input);
    });
    return [...files, assembled];
  });
}
