/** Service standards 服务标准 that centres and officers keep, and the legal instruments 法律依据 that entries name. */
import type { ServiceStandardContent } from '../../../chaincode/transactions/catalogue/service-standard.js';
import { digest, document } from '../digest.js';

export const WINDOW_STANDARD = 'cross-province-window';
const ASSIST_STANDARD = 'remote-virtual-window';

/** The bodies of `POST /v1/catalogue/service-standards`. */
export const SERVICE_STANDARDS: readonly ServiceStandardContent[] = [
  {
    code: WINDOW_STANDARD,
    name: { zh: '长三角跨省通办窗口服务规范', en: 'Service standard of cross-province windows' },
    digest: digest(document('window-standard.pdf')),
    duties: ['consult', 'assist', 'receive', 'verify-identity'],
    effectiveFrom: '2026-09-01T00:00:00Z',
  },
  {
    code: ASSIST_STANDARD,
    name: { zh: '远程虚拟窗口帮办规范', en: 'Service standard of remote virtual windows' },
    digest: digest(document('assist-standard.pdf')),
    duties: ['consult', 'assist', 'verify-identity'],
    effectiveFrom: '2026-09-01T00:00:00Z',
  },
];

export interface Instrument {
  readonly code: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly issuer: string;
  readonly effectiveFrom: string;
}

export const INSTRUMENTS: readonly Instrument[] = [
  {
    code: 'delta-one-network',
    title: {
      zh: '促进长三角政务服务“一网通办”规定',
      en: 'Regulations on the one-network government service of the Yangtze River Delta',
    },
    issuer: '沪苏浙皖四省市人民代表大会常务委员会',
    effectiveFrom: '2026-01-01T00:00:00Z',
  },
  {
    code: 'government-data-sharing',
    title: { zh: '政务数据共享条例', en: 'Government Data Sharing Regulations' },
    issuer: '国务院',
    effectiveFrom: '2025-08-01T00:00:00Z',
  },
  {
    code: 'market-entity-registration',
    title: { zh: '中华人民共和国市场主体登记管理条例', en: 'Regulations on the registration of market entities' },
    issuer: '国务院',
    effectiveFrom: '2022-03-01T00:00:00Z',
  },
  {
    code: 'food-safety',
    title: { zh: '中华人民共和国食品安全法', en: 'Food Safety Law' },
    issuer: '全国人民代表大会常务委员会',
    effectiveFrom: '2015-10-01T00:00:00Z',
  },
  {
    code: 'social-insurance',
    title: { zh: '中华人民共和国社会保险法', en: 'Social Insurance Law' },
    issuer: '全国人民代表大会常务委员会',
    effectiveFrom: '2011-07-01T00:00:00Z',
  },
  {
    code: 'social-assistance',
    title: { zh: '社会救助暂行办法', en: 'Interim Measures for Social Assistance' },
    issuer: '国务院',
    effectiveFrom: '2014-05-01T00:00:00Z',
  },
  {
    code: 'medical-fund',
    title: { zh: '医疗保障基金使用监督管理条例', en: 'Regulations on the use of medical insurance funds' },
    issuer: '国务院',
    effectiveFrom: '2021-05-01T00:00:00Z',
  },
  {
    code: 'household-registration',
    title: { zh: '中华人民共和国户口登记条例', en: 'Regulations on household registration' },
    issuer: '全国人民代表大会常务委员会',
    effectiveFrom: '1958-01-09T00:00:00Z',
  },
];
