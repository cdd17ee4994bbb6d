/** Block 0, as configtxgen makes it of a folder's certificates, under our modification policies. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHANNEL } from '../channel.js';
import { CONFIGTX_PROFILE, channelConfiguration } from '../definition/channel-configuration.js';
import type { Definition } from '../definition/definition.js';
import { withModificationPolicies } from '../definition/modification-policies.js';
import { networkPaths } from '../definition/network-folder.js';
import { toYaml } from '../definition/yaml.js';
import { writeWhole } from '../identity/files.js';
import { fabricEnvironment } from './nodes.js';
import type { Programs } from './programs.js';
import { runProgram } from './run-program.js';

/** @param root holds each province's `msp` and its orderer's certificates; no key is read @throws NetworkFault */
export async function makeGenesis(definition: Definition, root: string, programs: Programs): Promise<void> {
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
