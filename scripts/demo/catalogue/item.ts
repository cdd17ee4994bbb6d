/** A service item 清单事项 in short form, and the body that proposes it. */
import { PROVINCE_CODES, type ProvinceCode } from '../../../chaincode/provinces.js';
import { DOMAINS, type Mode, type ServiceItemContent } from '../../../chaincode/transactions/catalogue/service-item.js';
import { inProvinces, type UnitName } from '../agencies.js';
import { material } from './materials.js';

export interface ItemSheet {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly domain: ServiceItemContent['domain'];
  readonly modes: readonly Mode[];
  /** whose departments answer for it, in every province unless `provinces` says where */
  readonly units: readonly UnitName[];
  /** further agencies, by province: cities that handle it themselves */
  readonly also?: Partial<Record<ProvinceCode, readonly string[]>>;
  readonly provinces?: readonly ProvinceCode[];
  /** material codes; one that ends in `?` may be left out */
  readonly materials: readonly string[];
  readonly days: number;
  readonly route?: readonly string[];
  readonly components?: readonly string[];
  readonly variants?: ServiceItemContent['variants'];
  /** steps, days, materials and visits, before and now */
  readonly effort?: readonly [readonly [number, number, number, number], readonly [number, number, number, number]];
  readonly valueAdded?: ServiceItemContent['valueAdded'];
  readonly legalBasis?: readonly string[];
}

function effortOf([steps, days, materials, visits]: readonly [number, number, number, number]) {
  return { steps, days, materials, visits };
}

function departmentsOf({ units, also = {}, provinces = PROVINCE_CODES }: ItemSheet): ServiceItemContent['departments'] {
  return Object.fromEntries(
    provinces.map((code) => {
      const agencies = units.map((unit) => inProvinces(unit, [code])[code] as string);
      return [code, [...agencies, ...(also[code] ?? [])]];
    }),
  );
}

/** The body of `POST /v1/catalogue/service-items`. */
export function serviceItem(sheet: ItemSheet): ServiceItemContent {
  const { code, zh, en, domain, modes, days, route, components, variants, effort, valueAdded, legalBasis } = sheet;
  const audience = (DOMAINS.enterprise as readonly string[]).includes(domain) ? 'enterprise' : 'individual';
  return {
    code,
    name: { zh, en },
    domain,
    audience,
    ...(valueAdded && { valueAdded }),
    modes: [...modes],
    departments: departmentsOf(sheet),
    materials: sheet.materials.map(material),
    timeLimit: { workingDays: days },
    ...(route && { route: [...route] }),
    ...(components && { components: [...components] }),
    ...(variants && { variants }),
    ...(effort && { effort: { before: effortOf(effort[0]), now: effortOf(effort[1]) } }),
    legalBasis: [...(legalBasis ?? []), 'delta-one-network'],
  };
}
