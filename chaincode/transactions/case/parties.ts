/**
 * Who is a party of a case: its opener, present and past holders, receivers of offers, counterparts of
 * sessions, and the centres of those that the counterpart acknowledged. A party has a key of its own under the case, so the case
 * does not grow with them. Responsible departments of the item read, but are no parties.
 */
import { Refusal } from '../../errors.js';
import { recordedAt, type Tx } from '../../runtime/tx.js';
import { key } from '../../state/keys.js';
import { loadVersion } from '../catalogue/catalogue-version.js';
import type { AgencyRecord } from '../registry/agency.js';
import { type CaseRecord, type CaseStatus, ensureStatus, loadCase } from './case-record.js';

export interface CasePartyRecord {
  readonly caseId: string;
  readonly agencyId: string;
  /** hand-offs that it accepted and did not return */
  readonly accepted: number;
  readonly recordedAt: string;
}

function partyKey(caseId: string, agencyId: string): string {
  return key('case-party', caseId, agencyId);
}

export function loadParty(tx: Tx, caseId: string, agencyId: string): Promise<CasePartyRecord | undefined> {
  return tx.state.get<CasePartyRecord>(partyKey(caseId, agencyId));
}

/** Makes an agency a party, or changes how many hand-offs it has accepted; writes nothing when nothing changes. */
export async function admit(tx: Tx, caseId: string, agencyId: string, accepted = 0): Promise<void> {
  const known = await loadParty(tx, caseId, agencyId);
  if (known && accepted === 0) return;
  const record: CasePartyRecord = {
    caseId,
    agencyId,
    accepted: (known?.accepted ?? 0) + accepted,
    recordedAt: recordedAt(tx, known),
  };
  tx.state.put(partyKey(caseId, agencyId), record);
}

/** Whether the item, in the version that the case runs under, names the agency as a responsible department. */
export async function isResponsible(tx: Tx, { item }: CaseRecord, agency: Pick<AgencyRecord, 'agencyId' | 'province'>) {
  const { content } = await loadVersion(tx, 'service-items', item.code, item.version);
  return content.departments[agency.province]?.includes(agency.agencyId) ?? false;
}

/** Whether the agency has to do with the case already: a party of it, or a responsible department of its item. */
export async function isConcerned(tx: Tx, record: CaseRecord, agency: AgencyRecord): Promise<boolean> {
  return (await loadParty(tx, record.caseId, agency.agencyId)) !== undefined || isResponsible(tx, record, agency);
}

/** The refusal for whoever does not hold the case: a party learns that, a stranger only that it is none. */
export async function notHolder(tx: Tx, record: CaseRecord): Promise<Refusal> {
  const party = await loadParty(tx, record.caseId, tx.caller.agencyId);
  return new Refusal(party ? 'case.not-holder' : 'auth.agency');
}

export function holds(tx: Tx, record: CaseRecord): boolean {
  return record.holder.agency === tx.caller.agencyId;
}

/** @throws Refusal `auth.agency`, `case.not-holder`, `case.state` unless the caller holds the case and it is in one of the states */
export async function ensureHeld(tx: Tx, record: CaseRecord, allowed: readonly CaseStatus[]): Promise<void> {
  if (!holds(tx, record)) throw await notHolder(tx, record);
  ensureStatus(record, allowed);
}

/** The case, as `ensureHeld` wants it. @throws Refusal `case.not-found` besides */
export async function heldCase(tx: Tx, caseId: string, allowed: readonly CaseStatus[]): Promise<CaseRecord> {
  const record = await loadCase(tx, caseId);
  await ensureHeld(tx, record, allowed);
  return record;
}
