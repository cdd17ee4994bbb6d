/** Makes a network's folder: identities, settings, block 0, the chaincode's package, profiles. */
import { chaincodePackage } from '../definition/chaincode-package.js';
import { type Definition, type DefinitionInput, defineNetwork } from '../definition/definition.js';
import { makeIdentities } from '../definition/identities.js';
import { networkPaths } from '../definition/network-folder.js';
import { writeNodeFiles } from '../definition/node-files.js';
import { writeProfiles } from '../definition/profiles.js';
import { writeWhole } from '../identity/files.js';
import { makeGenesis } from './genesis.js';
import { writeRecord } from './network-record.js';
import type { Programs } from './programs.js';

/** @param root an empty folder or none @throws DefinitionRefused, NetworkFault */
export async function makeNetwork(
  root: string,
  input: DefinitionInput,
  programs: Programs,
  progress: (step: string) => void,
): Promise<Definition> {
  const definition = defineNetwork(input);
  writeRecord(root, input, false);
  const now = Date.now();
  for (const member of definition.members) await makeIdentities(root, member, now);
  progress('identities of four provinces, each under authorities of its own');
  const { bytes, id } = chaincodePackage();
  writeWhole(networkPaths(root).chaincodePackage, bytes, 0o644);
  for (const member of definition.members) writeNodeFiles(root, member, id);
  writeProfiles(definition, root);
  await makeGenesis(definition, root, programs);
  writeRecord(root, input, true);
  progress('settings of eight nodes, and block 0');
  return definition;
}
