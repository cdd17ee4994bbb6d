import { defineTransaction } from '../../runtime/definition.js';
import { ensure, load, recordedAt } from '../../runtime/tx.js';
import { ClientIdReference, Count, Digest, Time } from '../../schemas/primitives.js';
import { type ReleaseRecord, releaseKey, type UseRecord, useKey } from './use.js';

/** The provider records, once, that it gave out data for a permitted use. */
export const releaseUse = defineTransaction({
  contract: 'grant',
  name: 'ReleaseUse',
  roles: ['data-provider'],
  path: { useId: ClientIdReference },
  body: { responseDigest: Digest, recordCount: Count, releasedAt: Time },
  async apply(tx, { useId, ...stated }) {
    const use = await load<UseRecord>(tx, useKey(useId), 'use.not-found', useId);
    ensure(use.provider === tx.caller.agencyId, 'auth.agency');
    ensure(use.decision === 'permitted', 'use.state', { state: 'denied' });
    ensure((await tx.state.get(releaseKey(useId))) === undefined, 'use.state', { state: 'released' });
    const record: ReleaseRecord = {
      useId,
      grantId: use.grantId,
      provider: use.provider,
      ...stated,
      transaction: tx.id,
      recordedAt: recordedAt(tx, use),
    };
    tx.state.put(releaseKey(useId), record);
    return { ...record };
  },
});
