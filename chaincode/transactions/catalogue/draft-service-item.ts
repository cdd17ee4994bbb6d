import { defineTransaction } from '../../runtime/definition.js';
import { ensureDistinct, refuseField } from '../../schemas/refuse-field.js';
import { draft } from './draft.js';
import { ensureAgencies, ensureInstruments } from './references.js';
import { DOMAINS, ServiceItem, type ServiceItemContent } from './service-item.js';

function checkContent({ audience, domain, materials, variants }: ServiceItemContent): void {
  if (!DOMAINS[audience].some((known) => known === domain)) refuseField('/domain', `is no domain of audience ${audience}`);
  ensureDistinct(materials, 'code', '/materials');
  for (const [province, variant] of Object.entries(variants ?? {}))
    ensureDistinct(variant?.materials ?? [], 'code', `/variants/${province}/materials`);
}

/** Components are named, not looked up: parts of one matter are often drafted after the whole. */
export const draftServiceItem = defineTransaction({
  contract: 'catalogue',
  name: 'DraftServiceItem',
  roles: ['catalogue-editor'],
  path: {},
  body: ServiceItem,
  async apply(tx, content) {
    checkContent(content);
    await ensureAgencies(tx, content.departments);
    await ensureInstruments(tx, content.legalBasis);
    return draft(tx, 'service-items', content);
  },
});
