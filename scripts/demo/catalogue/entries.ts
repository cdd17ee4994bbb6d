/** Everything the demonstration catalogue holds, in an order in which no entry comes before one it names. */
import { dataSet } from './data-set.js';
import { DATA_SET_SHEETS } from './data-sets.js';
import { ENTERPRISE_ITEMS } from './enterprise-items.js';
import { BIRTH_ITEMS, GROWING_ITEMS } from './growing-items.js';
import { serviceItem } from './item.js';
import { CARE_ITEMS, LIVING_ITEMS } from './living-items.js';
import { SERVICE_STANDARDS } from './standards.js';

export const SERVICE_ITEMS = [...ENTERPRISE_ITEMS, ...BIRTH_ITEMS, ...GROWING_ITEMS, ...LIVING_ITEMS, ...CARE_ITEMS].map(
  serviceItem,
);
export const DATA_SETS = DATA_SET_SHEETS.map(dataSet);

export interface DemoEntry {
  readonly kind: 'service-items' | 'data-sets' | 'service-standards';
  readonly content: { readonly code: string };
}

export const CATALOGUE: readonly DemoEntry[] = [
  ...SERVICE_STANDARDS.map((content): DemoEntry => ({ kind: 'service-standards', content })),
  ...SERVICE_ITEMS.map((content): DemoEntry => ({ kind: 'service-items', content })),
  ...DATA_SETS.map((content): DemoEntry => ({ kind: 'data-sets', content })),
];
