import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { Code } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';
import { ACTIVE_FEATURES, APPROVALS_REQUIRED, type FeatureRecord } from './feature.js';

/** One approval a province, by its registrar, when that province runs code that has the feature. There is no way back. */
export const approveFeature = defineTransaction({
  contract: 'registry',
  name: 'ApproveFeature',
  roles: ['registrar'],
  path: { feature: Code },
  body: {},
  async apply(tx, { feature }) {
    const approvalsOf = key('feature', 'approvals', feature);
    const before = await tx.state.get<FeatureRecord>(approvalsOf);
    const { agencyId, province } = tx.caller;
    const approved = before?.approvals ?? [];
    ensure(!tx.features.includes(feature), 'feature.state', { state: 'active' });
    ensure(!approved.some((earlier) => earlier.province === province.code), 'feature.state', { state: 'approved' });
    const time = recordedAt(tx, before);
    const approvals = [...approved, { province: province.code, agency: agencyId, time, transaction: tx.id }];
    const status = approvals.length === APPROVALS_REQUIRED ? 'active' : 'proposed';
    const record: FeatureRecord = { feature, status, approvals, recordedAt: time };
    tx.state.put(approvalsOf, record);
    if (status === 'active') tx.state.put(ACTIVE_FEATURES, { features: [...tx.features, feature] });
    return { ...record };
  },
});
