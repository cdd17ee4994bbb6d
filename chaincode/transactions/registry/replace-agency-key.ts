import Type from 'typebox';
import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { AgencyId, Code, Hash } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';
import { type AgencyRecord, agencyUnderRegistrar, checkCertificate } from './agency.js';

/**
 * Another key for an agency, whose old one then signs nothing more: what it endorsed or sent before read the
 * record that this replaces, and is found stale. Also an inactive one's, so that it may come back with a clean key.
 */
export const replaceAgencyKey = defineTransaction({
  contract: 'registry',
  name: 'ReplaceAgencyKey',
  roles: ['registrar'],
  path: { agencyId: AgencyId },
  body: { reason: Code, certificate: Type.Optional(Type.String({ maxLength: 8192, screened: false })) },
  attached: { keyDigest: Hash },
  async apply(tx, { agencyId, reason, certificate, keyDigest }) {
    if (certificate !== undefined) checkCertificate(certificate, { agencyId, keyDigest });
    const agency = await agencyUnderRegistrar(tx, agencyId);
    ensure(keyDigest !== agency.keyDigest, 'agency.key');
    const record: AgencyRecord = { ...agency, keyDigest, reason, recordedAt: recordedAt(tx, agency) };
    tx.state.put(key('agency', agencyId), record);
    return { ...record };
  },
});
