/** The facts of a record in the reader's words: fields by their names, agencies by theirs, digests in one piece. */
import type { Json, JsonObject } from '../../network/proof/canonical-json.js';
import type { Language, Text } from './texts.js';

const FIELDS: Readonly<Record<string, Text>> = {
  agency: { zh: '机构', en: 'agency' },
  by: { zh: '由何证替代', en: 'superseded by' },
  carrier: { zh: '承运', en: 'carrier' },
  caseId: { zh: '办件', en: 'case' },
  certificates: { zh: '证照', en: 'certificates' },
  channel: { zh: '渠道', en: 'channel' },
  code: { zh: '代码', en: 'code' },
  conditions: { zh: '条件', en: 'conditions' },
  counterpart: { zh: '对方', en: 'counterpart' },
  digest: { zh: '摘要', en: 'digest' },
  dueAt: { zh: '期限', en: 'due' },
  effectiveAt: { zh: '生效', en: 'effective' },
  endedAt: { zh: '结束', en: 'ended' },
  event: { zh: '事项', en: 'event' },
  expiresAt: { zh: '失效', en: 'expires' },
  fields: { zh: '字段', en: 'fields' },
  findingsDigest: { zh: '意见摘要', en: 'digest of findings' },
  holder: { zh: '办理机构', en: 'holder' },
  identityCheck: { zh: '身份核验', en: 'identity check' },
  item: { zh: '事项', en: 'item' },
  itemCode: { zh: '事项', en: 'item' },
  legalBasis: { zh: '法律依据', en: 'legal basis' },
  manifest: { zh: '移交清单', en: 'manifest' },
  materials: { zh: '材料', en: 'materials' },
  media: { zh: '媒介', en: 'media' },
  method: { zh: '方式', en: 'method' },
  mode: { zh: '办理方式', en: 'mode' },
  name: { zh: '名称', en: 'name' },
  number: { zh: '序号', en: 'number' },
  occurredAt: { zh: '发生', en: 'occurred' },
  officerId: { zh: '专员', en: 'officer' },
  outcome: { zh: '结果', en: 'outcome' },
  parcelDigest: { zh: '包件摘要', en: 'digest of the parcel' },
  pieces: { zh: '件数', en: 'pieces' },
  purpose: { zh: '用途', en: 'purpose' },
  reason: { zh: '原因', en: 'reason' },
  reasonCode: { zh: '原因', en: 'reason' },
  recordCount: { zh: '条数', en: 'records' },
  recordedAt: { zh: '上链', en: 'recorded' },
  recordingDigest: { zh: '录音录像摘要', en: 'digest of the recording' },
  releasedAt: { zh: '供出', en: 'given out' },
  replaces: { zh: '更正第几步所交', en: 'replaces that of entry' },
  responseDigest: { zh: '应答摘要', en: 'digest of the answer' },
  result: { zh: '结论', en: 'result' },
  resultDigest: { zh: '结果摘要', en: 'digest of the result' },
  sessionId: { zh: '会话', en: 'session' },
  startedAt: { zh: '开始', en: 'started' },
  subject: { zh: '当事人（不透明句柄）', en: 'subject (opaque handle)' },
  to: { zh: '交给', en: 'to' },
  transaction: { zh: '交易', en: 'transaction' },
  until: { zh: '至', en: 'until' },
  version: { zh: '版本', en: 'version' },
};
/** Fields that hold an agency's credit code. */
const AGENCIES: readonly string[] = ['agency', 'counterpart', 'provider', 'to'];

export interface Reader {
  readonly language: Language;
  /** an agency's name and credit code */
  readonly nameOf: (agencyId: Json | undefined) => string;
}

function fieldText(name: string, value: Json, reader: Reader): string {
  const text = AGENCIES.includes(name) ? reader.nameOf(value) : valueText(value, reader);
  return `${FIELDS[name]?.[reader.language] ?? name} ${text}`;
}

function valueText(value: Json, reader: Reader): string {
  if (Array.isArray(value)) return `[${value.map((one: Json) => valueText(one, reader)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const { alg, value: hex, agency, ...rest } = value as JsonObject;
  if (alg !== undefined && hex !== undefined) return `${String(alg)} ${String(hex)}`;
  if (agency !== undefined && Object.keys(rest).every((name) => name === 'province')) return reader.nameOf(agency);
  return `(${factsText(value as JsonObject, reader)})`;
}

export function factsText(facts: JsonObject, reader: Reader): string {
  return Object.entries(facts)
    .map(([name, value]) => fieldText(name, value, reader))
    .join('; ');
}

const PLACES: Readonly<Record<string, Text>> = {
  timeline: { zh: '办理过程第', en: 'timeline, entry' },
  anchored: { zh: '批量存证', en: 'anchored' },
  certificates: { zh: '证照', en: 'certificate' },
  copies: { zh: '加注件', en: 'copy' },
  grant: { zh: '授权', en: 'grant' },
  uses: { zh: '用数', en: 'use' },
  data: { zh: '数据授权', en: 'data under grant' },
};
const WITHIN: Readonly<Record<string, Text>> = {
  steps: { zh: '步骤', en: 'step' },
  use: { zh: '查询', en: 'query' },
  release: { zh: '供数', en: 'release' },
};

/** Where in the story something stands. */
export function placeText(place: string, language: Language): string {
  const [part = '', id, ...rest] = place.split('/');
  const known = Object.hasOwn(PLACES, part) ? PLACES[part] : undefined;
  if (part === 'data') return `${known?.[language]} ${id}, ${placeText(rest.join('/'), language)}`;
  const within = rest.map((name) => WITHIN[name]?.[language] ?? name);
  // Steps are counted from 0 in the story, from 1 in a report, as entries are.
  const named = id === 'steps' ? [WITHIN.steps?.[language], String(Number(rest[0]) + 1)] : [id, ...within];
  return [known?.[language] ?? part, ...named].filter((word) => word !== undefined).join(' ');
}

const UNITS: readonly (readonly [milliseconds: number, text: Text])[] = [
  [86_400_000, { zh: '天', en: ' d' }],
  [3_600_000, { zh: '小时', en: ' h' }],
  [60_000, { zh: '分', en: ' min' }],
  [1000, { zh: '秒', en: ' s' }],
];

/** In whole units down to seconds; below one in milliseconds. */
export function durationText(milliseconds: number, language: Language): string {
  let rest = Math.abs(milliseconds);
  const parts: string[] = [];
  for (const [unit, text] of UNITS) {
    if (rest >= unit) parts.push(`${Math.floor(rest / unit)}${text[language]}`);
    rest %= unit;
  }
  const whole = parts.length > 0 ? parts.join(language === 'zh' ? '' : ' ') : `${rest}${language === 'zh' ? '毫秒' : ' ms'}`;
  return milliseconds < 0 ? `-${whole}` : whole;
}
