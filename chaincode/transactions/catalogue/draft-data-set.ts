import { defineTransaction } from '../../runtime/definition.js';
import { ensure } from '../../runtime/tx.js';
import { ensureDistinct } from '../../schemas/refuse-field.js';
import { DataSet, STATE_SECRETS } from './data-set.js';
import { draft } from './draft.js';
import { ensureAgencies } from './references.js';

export const draftDataSet = defineTransaction({
  contract: 'catalogue',
  name: 'DraftDataSet',
  roles: ['catalogue-editor'],
  path: {},
  body: DataSet,
  async apply(tx, content) {
    ensureDistinct(content.fields, 'name', '/fields');
    const secret = STATE_SECRETS.some((label) => label === content.confidentiality);
    ensure(!secret, 'catalogue.state-secret');
    const providers = Object.entries(content.providers).map(([province, agencyId]) => [province, [agencyId]]);
    await ensureAgencies(tx, Object.fromEntries(providers));
    return draft(tx, 'data-sets', content);
  },
});
