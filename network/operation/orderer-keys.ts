/**
 * An orderer's new keys. Consenters know one another by certificates that stand in the channel's configuration, so the
 * channel is to name new ones first, which all four administrators sign.
 */
import type { Member } from '../definition/definition.js';
import { checkSigners, type Network } from './commands.js';
import type { ChannelConfig } from './configtxlator.js';
import { NetworkFault } from './fault.js';
import { isPrepared, type OrdererKind, prepare, putPrepared, type Renewed } from './renewal.js';

interface Consenter {
  msp_id: string;
  identity: string;
  client_tls_cert: string;
  server_tls_cert: string;
}

interface BlockPolicy {
  identities: { principal: { mspid: string; id_bytes: string } }[];
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

type Keys = Partial<Record<OrdererKind, Renewed>>;

/**
 * Puts a province's consenter under other certificates, and the policy that blocks are checked by with it:
 * that policy names the four identities one by one, and orderers refuse an update in which both differ.
 * @throws NetworkFault when the configuration has no such consenter
 */
function changeConsenter(config: ChannelConfig, { province: { mspId } }: Member, { identity, tls }: Keys): void {
  const orderer = config.channel_group.groups.Orderer;
  const mapping = orderer?.values.Orderers?.value.consenter_mapping as Consenter[] | undefined;
  const policy = orderer?.policies.BlockValidation?.policy.value as unknown as BlockPolicy | undefined;
  const consenter = mapping?.find(({ msp_id }) => msp_id === mspId);
  if (!consenter || !policy) throw new NetworkFault(`the channel's configuration has no consenter of ${mspId}`);
  if (tls) consenter.client_tls_cert = consenter.server_tls_cert = base64(tls.after);
  if (!identity) return;
  consenter.identity = base64(identity.after);
  const named = policy.identities.find(({ principal }) => principal.mspid === mspId);
  if (!named) throw new NetworkFault(`BlockValidation does not name the orderer of ${mspId}: see network/runbooks`);
  named.principal.id_bytes = base64(identity.after);
}

/** All four administrators, one province's first. */
export function allSigners({ definition }: Network, first: Member): [Member, ...Member[]] {
  return [first, ...definition.members.filter((member) => member !== first)];
}

export interface NewKeys {
  /** has the channel name them */
  readonly change: (config: ChannelConfig) => void;
  /** puts them in place, when the channel does */
  put(): void;
}

/**
 * What is not prepared yet is, so that a second call goes on with the same keys.
 * @param update where the update will be written; without, all four have to be able to sign here, unless it was written before
 * @throws NetworkFault, with nothing prepared, when they cannot
 */
export async function prepareKeys(
  network: Network,
  member: Member,
  kinds: readonly OrdererKind[],
  update: string | undefined,
): Promise<NewKeys> {
  const isBegun = kinds.every((kind) => isPrepared(network, member, kind));
  if (!isBegun && update === undefined) checkSigners(network, allSigners(network, member));
  const renewed = await Promise.all(kinds.map(async (kind) => [kind, await prepare(network, member, kind)] as const));
  const keys: Keys = Object.fromEntries(renewed);
  return {
    change: (config) => changeConsenter(config, member, keys),
    put: () => {
      for (const [kind, one] of renewed) putPrepared(network, member, kind, one);
    },
  };
}
