/**
 * One folder for each province that runs on a host of its own, all four made on one machine, which has all
 * keys for that moment: for development and trials. In earnest each host makes its own (province-identities.ts).
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition, Member } from '../definition/definition.js';
import { defineNetwork } from '../definition/definition.js';
import { provincePaths } from '../definition/network-folder.js';
import { completeFolder } from './complete-folder.js';
import { NetworkFault } from './fault.js';
import { makeNetwork } from './make-network.js';
import { findPrograms } from './programs.js';

const STAGING = '.making';

export interface FoldersInput {
  /** absolute; empty or not there */
  readonly out: string;
  readonly basePort: number;
  /** one for each province, in the order of the table of provinces */
  readonly hosts: readonly string[];
}

function writeFolder(staging: string, target: string, definition: Definition, home: Member, input: FoldersInput): void {
  const { slug } = home.province;
  mkdirSync(target, { recursive: true, mode: 0o700 });
  cpSync(provincePaths(staging, slug).root, provincePaths(target, slug).root, { recursive: true });
  completeFolder(staging, target, definition, home, input);
}

/** Names of the folders it wrote under `out`. @throws NetworkFault, DefinitionRefused */
export async function writeProvinceFolders(input: FoldersInput, progress: (step: string) => void): Promise<readonly string[]> {
  const { out, basePort, hosts } = input;
  defineNetwork({ basePort, hosts });
  const programs = findPrograms();
  if (existsSync(out) && readdirSync(out).length > 0) throw new NetworkFault(`${out} is not empty: name another folder`);
  const staging = join(out, STAGING);
  try {
    const definition = await makeNetwork(staging, { basePort, hosts }, programs, progress);
    return definition.members.map((member) => {
      const target = join(out, member.province.slug);
      writeFolder(staging, target, definition, member, input);
      return target;
    });
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
