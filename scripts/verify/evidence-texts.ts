/** What the report on an evidence bundle says besides, in both languages. */
import type { Plain } from '../../network/proof/evidence/answers.js';
import type { ThingType } from '../../network/proof/evidence/bundle.js';
import type { Text, VERDICT_TEXTS } from './texts.js';

export const EVIDENCE_VERDICT_TEXTS: typeof VERDICT_TEXTS = {
  holds: { zh: '核验通过：证据包成立', en: 'The evidence holds' },
  fails: { zh: '核验不通过：证据包不成立', en: 'The evidence does not hold' },
  unknown: { zh: '无法判断', en: 'This cannot be judged' },
};

export const PLAIN_TEXTS: Readonly<Record<Plain, Text>> = {
  yes: { zh: '是', en: 'yes' },
  no: { zh: '否', en: 'NO' },
  unknown: { zh: '无法判断', en: 'cannot be told' },
};

export const THING_TEXTS: Readonly<Record<ThingType, Text>> = {
  case: { zh: '办件', en: 'case' },
  certificate: { zh: '证照', en: 'certificate' },
  grant: { zh: '数据授权', en: 'grant' },
  use: { zh: '用数', en: 'use of data' },
};

const TYPES: Readonly<Record<string, Text>> = {
  opening: { zh: '开办', en: 'opening' },
  subcase: { zh: '开办子办件', en: 'sub-case' },
  milestone: { zh: '办理节点', en: 'milestone' },
  material: { zh: '提交材料', en: 'material' },
  'pre-review': { zh: '线上预审', en: 'pre-review' },
  'handoff-offer': { zh: '提出交接', en: 'hand-off offered' },
  'handoff-acceptance': { zh: '接收交接', en: 'hand-off accepted' },
  'handoff-rejection': { zh: '拒绝交接', en: 'hand-off rejected' },
  'handoff-recall': { zh: '撤回交接', en: 'hand-off recalled' },
  'handoff-lapse': { zh: '交接逾期失效', en: 'hand-off lapsed' },
  'handoff-return': { zh: '退回办件', en: 'returned' },
  pause: { zh: '中止', en: 'pause' },
  resumption: { zh: '恢复办理', en: 'resumption' },
  custody: { zh: '材料流转', en: 'custody of papers' },
  session: { zh: '远程虚拟窗口', en: 'remote session' },
  'session-acknowledgement': { zh: '确认远程会话', en: 'session acknowledged' },
  decision: { zh: '作出决定', en: 'decision' },
  closure: { zh: '办结归档', en: 'closure' },
  approved: { zh: '批准', en: 'approved' },
  'supplement-requested': { zh: '要求补充', en: 'supplement requested' },
  supplemented: { zh: '补充', en: 'supplemented' },
  resumed: { zh: '恢复', en: 'resumed' },
  disposed: { zh: '处置数据', en: 'data disposed of' },
};

export function typeText(type: string): Text | undefined {
  return TYPES[type];
}

export const EVIDENCE_WORDS = {
  title: { zh: '账本证据包核验报告', en: 'Report on an evidence bundle' },
  questions: { zh: '四问四答', en: 'Four questions' },
  intact: { zh: '一、所述内容是否完整、未被改动', en: '1. Is it intact?' },
  anchored: { zh: '二、账本上是否确有这些记录', en: '2. Is it on the ledger?' },
  entitled: { zh: '三、签发和经办机构是否有权', en: '3. Was who issued or acted entitled to?' },
  status: { zh: '四、当日状态', en: '4. How did it stand on the day?' },
  unproven: { zh: '前两问未得肯定答复，当日状态无从谈起', en: 'not told, as the first two are not answered with yes' },
  asOf: { zh: '截至', en: 'as of' },
  known: { zh: '所依据的是账本截至该时的记录', en: 'by what the ledger had on record at' },
  said: { zh: '经过（结论通过时方可采信）', en: 'What happened (worth something only if the evidence holds)' },
  subject: { zh: '所涉事项', en: 'about' },
  anchoredRecord: { zh: '批量存证', en: 'anchored' },
  catalogue: { zh: '依据的清单版本', en: 'The catalogue version it was done under' },
  version: { zh: '代码、版本', en: 'code, version' },
  contentDigest: { zh: '内容摘要（SHA-256）', en: 'digest of its content (SHA-256)' },
  vote: { zh: '审定', en: 'approval' },
  published: { zh: '发布时间', en: 'published' },
  captures: { zh: '数据采集情况（上链之前）', en: 'How the data were captured before they came to the ledger' },
  capturedBy: { zh: '采集系统、版本、方式', en: 'by system, version, method' },
  notStated: { zh: '账本未载明采集系统', en: 'no system was stated' },
  statedAt: { zh: '自述时间', en: 'stated time' },
  recordedAt: { zh: '上链时间', en: 'recorded' },
  delay: { zh: '至上链相隔', en: 'and to the ledger took' },
  holder: { zh: '当日办理机构', en: 'held by' },
  issuer: { zh: '签发机构', en: 'issuer' },
  validity: { zh: '有效期', en: 'validity' },
  issued: { zh: '签发上链', en: 'issue recorded' },
  copy: { zh: '加注件', en: 'annotated copy' },
  neverIssued: { zh: '决定中提及，账本上没有此证照', en: 'named in the decision; the ledger has no such certificate' },
  grantee: { zh: '用数机构', en: 'grantee' },
  provider: { zh: '供数机构', en: 'provider' },
  terms: { zh: '用途和字段', en: 'purpose and fields' },
  use: { zh: '用数', en: 'use' },
  release: { zh: '供数', en: 'release' },
  limits: { zh: '须知', en: 'What this does not show' },
  withheld: { zh: '提及而未出示', en: 'named, not shown' },
  anchoredLimit: {
    zh: '批量存证的记录各有证明，但是否尚有其他存证记录，须由审计重放全链查明',
    en: 'each anchored record is proved; whether others were anchored as well, only an audit of the chain tells',
  },
  grant: { zh: '数据授权', en: 'grant' },
  dataSet: { zh: '依据的数据集版本', en: 'The data set version that a grant is of' },
  dataLimit: {
    zh: '所列授权和用数各有证明，且均属与本办件有关的机构；是否尚有其他授权或用数记录，除附有计数的授权外，须由审计重放全链查明',
    en: 'each grant and each use listed is proved, and is of an agency that has to do with the case; whether there are others, only an audit of the chain tells, but for the uses of a grant whose count is told',
  },
  /** of bundles in the first version of the format */
  grantsLimit: {
    zh: '为本办件申请的数据授权及其用数不在此证据包内（主动服务所依据的授权除外）：GET /v1/trace?case= 向审计机构列出这些授权，每项授权另有证据包',
    en: 'grants of data that name this case, and their uses, are not in this bundle, but for the grant of a proactive case: GET /v1/trace?case= lists them to auditors, and each has a bundle of its own',
  },
  usesLimit: {
    zh: '此授权不限次数，账本不计数：所列用数各有证明，但是否尚有其他用数记录，须由审计重放全链查明',
    en: 'the ledger keeps no count for a grant without a limit: each use listed is proved; whether there are others, only an audit of the chain tells',
  },
  deniedLimit: {
    zh: '计数只证明准许的用数完整；被拒绝的用数各有证明，但未计数',
    en: 'the count proves that the permitted uses are complete; denied ones are proved singly and not counted',
  },
  receipts: { zh: '回执', en: 'Receipts' },
  receipt: { zh: '回执', en: 'receipt' },
  records: { zh: '条记录', en: 'records' },
} satisfies Readonly<Record<string, Text>>;
