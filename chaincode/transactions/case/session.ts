/** A remote session 远程虚拟窗口 that an officer of a service centre held with a counterpart elsewhere. */
import Type, { type Static } from 'typebox';
import { ensure, type Tx } from '../../runtime/tx.js';
import { AgencyId, Closed, Code, Digest, Identifier, ListOf, OneOf, Time } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';
import type { AgencyRecord } from '../registry/agency.js';
import { activeOfficer, type Duty, type OfficerRecord } from '../registry/officer.js';
import type { CaseRecord } from './case-record.js';

export const SessionBody = {
  sessionId: Identifier,
  officerId: Identifier,
  counterpart: AgencyId,
  identityCheck: Closed({ method: Code, resultDigest: Digest }),
  consentDigest: Type.Optional(Digest),
  media: ListOf(OneOf(['audio', 'video', 'screen', 'document-camera']), 1, 4),
  checked: Type.Optional(ListOf(Closed({ code: Code, digest: Digest, result: Code }), 1, 100)),
  startedAt: Time,
  endedAt: Time,
  recordingDigest: Type.Optional(Digest),
  outcome: Code,
};
const Body = Closed(SessionBody);
export type SessionInput = Static<typeof Body>;

export interface SessionRecord extends SessionInput {
  readonly caseId: string;
  /** the officer's centre, which recorded the session */
  readonly centre: string;
  readonly status: 'recorded' | 'acknowledged';
  readonly acknowledgedAt?: string;
  readonly recordedAt: string;
}

export function sessionKey(caseId: string, sessionId: string): string {
  return key('session', caseId, sessionId);
}

/** A session assists somebody, and every session checks who that is: its officer has both duties. */
const DUTIES: readonly Duty[] = ['assist', 'verify-identity'];

/**
 * The officer was fit from start to end and still is, has the duties, and serves one of the provinces
 * that the session joins: the opener's, the holder's or the counterpart's.
 * @throws Refusal `case.officer`
 */
export async function ensureOfficerFit(
  tx: Tx,
  record: CaseRecord,
  officer: OfficerRecord,
  session: SessionInput,
  counterpart: AgencyRecord,
): Promise<void> {
  for (const duty of DUTIES)
    for (const at of [session.startedAt, session.endedAt, tx.time]) await activeOfficer(tx, officer.officerId, { duty, at });
  const joined = [record.opener.province, record.holder.province, counterpart.province];
  ensure(
    joined.some((province) => officer.servesProvinces.includes(province)),
    'case.officer',
    { id: officer.officerId },
  );
}
