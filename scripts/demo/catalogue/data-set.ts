/** A shared data set 共享数据目录 in short form, and the body that proposes it. */
import { PROVINCE_CODES } from '../../../chaincode/provinces.js';
import type { DataSetContent } from '../../../chaincode/transactions/catalogue/data-set.js';
import { inProvinces, type UnitName } from '../agencies.js';
import { digest } from '../digest.js';

export interface DataSetSheet {
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
