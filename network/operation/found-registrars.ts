/** Each province's registrar enters itself, once, from its certificate; those that are there already are left alone. */
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { key } from '../../chaincode/state/keys.js';
import type { Member } from '../definition/definition.js';
import { readRecordAt, submitAsRegistrar } from './as-registrar.js';
import type { Network } from './commands.js';

async function found(network: Network, member: Member): Promise<void> {
  const { code } = member.province;
  if ((await readRecordAt(network, member, key('founder', code))) !== '') return;
  const argument = encodeArgument({ operation: `found-${code}-0000000`, input: {} });
  await submitAsRegistrar(network, member, {
    function: 'registry:FoundRegistrar',
    argument,
    endorsers: network.definition.members,
  });
}

/** @throws NetworkFault */
export async function foundRegistrars(network: Network): Promise<void> {
  await Promise.all(network.operated.map((member) => found(network, member)));
}
