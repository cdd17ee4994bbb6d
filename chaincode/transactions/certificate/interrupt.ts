/**
 * Suspension and reinstatement alternate. Their effective times never run backwards, so that the last
 * one in force at a given time decides the status at that time.
 */
import type { Static, TObject } from 'typebox';
import type { Answer } from '../../runtime/definition.js';
import { ensure, type Tx } from '../../runtime/tx.js';
import { later } from '../../time.js';
import type { CertificateRecord } from './certificate.js';
import { changeTime, checkEffective, enterChange, issueTime, type statusReason } from './change-status.js';
import { stateOf } from './status.js';

/** A certificate with as many changes is not suspended again. */
export const CHANGES_LIMIT = 200;

/** @throws Refusal `certificate.state`, `request.invalid` */
export function interrupt(
  tx: Tx,
  certificate: CertificateRecord,
  kind: 'suspended' | 'reinstated',
  { reasonCode, legalBasis, effectiveAt }: Static<TObject<typeof statusReason>>,
): Promise<Answer> {
  const state = stateOf(certificate.changes);
  ensure(state === (kind === 'suspended' ? 'valid' : 'suspended'), 'certificate.state', { state });
  // The record travels whole with each change. What ends a suspension, or the certificate, is never refused for it.
  const isFull = kind === 'suspended' && certificate.changes.length >= CHANGES_LIMIT;
  ensure(!isFull, 'certificate.state', { state: 'full' });
  const from = certificate.changes.at(-1)?.effectiveAt ?? issueTime(certificate);
  const effective = effectiveAt ?? later(changeTime(tx, certificate), from);
  checkEffective(effective, { from });
  return enterChange(tx, certificate, kind, { reasonCode, legalBasis, effectiveAt: effective });
}
