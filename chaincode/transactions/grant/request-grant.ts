import Type from 'typebox';
import { Refusal } from '../../errors.js';
import { defineTransaction } from '../../runtime/definition.js';
import { absent, ensure, recordedAt } from '../../runtime/tx.js';
import { ClientId, ClientIdReference, Code, ProvinceId, Subject, Time, VersionNumber } from '../../schemas/primitives.js';
import { ensureAfter } from '../../schemas/refuse-field.js';
import { loadCase } from '../case/case-record.js';
import { ensurePublished, loadVersion } from '../catalogue/catalogue-version.js';
import { FieldNames, type GrantRecord, grantKey, Purpose } from './grant.js';

/**
 * Asks for a grant under a published version of a data set. `province` picks the provider. Data shared
 * unconditionally are granted at once, others wait for the provider's answer.
 */
export const requestGrant = defineTransaction({
  contract: 'grant',
  name: 'RequestGrant',
  roles: ['data-user'],
  path: {},
  body: {
    grantId: ClientId,
    dataSet: Code,
    version: VersionNumber,
    province: ProvinceId,
    purpose: Purpose,
    fields: FieldNames,
    subject: Type.Optional(Subject),
    caseId: Type.Optional(ClientIdReference),
    validFrom: Time,
    validTo: Time,
    maxUses: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })),
  },
  async apply(tx, input) {
    const { grantId, dataSet, version, province, purpose, fields, caseId, validFrom, validTo } = input;
    ensureAfter(validFrom, validTo, '/validTo');
    const named = await loadVersion(tx, 'data-sets', dataSet, version);
    if (caseId !== undefined) await loadCase(tx, caseId);
    ensurePublished(named);
    await absent(tx, grantKey(grantId), 'grant.exists', grantId);

    const { content } = named;
    const { shareClass, servesItems } = content;
    const provider = content.providers[province];
    ensure(provider !== undefined, 'grant.provider', { id: province });
    if (shareClass === 'withheld') throw new Refusal('grant.withheld', { id: dataSet });
    const known = content.fields.map((field) => field.name);
    ensure(
      fields.every((field) => known.includes(field)),
      'grant.fields',
      { id: dataSet },
    );
    ensure(servesItems === undefined || servesItems.includes(purpose.itemCode), 'grant.item', { id: purpose.itemCode });

    const now = recordedAt(tx);
    const record: GrantRecord = {
      ...input,
      shareClass,
      provider,
      grantee: tx.caller.agencyId,
      granteeProvince: tx.caller.province.code,
      status: shareClass === 'unconditional' ? 'active' : 'requested',
      steps: [],
      requestedAt: now,
      recordedAt: now,
    };
    tx.state.put(grantKey(grantId), record);
    return { ...record };
  },
});
