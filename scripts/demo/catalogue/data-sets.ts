/** Shared data sets 共享数据目录 of all three share classes. */

import { PROVINCE_CODES } from '../../../chaincode/provinces.js';
import type { DataSetContent } from '../../../chaincode/transactions/catalogue/data-set.js';
import { inProvinces, type UnitName } from '../agencies.js';
import { digest } from '../digest.js';

interface DataSetSheet {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly unit: UnitName;
  readonly shareClass: DataSetContent['shareClass'];
  /** the condition of a conditional set, the legal basis of a withheld one */
  readonly because?: string;
  readonly grade: number;
  readonly confidentiality: 'public' | 'internal' | 'personal' | 'commercial';
  /** name, Chinese and English title, type */
  readonly fields: readonly (readonly [string, string, string, string])[];
  readonly servesItems?: readonly string[];
  readonly updateFrequency: string;
}

const NEED = '仅限办理所列事项，一事一申请';

export const DATA_SET_SHEETS: readonly DataSetSheet[] = [
  {
    code: 'enterprise-register',
    zh: '企业登记基本信息',
    en: 'Register of companies',
    unit: 'market',
    shareClass: 'unconditional',
    grade: 1,
    confidentiality: 'public',
    fields: [
      ['registration-status', '登记状态', 'Registration status', 'code'],
      ['established-on', '成立日期', 'Date of establishment', 'date'],
      ['business-scope', '经营范围', 'Business scope', 'text'],
    ],
    updateFrequency: 'real-time',
  },
  {
    code: 'food-licences',
    zh: '食品经营许可信息',
    en: 'Food operation licences',
    unit: 'market',
    shareClass: 'unconditional',
    grade: 1,
    confidentiality: 'public',
    fields: [
      ['licence-status', '许可状态', 'Licence status', 'code'],
      ['valid-to', '有效期至', 'Valid to', 'date'],
    ],
    servesItems: ['food-operation-licence'],
    updateFrequency: 'daily',
  },
  {
    code: 'penalties-published',
    zh: '行政处罚公示信息',
    en: 'Published administrative penalties',
    unit: 'market',
    shareClass: 'unconditional',
    grade: 1,
    confidentiality: 'public',
    fields: [['penalty-type', '处罚种类', 'Kind of penalty', 'code']],
    updateFrequency: 'daily',
  },
  {
    code: 'hardship-findings',
    zh: '低保与特困人员认定信息',
    en: 'Findings of hardship',
    unit: 'civil',
    shareClass: 'conditional',
    because: NEED,
    grade: 3,
    confidentiality: 'personal',
    fields: [
      ['hardship-class', '困难类别', 'Class of hardship', 'code'],
      ['valid-from', '认定日期', 'Found on', 'date'],
      ['household-size', '家庭人数', 'Size of household', 'integer'],
    ],
    servesItems: ['student-aid', 'temporary-assistance'],
    updateFrequency: 'daily',
  },
  {
    code: 'school-rolls',
    zh: '学籍信息',
    en: 'School rolls',
    unit: 'education',
    shareClass: 'conditional',
    because: NEED,
    grade: 3,
    confidentiality: 'personal',
    fields: [
      ['enrolment-status', '在籍状态', 'Enrolment', 'code'],
      ['school-stage', '学段', 'Stage of school', 'code'],
    ],
    servesItems: ['student-aid', 'school-transfer'],
    updateFrequency: 'weekly',
  },
  {
    code: 'birth-certificates',
    zh: '出生医学证明信息',
    en: 'Birth certificates',
    unit: 'health',
    shareClass: 'conditional',
    because: NEED,
    grade: 3,
    confidentiality: 'personal',
    fields: [
      ['certificate-status', '证明状态', 'Status of the certificate', 'code'],
      ['born-on', '出生日期', 'Date of birth', 'date'],
    ],
    servesItems: ['newborn-matter', 'household-registration-birth'],
    updateFrequency: 'real-time',
  },
  {
    code: 'household-register',
    zh: '户籍登记信息',
    en: 'Household register',
    unit: 'police',
    shareClass: 'conditional',
    because: NEED,
    grade: 4,
    confidentiality: 'personal',
    fields: [
      ['registered-division', '户籍所在地', 'Registered division', 'code'],
      ['relation', '与户主关系', 'Relation to the head of household', 'code'],
    ],
    updateFrequency: 'daily',
  },
  {
    code: 'social-insurance-records',
    zh: '社会保险参保信息',
    en: 'Social insurance records',
    unit: 'social',
    shareClass: 'conditional',
    because: NEED,
    grade: 3,
    confidentiality: 'personal',
    fields: [
      ['insured-months', '缴费月数', 'Months insured', 'integer'],
      ['arrears', '是否欠费', 'In arrears', 'boolean'],
    ],
    servesItems: ['company-winding-up', 'pension-transfer', 'seat-relocation'],
    updateFrequency: 'monthly',
  },
  {
    code: 'medical-insurance-records',
    zh: '基本医疗保险参保信息',
    en: 'Medical insurance records',
    unit: 'medical',
    shareClass: 'conditional',
    because: NEED,
    grade: 3,
    confidentiality: 'personal',
    fields: [
      ['insured', '参保状态', 'Insured', 'code'],
      ['filing', '异地就医备案', 'Filing of treatment elsewhere', 'code'],
    ],
    servesItems: ['medical-claim-elsewhere', 'medical-filing-elsewhere', 'care-allowance'],
    updateFrequency: 'daily',
  },
  {
    code: 'tax-clearance',
    zh: '清税与欠税信息',
    en: 'Tax clearance and arrears',
    unit: 'tax',
    shareClass: 'conditional',
    because: NEED,
    grade: 3,
    confidentiality: 'commercial',
    fields: [
      ['cleared', '是否清税', 'Cleared', 'boolean'],
      ['cleared-on', '清税日期', 'Cleared on', 'date'],
    ],
    servesItems: ['company-winding-up', 'simple-deregistration', 'seat-relocation'],
    updateFrequency: 'real-time',
  },
  {
    code: 'housing-fund-records',
    zh: '住房公积金缴存信息',
    en: 'Housing fund deposits',
    unit: 'housing',
    shareClass: 'conditional',
    because: NEED,
    grade: 3,
    confidentiality: 'personal',
    fields: [['deposit-months', '缴存月数', 'Months of deposits', 'integer']],
    servesItems: ['housing-fund-transfer', 'housing-fund-loan'],
    updateFrequency: 'monthly',
  },
  {
    code: 'operating-vehicles',
    zh: '营运车辆信息',
    en: 'Commercial vehicles',
    unit: 'transport',
    shareClass: 'conditional',
    because: NEED,
    grade: 2,
    confidentiality: 'internal',
    fields: [
      ['vehicle-count', '车辆数', 'Number of vehicles', 'integer'],
      ['permit-status', '许可状态', 'Status of the permit', 'code'],
    ],
    updateFrequency: 'weekly',
  },
  {
    code: 'tax-declarations',
    zh: '纳税申报明细',
    en: 'Tax declarations in detail',
    unit: 'tax',
    shareClass: 'withheld',
    because: '《中华人民共和国税收征收管理法》第八条：为纳税人的情况保密',
    grade: 4,
    confidentiality: 'commercial',
    fields: [['declared-amount', '申报金额', 'Amount declared', 'decimal']],
    updateFrequency: 'monthly',
  },
  {
    code: 'medical-records',
    zh: '病历信息',
    en: 'Medical records',
    unit: 'health',
    shareClass: 'withheld',
    because: '《中华人民共和国基本医疗卫生与健康促进法》第三十三条：保护患者隐私',
    grade: 4,
    confidentiality: 'personal',
    fields: [['diagnosis', '诊断', 'Diagnosis', 'text']],
    updateFrequency: 'daily',
  },
];

/** The body of `POST /v1/catalogue/data-sets`. */
export function dataSet(sheet: DataSetSheet): DataSetContent {
  const { code, zh, en, unit, shareClass, because, grade, confidentiality, fields, servesItems, updateFrequency } = sheet;
  const standard = `delta-data-${code}`;
  return {
    code,
    name: { zh, en },
    providers: inProvinces(unit, PROVINCE_CODES),
    shareClass,
    ...(shareClass === 'conditional' && because && { condition: because }),
    ...(shareClass === 'withheld' && because && { legalBasis: because }),
    grade,
    confidentiality,
    standard: { code: standard, version: 1, digest: digest(JSON.stringify([standard, fields])) },
    fields: fields.map(([name, title, english, type]) => ({ name, title: { zh: title, en: english }, type })),
    ...(servesItems && { servesItems: [...servesItems] }),
    updateFrequency,
  };
}
