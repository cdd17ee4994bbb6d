/**
 * One folder for each province that runs on a host of its own: that province's keys, what everybody may
 * see of the others, block 0, its profile, systemd units and the steps to join. `up`, `join`, `status`
 * and `down` work in such a folder as they do in a whole network's, for that one province.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition, Member } from '../definition/definition.js';
import { defineNetwork } from '../definition/definition.js';
import { joinSteps } from '../definition/join-steps.js';
import { networkPaths, provincePaths } from '../definition/network-folder.js';
import { systemdUnits } from '../definition/systemd-units.js';
import { writeWhole } from '../identity/files.js';
import { NetworkFault } from './fault.js';
import { makeNetwork } from './make-network.js';
import { writeRecord } from './network-record.js';
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
  for (const { province } of definition.members)
    if (province.slug !== slug)
      cpSync(provincePaths(staging, province.slug).msp, provincePaths(target, province.slug).msp, { recursive: true });
  const [from, to] = [networkPaths(staging), networkPaths(target)];
  for (const part of ['genesis', 'chaincodePackage'] as const) cpSync(from[part], to[part]);
  cpSync(join(from.profiles, `${slug}.json`), join(to.profiles, `${slug}.json`));
  for (const [name, unit] of Object.entries(systemdUnits(home))) writeWhole(join(target, 'systemd', name), unit, 0o644);
  writeWhole(join(target, 'README.md'), joinSteps(definition, home), 0o644);
  writeRecord(target, { basePort: input.basePort, hosts: input.hosts }, true, slug);
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
