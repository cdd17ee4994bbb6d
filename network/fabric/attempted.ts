/** Which operation of which agency a transaction is an attempt at. */
import { AGENCY_ATTRIBUTE } from '../../chaincode/runtime/caller.js';
import { decodeEnvelope, decodeTransaction } from '../format/envelope.js';
import { decodeIdentity } from '../format/identity.js';
import { decodeInvocation } from '../format/proposal.js';
import { attributesOf } from '../identity/authority.js';
import type { Invocation } from '../ledger.js';

export function attemptedAs(agencyId: string, operation: string): string {
  return `${agencyId} ${operation}`;
}

/** An agency's certificates change with its roles; what it calls an operation does not. */
function named(certificate: string, argument: string): string | undefined {
  try {
    const { operation } = JSON.parse(argument) as { operation?: unknown };
    const agency = attributesOf(certificate)[AGENCY_ATTRIBUTE];
    return typeof operation === 'string' && agency !== undefined ? attemptedAs(agency, operation) : undefined;
  } catch {
    return undefined;
  }
}

export function attemptedBy({ signer, argument }: Pick<Invocation, 'signer' | 'argument'>): string | undefined {
  return named(signer.certificate, argument);
}

/** The same of an envelope; undefined for one that cannot be read. */
export function attemptedIn(bytes: Uint8Array): string | undefined {
  try {
    const envelope = decodeEnvelope(bytes);
    const { args } = decodeInvocation(decodeTransaction(envelope).proposal.payload);
    return named(decodeIdentity(envelope.signature.creator).certificate, args[1] ?? '');
  } catch {
    return undefined;
  }
}
