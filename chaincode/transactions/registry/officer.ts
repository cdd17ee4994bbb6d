/** The officer 异地网办专员 record: an opaque id with duties and validity, never a name. */
import type { Static } from 'typebox';
import { Refusal } from '../../errors.js';
import type { ProvinceCode } from '../../provinces.js';
import type { Tx } from '../../runtime/tx.js';
import type { Duty as DutySchema } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';
import { isBefore } from '../../time.js';

export type Duty = Static<typeof DutySchema>;

export interface OfficerRecord {
  readonly officerId: string;
  /** the centre whose officer this is */
  readonly centreId: string;
  /** the centre's province */
  readonly province: ProvinceCode;
  /** the centre that lends the desk; the officer is active once it has accepted */
  readonly hostCentreId?: string;
  readonly servesProvinces: readonly ProvinceCode[];
  readonly duties: readonly Duty[];
  readonly validFrom: string;
  /** the first instant at which the officer no longer acts */
  readonly validTo: string;
  readonly status: 'proposed' | 'active' | 'inactive';
  readonly registeredBy: string;
  readonly acceptedAt?: string;
  readonly deactivatedBy?: string;
  readonly recordedAt: string;
}

/**
 * The officer, when it may do a duty at an instant.
 * @throws Refusal `case.officer` for an unknown or inactive officer, outside its validity, or without the duty
 */
export async function activeOfficer(
  tx: Tx,
  officerId: string,
  { duty, at }: { readonly duty: Duty; readonly at: string },
): Promise<OfficerRecord> {
  const officer = await tx.state.get<OfficerRecord>(key('officer', officerId));
  const fit =
    officer?.status === 'active' &&
    officer.duties.includes(duty) &&
    !isBefore(at, officer.validFrom) &&
    isBefore(at, officer.validTo);
  if (!fit) throw new Refusal('case.officer', { id: officerId });
  return officer;
}
