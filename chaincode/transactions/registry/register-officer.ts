import Type from 'typebox';
import { defineTransaction } from '../../runtime/definition.js';
import { absent, ensure, recordedAt } from '../../runtime/tx.js';
import { AgencyId, Duty, Identifier, ListOf, ProvinceId, Time } from '../../schemas/primitives.js';
import { ensureAfter, refuseField } from '../../schemas/refuse-field.js';
import { key } from '../../state/keys.js';
import { isBefore } from '../../time.js';
import { ensureSpeaksForCentre, loadCentre } from './centre.js';
import type { OfficerRecord } from './officer.js';

/**
 * By the centre itself, whatever its roles, or by its province's registrar, which entered the centre.
 * With a host the officer waits for the host's acceptance; without one it is active at once.
 */
export const registerOfficer = defineTransaction({
  contract: 'registry',
  name: 'RegisterOfficer',
  roles: 'any',
  path: {},
  body: {
    officerId: Identifier,
    centreId: AgencyId,
    hostCentreId: Type.Optional(AgencyId),
    servesProvinces: ListOf(ProvinceId, 1, 4),
    duties: ListOf(Duty, 1, 4),
    validFrom: Time,
    validTo: Time,
  },
  async apply(tx, officer) {
    ensureAfter(officer.validFrom, officer.validTo, '/validTo');
    if (officer.hostCentreId === officer.centreId) refuseField('/hostCentreId', 'the host is another centre');
    const centre = await loadCentre(tx, officer.centreId);
    if (officer.hostCentreId) await loadCentre(tx, officer.hostCentreId);
    ensureSpeaksForCentre(tx, centre);
    await absent(tx, key('officer', officer.officerId), 'officer.exists', officer.officerId);
    const past = centre.validTo !== undefined && !isBefore(tx.time, centre.validTo);
    ensure(!past, 'centre.state', { state: 'expired' });
    const record: OfficerRecord = {
      ...officer,
      province: centre.province,
      status: officer.hostCentreId ? 'proposed' : 'active',
      registeredBy: tx.caller.agencyId,
      recordedAt: recordedAt(tx),
    };
    tx.state.put(key('officer', officer.officerId), record);
    return { ...record };
  },
});
