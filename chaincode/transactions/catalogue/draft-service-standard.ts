import { defineTransaction } from '../../runtime/definition.js';
import { draft } from './draft.js';
import { ServiceStandard } from './service-standard.js';

export const draftServiceStandard = defineTransaction({
  contract: 'catalogue',
  name: 'DraftServiceStandard',
  roles: ['catalogue-editor'],
  path: {},
  body: ServiceStandard,
  apply: (tx, content) => draft(tx, 'service-standards', content),
});
