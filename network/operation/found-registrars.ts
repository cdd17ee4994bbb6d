/** Each province's registrar enters itself, once, from its certificate; those that are there already are left alone. */
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { key } from '../../chaincode/state/keys.js';
import type { Member } from '../definition/definition.js';
import { invoke, readRecord, registrarOf } from './as-agency.js';
import type { Network } from './commands.js';
import { NetworkFault } from './fault.js';

async function found(network: Network, member: Member): Promise<boolean> {
  const { code, slug } = member.province;
  if (await readRecord(network, member, key('founder', code))) return false;
  const argument = encodeArgument({ operation: `found-${code}-0000000`, input: {} });
  const entered = await invoke(network, registrarOf(member), ['registry:FoundRegistrar', argument]);
  if (entered.code !== 0) throw new NetworkFault(`the registrar of ${slug} is not entered: ${entered.complaint.trim()}`);
  return true;
}

/** Whether one of them was not there. @throws NetworkFault */
export async function foundRegistrars(network: Network): Promise<boolean> {
  return (await Promise.all(network.operated.map((member) => found(network, member)))).includes(true);
}
