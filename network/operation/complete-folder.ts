/**
 * Makes a folder with a province's keys that province's part of the network: what everybody may see of the others,
 * block 0, settings, profile, systemd units and the steps to join. `up`, `join`, `status` and `down` work in
 * it as they do in a whole network's folder, for that one province.
 */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { chaincodePackage } from '../definition/chaincode-package.js';
import type { Definition, DefinitionInput, Member } from '../definition/definition.js';
import { joinSteps } from '../definition/join-steps.js';
import { networkPaths, provincePaths } from '../definition/network-folder.js';
import { writeNodeFiles } from '../definition/node-files.js';
import { writeProfile } from '../definition/profiles.js';
import { systemdUnits } from '../definition/systemd-units.js';
import { writeWhole } from '../identity/files.js';
import { writeRecord } from './network-record.js';

/** @param from a folder with block 0 and every province's `msp` @param target has home's keys */
export function completeFolder(from: string, target: string, definition: Definition, home: Member, input: DefinitionInput): void {
  const { slug } = home.province;
  for (const { province } of definition.members)
    if (province.slug !== slug)
      cpSync(provincePaths(from, province.slug).msp, provincePaths(target, province.slug).msp, { recursive: true });
  const paths = networkPaths(target);
  cpSync(networkPaths(from).genesis, paths.genesis);
  const { bytes, id } = chaincodePackage();
  writeWhole(paths.chaincodePackage, bytes, 0o644);
  writeNodeFiles(target, home, id);
  writeProfile(definition, target, home);
  for (const [name, unit] of Object.entries(systemdUnits(home))) writeWhole(join(target, 'systemd', name), unit, 0o644);
  writeWhole(join(target, 'README.md'), joinSteps(definition, home), 0o644);
  const { basePort, hosts } = input;
  writeRecord(target, { basePort, ...(hosts ? { hosts } : {}) }, true, slug);
}
