import Type from 'typebox';
import { defineTransaction } from '../../runtime/definition.js';
import { absent, recordedAt, type Tx } from '../../runtime/tx.js';
import { ClientId, ClientIdReference, Digest, Subject } from '../../schemas/primitives.js';
import { denialReason } from './denial.js';
import { FieldNames, type GrantCountRecord, type GrantRecord, grantCountKey, grantPath, loadGrant, Purpose } from './grant.js';
import { isShareable } from './shareable.js';
import { type UseRecord, useKey } from './use.js';

/** Takes uses from the grant's count, where it has one; `exhausted` when not so many are left. */
async function take(tx: Tx, { grantId, maxUses }: GrantRecord, count: number): Promise<{ remaining?: number } | 'exhausted'> {
  if (maxUses === undefined) return {};
  const used = (await tx.state.get<GrantCountRecord>(grantCountKey(grantId)))?.used ?? 0;
  if (used + count > maxUses) return 'exhausted';
  tx.state.put(grantCountKey(grantId), { maxUses, used: used + count } satisfies GrantCountRecord);
  return { remaining: maxUses - used - count };
}

/**
 * Asks the ledger for leave to use data and records the answer. The test of the grant, the count and
 * the record are this one transaction; a denied attempt is as valid a transaction as a permitted one.
 * The case it names is the agency's own statement and is not looked up: no attempt may go unrecorded.
 */
export const useGrant = defineTransaction({
  contract: 'grant',
  name: 'UseGrant',
  roles: ['data-user'],
  path: grantPath,
  body: {
    useId: ClientId,
    purpose: Purpose,
    caseId: Type.Optional(ClientIdReference),
    fields: FieldNames,
    subject: Type.Optional(Subject),
    queryDigest: Digest,
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  },
  async apply(tx, { grantId, count = 1, ...asked }) {
    const grant = await loadGrant(tx, grantId);
    await absent(tx, useKey(asked.useId), 'use.exists', asked.useId);
    const { agencyId: agency, province } = tx.caller;
    const at = recordedAt(tx, grant);
    const shareable = await isShareable(tx, grant.dataSet, grant.version);
    const against = denialReason(grant, { ...asked, agency, at, shareable });
    const taken = against ? undefined : await take(tx, grant, count);
    const reason = taken === 'exhausted' ? 'grant.exhausted' : against;
    const record: UseRecord = {
      ...asked,
      grantId,
      dataSet: grant.dataSet,
      version: grant.version,
      provider: grant.provider,
      agency,
      province: province.code,
      decision: reason ? 'denied' : 'permitted',
      ...(reason && { reason }),
      count,
      ...(taken !== 'exhausted' && taken),
      transaction: tx.id,
      recordedAt: at,
    };
    tx.state.put(useKey(record.useId), record);
    return { ...record };
  },
});
