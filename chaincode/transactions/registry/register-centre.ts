import Type from 'typebox';
import { defineTransaction } from '../../runtime/definition.js';
import { absent, ensure, recordedAt } from '../../runtime/tx.js';
import { AgencyId, Closed, Code, Digest, DivisionCode, Name, Time, VersionNumber } from '../../schemas/primitives.js';
import { ensureAfter } from '../../schemas/refuse-field.js';
import { key } from '../../state/keys.js';
import { publishedVersion } from '../catalogue/catalogue-version.js';
import { loadAgency } from './agency.js';
import type { CentreRecord } from './centre.js';

export const registerCentre = defineTransaction({
  contract: 'registry',
  name: 'RegisterCentre',
  roles: ['registrar'],
  path: {},
  body: {
    centreId: AgencyId,
    name: Name,
    divisionCode: DivisionCode,
    standard: Closed({ code: Code, version: VersionNumber }),
    pilot: Type.Optional(Type.Boolean()),
    validFrom: Time,
    validTo: Type.Optional(Time),
    contractDigest: Digest,
  },
  async apply(tx, centre) {
    const { agencyId, province } = tx.caller;
    ensureAfter(centre.validFrom, centre.validTo, '/validTo');
    const agency = await loadAgency(tx, centre.centreId);
    ensure(agency.province === province.code && centre.divisionCode.startsWith(province.code.slice(0, 2)), 'auth.province');
    ensure(agency.kind === 'centre', 'centre.kind', { id: centre.centreId });
    await absent(tx, key('centre', centre.centreId), 'centre.exists', centre.centreId);
    ensure(agency.status === 'active', 'agency.state', { state: agency.status });
    await publishedVersion(tx, 'service-standards', centre.standard.code, centre.standard.version);
    const record: CentreRecord = { ...centre, province: province.code, registeredBy: agencyId, recordedAt: recordedAt(tx) };
    tx.state.put(key('centre', centre.centreId), record);
    return { ...record };
  },
});
