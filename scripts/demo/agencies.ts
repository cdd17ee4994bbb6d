/** The demonstration agencies of four provinces: real kinds of agencies under invented credit codes. */
import { PROVINCES, type ProvinceCode, provinceOf } from '../../chaincode/provinces.js';
import type { AGENCY_KINDS, Role } from '../../chaincode/roles.js';
import { inventedCreditCode } from './numbers.js';

export interface DemoAgency {
  readonly agencyId: string;
  readonly province: ProvinceCode;
  readonly divisionCode: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly kind: (typeof AGENCY_KINDS)[number];
  readonly roles: readonly Role[];
}

export type ProvinceSlug = (typeof PROVINCES)[number]['slug'];

const HANDLES: readonly Role[] = ['case-handler', 'certificate-issuer', 'data-provider', 'data-user'];

interface Unit {
  readonly kind: DemoAgency['kind'];
  readonly roles: readonly Role[];
  /** what follows the name of Shanghai, and of a province */
  readonly zh: readonly [string, string];
  readonly en: string;
}

function department(city: string, province: string, en: string, roles: readonly Role[] = HANDLES): Unit {
  return { kind: 'department', roles, zh: [city, province], en };
}

/** What every province has; the order gives each its serial, so new ones go to the end. */
const UNITS = {
  data: department('数据局', '数据局', 'Data Bureau', ['catalogue-editor', 'data-provider']),
  market: department('市场监督管理局', '市场监督管理局', 'Administration for Market Regulation'),
  police: department('公安局', '公安厅', 'Public Security Department'),
  social: department('人力资源和社会保障局', '人力资源和社会保障厅', 'Human Resources and Social Security Department'),
  medical: department('医疗保障局', '医疗保障局', 'Healthcare Security Administration'),
  civil: department('民政局', '民政厅', 'Civil Affairs Department'),
  education: department('教育委员会', '教育厅', 'Education Department'),
  tax: department('税务局', '税务局', 'Tax Service'),
  health: department('卫生健康委员会', '卫生健康委员会', 'Health Commission'),
  housing: department('住房和城乡建设管理委员会', '住房和城乡建设厅', 'Housing and Urban-Rural Development Department'),
  transport: department('交通委员会', '交通运输厅', 'Transport Department'),
  audit: { kind: 'auditor', roles: ['auditor'], zh: ['审计局', '审计厅'], en: 'Audit Office' },
  platform: {
    kind: 'platform',
    roles: ['application'],
    zh: ['政务数据共享平台', '政务数据共享平台'],
    en: 'Data Sharing Platform',
  },
  licences: { kind: 'application', roles: ['application'], zh: ['电子证照库', '电子证照库'], en: 'Electronic Licence Library' },
} as const satisfies Record<string, Unit>;

export type UnitName = keyof typeof UNITS;

function provincial(): [string, DemoAgency][] {
  return PROVINCES.flatMap(({ code, slug, name }) =>
    Object.entries<Unit>(UNITS).map(([unit, { kind, roles, zh, en }], index): [string, DemoAgency] => {
      const agencyId = inventedCreditCode('11', code, index + 1);
      const names = { zh: name.zh + zh[slug === 'shanghai' ? 0 : 1], en: `${name.en} ${en}` };
      return [`${slug}.${unit}`, { agencyId, province: code, divisionCode: code, name: names, kind, roles }];
    }),
  );
}

type Row = readonly [ProvinceSlug, string, string, number, string, string, DemoAgency['kind'], readonly Role[]];

const CENTRE: readonly Role[] = ['case-handler', 'data-user'];
const PORTAL: readonly Role[] = ['application'];

/** Portals, service centres and city agencies: province, key, division, serial, names, kind, roles. */
const OTHERS: readonly Row[] = [
  ['shanghai', 'portal', '310000', 50, '随申办', 'Suishenban, portal of Shanghai', 'portal', PORTAL],
  ['jiangsu', 'portal', '320000', 50, '苏服办', 'Sufuban, portal of Jiangsu', 'portal', PORTAL],
  ['zhejiang', 'portal', '330000', 50, '浙里办', 'Zheliban, portal of Zhejiang', 'portal', PORTAL],
  ['anhui', 'portal', '340000', 50, '皖事通', 'Wanshitong, portal of Anhui', 'portal', PORTAL],
  ['shanghai', 'changning', '310105', 61, '长宁区政务服务中心', 'Changning Service Centre', 'centre', CENTRE],
  ['shanghai', 'qingpu', '310118', 62, '青浦区政务服务中心', 'Qingpu Service Centre', 'centre', CENTRE],
  ['jiangsu', 'suzhou', '320500', 61, '苏州市政务服务中心', 'Suzhou Service Centre', 'centre', CENTRE],
  ['jiangsu', 'wujiang', '320509', 62, '吴江区政务服务中心', 'Wujiang Service Centre', 'centre', CENTRE],
  ['zhejiang', 'hangzhou', '330100', 61, '杭州市政务服务中心', 'Hangzhou Service Centre', 'centre', CENTRE],
  ['zhejiang', 'jiashan', '330421', 62, '嘉善县政务服务中心', 'Jiashan Service Centre', 'centre', CENTRE],
  ['anhui', 'hefei', '340100', 61, '合肥市政务服务中心', 'Hefei Service Centre', 'centre', CENTRE],
  [
    'jiangsu',
    'suzhou-approval',
    '320500',
    71,
    '苏州市行政审批局',
    'Suzhou Administrative Approval Bureau',
    'department',
    HANDLES,
  ],
  ['zhejiang', 'hangzhou-market', '330100', 71, '杭州市市场监督管理局', 'Hangzhou Market Regulation', 'department', HANDLES],
  ['anhui', 'hefei-medical', '340100', 71, '合肥市医疗保障局', 'Hefei Healthcare Security Administration', 'department', HANDLES],
];

function others(): [string, DemoAgency][] {
  return OTHERS.map(([slug, key, divisionCode, serial, zh, en, kind, roles]) => {
    const province = `${divisionCode.slice(0, 2)}0000` as ProvinceCode;
    const agencyId = inventedCreditCode('11', divisionCode, serial);
    return [`${slug}.${key}`, { agencyId, province, divisionCode, name: { zh, en }, kind, roles }];
  });
}

/** By key: province and unit, such as `jiangsu.market`. */
export const DEMO_AGENCIES: ReadonlyMap<string, DemoAgency> = new Map([...provincial(), ...others()]);

/** @throws Error for a key that no agency has: a slip in the demonstration data */
export function agency(key: string): DemoAgency {
  const found = DEMO_AGENCIES.get(key);
  if (!found) throw new Error(`no demonstration agency ${key}`);
  return found;
}

/** A unit's agency in each of some provinces, as catalogue entries name them. */
export function inProvinces(unit: UnitName, provinces: readonly ProvinceCode[]): Partial<Record<ProvinceCode, string>> {
  return Object.fromEntries(provinces.map((code) => [code, agency(`${provinceOf(code).slug}.${unit}`).agencyId]));
}
