/** What the four changes of status share: their fields, the limits of their effective time, the record. */
import Type from 'typebox';
import type { Answer } from '../../runtime/definition.js';
import { recordedAt, type Tx } from '../../runtime/tx.js';
import { CertificateId, Code, LegalBasis, Time } from '../../schemas/primitives.js';
import { refuseField } from '../../schemas/refuse-field.js';
import { isBefore } from '../../time.js';
import type { CertificateChange, CertificateChangeKind, CertificateRecord } from './certificate.js';
import { LeafProof } from './leaf-proof.js';
import { keyOf } from './own-certificate.js';
import { statusAt } from './status.js';

export const certificatePath = { certificateId: CertificateId };
export const leafProofAttached = { proof: Type.Optional(LeafProof) };
export const statusReason = { reasonCode: Code, legalBasis: LegalBasis, effectiveAt: Type.Optional(Time) };

/** The recorded time that a change made now gets. */
export function changeTime(tx: Tx, certificate: CertificateRecord): string {
  return recordedAt(tx, certificate);
}

/**
 * Nothing takes effect before the certificate was issued. A certificate that was issued on paper
 * first has a `validFrom` before its record, one for the future a record before its `validFrom`; the
 * earlier of the two is the issue.
 */
export function issueTime(certificate: CertificateRecord): string {
  const { validFrom, issuedAt } = certificate;
  return isBefore(validFrom, issuedAt) ? validFrom : issuedAt;
}

/** @throws Refusal `request.invalid` for an effective time outside what the change allows (both limits included) */
export function checkEffective(effectiveAt: string, limits: { readonly from: string; readonly to?: string }): void {
  const { from, to } = limits;
  if (isBefore(effectiveAt, from)) refuseField('/effectiveAt', `must not lie before ${from}`);
  if (to !== undefined && isBefore(to, effectiveAt)) refuseField('/effectiveAt', `must not lie after ${to}`);
}

/** What a change says besides the times that every change has. */
export type ChangeFacts = Pick<CertificateChange, 'effectiveAt' | 'reasonCode' | 'legalBasis' | 'by'>;

/** Adds a change to the certificate. @returns the record with its status as of now */
export async function enterChange(
  tx: Tx,
  certificate: CertificateRecord,
  kind: CertificateChangeKind,
  facts: ChangeFacts,
): Promise<Answer> {
  const now = changeTime(tx, certificate);
  const change: CertificateChange = { change: kind, ...facts, recordedAt: now, transaction: tx.id };
  const record: CertificateRecord = { ...certificate, changes: [...certificate.changes, change], recordedAt: now };
  tx.state.put(await keyOf(tx, record), record);
  return certificateAnswer(record);
}

/** The record with its status at the time it was last changed. */
export function certificateAnswer(record: CertificateRecord): Answer {
  const { verdict } = statusAt(record, { asOf: record.recordedAt, knownAt: record.recordedAt });
  return { ...record, status: verdict };
}
