import Type from 'typebox';
import { defineTransaction } from '../../runtime/definition.js';
import { absent, ensure, recordedAt } from '../../runtime/tx.js';
import { AgencyId, AgencyKind, DivisionCode, Hash, ListOf, Name, RoleName } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';
import { type AgencyRecord, checkCertificate, checkRoles } from './agency.js';

export const registerAgency = defineTransaction({
  contract: 'registry',
  name: 'RegisterAgency',
  roles: ['registrar'],
  path: {},
  body: {
    agencyId: AgencyId,
    name: Name,
    divisionCode: DivisionCode,
    kind: AgencyKind,
    roles: ListOf(RoleName, 1, 8),
    certificate: Type.Optional(Type.String({ maxLength: 8192, screened: false })),
  },
  attached: { keyDigest: Hash },
  async apply(tx, { agencyId, name, divisionCode, kind, roles, certificate, keyDigest }) {
    const { province } = tx.caller;
    if (certificate !== undefined) checkCertificate(certificate, { agencyId, keyDigest });
    ensure(divisionCode.startsWith(province.code.slice(0, 2)), 'auth.province');
    checkRoles(roles);
    await absent(tx, key('agency', agencyId), 'agency.exists', agencyId);
    const record: AgencyRecord = {
      agencyId,
      name,
      divisionCode,
      province: province.code,
      kind,
      roles,
      status: 'active',
      keyDigest,
      recordedAt: recordedAt(tx),
    };
    tx.state.put(key('agency', agencyId), record);
    return { ...record };
  },
});
