/** Makes a network's folder: identities, settings, block 0, the chaincode's package, profiles. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHANNEL } from '../channel.js';
import { chaincodePackage } from '../definition/chaincode-package.js';
import { CONFIGTX_PROFILE, channelConfiguration } from '../definition/channel-configuration.js';
import { type Definition, type DefinitionInput, defineNetwork } from '../definition/definition.js';
import { makeIdentities } from '../definition/identities.js';
import { withModificationPolicies } from '../definition/modification-policies.js';
import { networkPaths } from '../definition/network-folder.js';
import { writeNodeFiles } from '../definition/node-files.js';
import { writeProfiles } from '../definition/profiles.js';
import { toYaml } from '../definition/yaml.js';
import { writeWhole } from '../identity/files.js';
import { writeRecord } from './network-record.js';
import { fabricEnvironment } from './nodes.js';
import type { Programs } from './programs.js';
import { runProgram } from './run-program.js';

async function makeGenesis(definition: Definition, root: string, programs: Programs): Promise<void> {
  const { channel, genesis } = networkPaths(root);
  const settings = toYaml(channelConfiguration(definition, root, channel), 'written from network/definition');
  writeWhole(join(channel, 'configtx.yaml'), settings, 0o644);
  // configtxgen reads the consenters' certificates relative to its working folder's configuration.
  await runProgram({
    command: programs.configtxgen,
    arguments: ['-profile', CONFIGTX_PROFILE, '-channelID', CHANNEL, '-outputBlock', genesis],
    folder: channel,
    environment: fabricEnvironment(channel),
  });
  writeWhole(genesis, withModificationPolicies(readFileSync(genesis)), 0o644);
}

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
