/** Whether those who signed satisfy a policy, counted as Fabric's peers count. */
import { X509Certificate } from 'node:crypto';
import type { ConfigGroup, Consenter } from '../format/configuration.js';
import { decodeIdentity } from '../format/identity.js';
import { decodePolicy, type Principal, type SignaturePolicy, type SignatureRule } from '../format/policy.js';
import type { Member } from './msp.js';

function isSame(identity: Buffer, { mspId, certificate }: Member): boolean {
  const named = decodeIdentity(identity);
  return named.mspId === mspId && new X509Certificate(named.certificate).raw.equals(new X509Certificate(certificate).raw);
}

function isOne(principal: Principal, member: Member): boolean {
  if (principal.kind === 'identity') return isSame(principal.identity, member);
  return principal.mspId === member.mspId && (principal.role === 'member' || principal.role === member.unit);
}

/** @returns who is used up by it, or undefined: each signer counts for one place of the tree only */
function used(
  rule: SignatureRule,
  policy: SignaturePolicy,
  signers: readonly Member[],
  before: ReadonlySet<Member>,
): ReadonlySet<Member> | undefined {
  if ('signedBy' in rule) {
    const principal = policy.principals[rule.signedBy];
    const found = principal && signers.find((member) => !before.has(member) && isOne(principal, member));
    return found && new Set([...before, found]);
  }
  let [count, spent] = [0, before];
  for (const one of rule.rules) {
    const after = used(one, policy, signers, spent);
    if (after) [count, spent] = [count + 1, after];
  }
  return count >= rule.needed ? spent : undefined;
}

/** @param signers whose signatures hold, each once */
export function satisfiesSignatures(policy: SignaturePolicy, signers: readonly Member[]): boolean {
  return used(policy.rule, policy, signers, new Set()) !== undefined;
}

/** A policy of a group by its name. @throws FormatError for one of a kind that is not read here */
export function satisfies(group: ConfigGroup, name: string, signers: readonly Member[]): boolean {
  const item = group.policies.get(name);
  if (!item) return false;
  const policy = decodePolicy(item.content);
  if (policy.kind === 'signature') return satisfiesSignatures(policy, signers);
  const below = [...group.groups.values()];
  const met = below.filter((one) => satisfies(one, policy.name, signers)).length;
  const needed = { any: 1, all: below.length, majority: Math.floor(below.length / 2) + 1 }[policy.count];
  // Of no members, none are needed, as in Fabric.
  return met >= Math.min(needed, below.length);
}

/** Whether a policy is: so many of exactly these orderers, each by his own certificate. */
export function isQuorumOf(content: Uint8Array, needed: number, consenters: readonly Consenter[]): boolean {
  const policy = decodePolicy(content);
  if (policy.kind !== 'signature' || 'signedBy' in policy.rule || policy.rule.needed !== needed) return false;
  const named = policy.rule.rules.map((rule) => ('signedBy' in rule ? policy.principals[rule.signedBy] : undefined));
  const names = named.map((one) => {
    const identity = one?.kind === 'identity' ? decodeIdentity(one.identity) : undefined;
    return identity ? `${identity.mspId} ${identity.certificate}` : '';
  });
  return (
    names.sort().join() ===
    consenters
      .map(({ mspId, certificate }) => `${mspId} ${certificate}`)
      .sort()
      .join()
  );
}
