/**
 * Who must endorse what, by the chaincode definitions that the channel's members agreed on (`_lifecycle`) and by the
 * configuration in force: as peers find it when they validate a block, by the state before it.
 */
import type { ConfigGroup } from '../../format/configuration.js';
import { decodeSignaturePolicy, type SignaturePolicy } from '../../format/policy.js';
import type { NamespaceSet } from '../../format/read-write-sets.js';
import { MessageReader } from '../../format/wire.js';
import type { ChannelInForce } from '../../identity/in-force.js';
import type { Member } from '../../identity/msp.js';
import { satisfies, satisfiesSignatures } from '../../identity/policy.js';
import type { AuditedState } from '../audited-state.js';
import { CannotTell } from '../difference.js';
import { stateKey } from './state-keys.js';

export const LIFECYCLE = '_lifecycle';
const LIFECYCLE_POLICY = '/Channel/Application/LifecycleEndorsement';
/** Each member's own approvals: any of its identities may write them. */
const IMPLICIT = '_implicit_org_';

type Endorsed = (signers: readonly Member[]) => boolean;

/** A policy by its path from the channel's root. */
export function atPath(root: ConfigGroup, path: string, signers: readonly Member[]): boolean {
  const names = path.split('/').slice(2);
  const policy = names.pop() ?? '';
  let group: ConfigGroup | undefined = root;
  for (const name of names) group = group?.groups.get(name);
  return group !== undefined && satisfies(group, policy, signers);
}

function fieldOf(state: AuditedState, chaincode: string, field: string): MessageReader | undefined {
  const found = state.get(stateKey(LIFECYCLE, `namespaces/fields/${chaincode}/${field}`));
  return found && new MessageReader(new MessageReader(found.value).bytes(2));
}

/** @returns undefined for a chaincode that nobody defined @throws CannotTell for one that is validated by another plugin */
function policyOf(state: AuditedState, { configuration }: ChannelInForce, chaincode: string): Endorsed | undefined {
  const reference =
    (path: string): Endorsed =>
    (signers) =>
      atPath(configuration.group, path, signers);
  if (chaincode === LIFECYCLE) return reference(LIFECYCLE_POLICY);
  const info = fieldOf(state, chaincode, 'ValidationInfo');
  if (!info) return undefined;
  if (info.text(1) !== 'vscc')
    throw new CannotTell(`${chaincode} is validated by a plugin ${info.text(1)}, which is not known here`);
  const policy = new MessageReader(info.bytes(2));
  const own = policy.optional(1);
  if (own === undefined) return reference(policy.text(2));
  const decoded: SignaturePolicy = decodeSignaturePolicy(own);
  return (signers) => satisfiesSignatures(decoded, signers);
}

/** Every chaincode has a collection for each member; ours has no others. */
function collectionPolicy(name: string): Endorsed {
  const mspId = name.startsWith(IMPLICIT) ? name.slice(IMPLICIT.length) : undefined;
  return (signers) => signers.some((member) => member.mspId === mspId);
}

/** What is written alone decides: a set that touches private data only is judged by their policies only. */
function policiesOf(state: AuditedState, channel: ChannelInForce, set: NamespaceSet): readonly (Endorsed | undefined)[] {
  const own = policyOf(state, channel, set.namespace);
  if (!own) return [undefined];
  const collections = set.collections.filter(({ writes, hasMetadata }) => writes.length > 0 || hasMetadata);
  const other = collections.map(({ name }) => collectionPolicy(name));
  return set.writes.length > 0 || set.hasMetadata || other.length === 0 ? [own, ...other] : other;
}

const hasKeyPolicies = ({ hasMetadata, collections }: NamespaceSet) => hasMetadata || collections.some((one) => one.hasMetadata);
const isWritten = (set: NamespaceSet) =>
  hasKeyPolicies(set) || set.writes.length > 0 || set.collections.some(({ writes }) => writes.length > 0);

/** @returns `undefined-chaincode` when one was never defined @throws CannotTell */
export function endorsementOf(
  state: AuditedState,
  channel: ChannelInForce,
  chaincode: string,
  sets: readonly NamespaceSet[],
  signers: readonly Member[],
): 'met' | 'not-met' | 'undefined-chaincode' {
  const untouched = { namespace: chaincode, reads: [], writes: [], collections: [], hasMetadata: false, hasRanges: false };
  const called = sets.find(({ namespace }) => namespace === chaincode) ?? untouched;
  const judged = [called, ...sets.filter((set) => set !== called && isWritten(set))];
  const policies = judged.flatMap((set) => policiesOf(state, channel, set));
  if (policies.some((policy) => policy === undefined)) return 'undefined-chaincode';
  if (!policies.every((policy) => policy?.(signers))) return 'not-met';
  const special = judged.find(hasKeyPolicies);
  if (special) throw new CannotTell(`${special.namespace} has policies of single keys, which are not part of this ledger`);
  return 'met';
}
