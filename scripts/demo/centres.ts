/** Contracted service centres 签约服务中心, their partners 合作单位 and their officers 异地网办专员. */
import { agency } from './agencies.js';
import { WINDOW_STANDARD } from './catalogue/standards.js';
import { digest, document } from './digest.js';

const KEYS = [
  'shanghai.changning',
  'shanghai.qingpu',
  'jiangsu.suzhou',
  'jiangsu.wujiang',
  'zhejiang.hangzhou',
  'zhejiang.jiashan',
  'anhui.hefei',
] as const;

const PILOTS: readonly string[] = ['shanghai.qingpu', 'jiangsu.wujiang', 'zhejiang.jiashan'];

/** The bodies of `POST /v1/centres`. */
export const CENTRES = KEYS.map((key) => {
  const { agencyId, name, divisionCode } = agency(key);
  const body = {
    centreId: agencyId,
    name,
    divisionCode,
    standard: { code: WINDOW_STANDARD, version: 1 },
    pilot: PILOTS.includes(key),
    validFrom: '2025-01-01T00:00:00Z',
    validTo: '2036-01-01T00:00:00Z',
    contractDigest: digest(document('centre-contract.pdf')),
  };
  return { key, body };
});

/** A centre, and the centre or department that accepts to be its partner. */
export const PARTNERS: readonly (readonly [string, string])[] = [
  ['shanghai.changning', 'jiangsu.suzhou'],
  ['shanghai.changning', 'jiangsu.suzhou-approval'],
  ['shanghai.changning', 'anhui.hefei'],
  ['shanghai.qingpu', 'jiangsu.wujiang'],
  ['shanghai.qingpu', 'zhejiang.jiashan'],
  ['jiangsu.wujiang', 'zhejiang.jiashan'],
  ['zhejiang.hangzhou', 'jiangsu.suzhou'],
];

const ALL_DUTIES = ['consult', 'assist', 'receive', 'verify-identity'] as const;

interface OfficerSheet {
  readonly centre: string;
  readonly host?: string;
  readonly officerId: string;
  readonly serves: readonly string[];
}

const SHEETS: readonly OfficerSheet[] = [
  { centre: 'shanghai.changning', officerId: 'officer-changning-01', serves: ['310000', '320000', '340000'] },
  { centre: 'shanghai.changning', host: 'jiangsu.suzhou', officerId: 'officer-changning-02', serves: ['320000'] },
  { centre: 'shanghai.qingpu', host: 'zhejiang.jiashan', officerId: 'officer-qingpu-01', serves: ['330000'] },
  { centre: 'jiangsu.suzhou', host: 'shanghai.changning', officerId: 'officer-suzhou-01', serves: ['310000', '320000'] },
  { centre: 'zhejiang.hangzhou', officerId: 'officer-hangzhou-01', serves: ['320000', '330000'] },
  { centre: 'anhui.hefei', host: 'shanghai.changning', officerId: 'officer-hefei-01', serves: ['310000', '340000'] },
];

/** The bodies of `POST /v1/officers`; opaque ids, never names. */
export const OFFICERS = SHEETS.map(({ centre, host, officerId, serves }) => {
  const body = {
    officerId,
    centreId: agency(centre).agencyId,
    ...(host !== undefined && { hostCentreId: agency(host).agencyId }),
    servesProvinces: serves,
    duties: ALL_DUTIES,
    validFrom: '2025-01-01T00:00:00Z',
    validTo: '2036-01-01T00:00:00Z',
  };
  return { centre, ...(host !== undefined && { host }), body };
});
