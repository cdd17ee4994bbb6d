/** `common.Policy`: who must have signed, as a tree over principals, or as a rule over the policies of a group's members. */
import { FormatError, MessageReader } from './wire.js';

/** Units of a member's certificates, as `MSPRole` numbers them; `member` is any of them. */
const ROLES = ['member', 'admin', 'client', 'peer', 'orderer'] as const;

export type Principal =
  | { readonly kind: 'role'; readonly mspId: string; readonly role: (typeof ROLES)[number] }
  /** one certificate: a `SerializedIdentity` */
  | { readonly kind: 'identity'; readonly identity: Buffer };

export type SignatureRule =
  /** index of a principal */
  { readonly signedBy: number } | { readonly needed: number; readonly rules: readonly SignatureRule[] };

export interface SignaturePolicy {
  readonly kind: 'signature';
  readonly rule: SignatureRule;
  readonly principals: readonly Principal[];
}

export interface MemberPolicy {
  readonly kind: 'members';
  /** name of the policy in each group below */
  readonly name: string;
  readonly count: 'any' | 'all' | 'majority';
}

export type Policy = SignaturePolicy | MemberPolicy;

const COUNTS = ['any', 'all', 'majority'] as const;
const SIGNATURE = 1;
const IMPLICIT_META = 3;

function principalOf(bytes: Uint8Array): Principal {
  const reader = new MessageReader(bytes);
  const kind = reader.int32(1);
  if (kind === 2) return { kind: 'identity', identity: reader.bytes(2) };
  const named = reader.message(2);
  const role = ROLES[named.int32(2)];
  if (kind !== 0 || !role) throw new FormatError('a policy names a principal of a kind that is not read here');
  return { kind: 'role', mspId: named.text(1), role };
}

function ruleOf(reader: MessageReader): SignatureRule {
  if (reader.optional(2) === undefined) return { signedBy: reader.int32(1) };
  const outOf = reader.message(2);
  return { needed: outOf.int32(1), rules: outOf.all(2).map((bytes) => ruleOf(new MessageReader(bytes))) };
}

/** `common.SignaturePolicyEnvelope`. @throws FormatError */
export function decodeSignaturePolicy(bytes: Uint8Array): SignaturePolicy {
  const envelope = new MessageReader(bytes);
  return { kind: 'signature', rule: ruleOf(envelope.message(2)), principals: envelope.all(3).map(principalOf) };
}

/** @throws FormatError for a policy of a kind that is not read here */
export function decodePolicy(bytes: Uint8Array): Policy {
  const reader = new MessageReader(bytes);
  const type = reader.int32(1);
  if (type === SIGNATURE) return decodeSignaturePolicy(reader.bytes(2));
  const implicit = reader.message(2);
  const count = COUNTS[implicit.int32(2)];
  if (type !== IMPLICIT_META || !count) throw new FormatError(`a policy of type ${type} is not read here`);
  return { kind: 'members', name: implicit.text(1), count };
}
