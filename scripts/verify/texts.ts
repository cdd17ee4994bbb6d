/** What the report says, in both languages: checks, faults, words. */

import type { EvidenceCheck } from '../../network/proof/evidence/verify-evidence.js';
import type { FaultCode } from '../../network/proof/faults.js';
import type { AnchorCheck } from '../../network/proof/verify-anchor.js';

export type Language = 'zh' | 'en';
export type Text = Readonly<Record<Language, string>>;

export const VERDICT_TEXTS: Readonly<Record<'holds' | 'fails' | 'unknown', Text>> = {
  holds: { zh: '核验通过：回执成立', en: 'The receipt holds' },
  fails: { zh: '核验不通过：回执不成立', en: 'The receipt does not hold' },
  unknown: { zh: '无法判断', en: 'This cannot be judged' },
};

export const EVIDENCE_VERDICT_TEXTS: typeof VERDICT_TEXTS = {
  holds: { zh: '核验通过：证据包成立', en: 'The evidence holds' },
  fails: { zh: '核验不通过：证据包不成立', en: 'The evidence does not hold' },
  unknown: { zh: '无法判断', en: 'This cannot be judged' },
};

export const CHECK_TEXTS: Readonly<Record<AnchorCheck['name'] | EvidenceCheck['name'], Text>> = {
  bundle: { zh: '文件是规定格式的证据包，未被增删改写', en: 'The file is an evidence bundle in its one form' },
  told: {
    zh: '所述每一条记录都与各省节点所签的一致，所签的无一漏述',
    en: 'Every record is told as it was signed, and none that was signed is left out',
  },
  timeline: {
    zh: '办理过程逐条相接、完整无缺；附有计数的授权，用数记录与计数相符',
    en: 'The timeline is whole and in order; where a grant’s count is told, its uses are as many',
  },
  leaves: {
    zh: '批量存证或批量签发的记录都通向所签的树根',
    en: 'Records anchored or issued in batches lead to signed roots',
  },
  catalogue: {
    zh: '所依据的清单内容就是四省市共同审定的内容',
    en: 'The catalogue’s content is the one that every province approved',
  },
  entitlement: { zh: '每一步都由有权的机构办理', en: 'Every step was for the agency that took it' },
  status: { zh: '所述当日状态就是由所签记录推算的状态', en: 'The status told of the day follows from the signed records' },
  captures: { zh: '各摘要的采集方式与时间与记录一致', en: 'How and when each digest was captured is as recorded' },
  file: { zh: '文件是规定格式的存证证明，未被增删改写', en: 'The file is an anchor’s proof in its one form' },
  leaf: { zh: '所述记录就是树叶所代表的记录', en: 'The record is the one that its leaf stands for' },
  path: {
    zh: '路径由树叶通向树根，位置与叶数相符',
    en: 'The path leads from the leaf to the root, at this place in a tree of this size',
  },
  root: { zh: '各省节点所签的正是这一批次、树根和叶数', en: 'The peers signed for this very batch, root and size' },
  form: { zh: '文件是规定格式的回执，未被增删改写', en: 'The file is a receipt in its one form' },
  signatures: { zh: '每一个签名都与所签内容相符', en: 'Every signature fits what was signed' },
  answer: { zh: '所签内容是节点对查询的答复，而非交易背书', en: 'What was signed is an answer, not the endorsement of a write' },
  ledger: { zh: '答复出自所信任的账本通道和合约', en: 'The answer is of this channel and these contracts' },
  records: { zh: '答复所述记录与节点读取的状态一致', en: 'The records agree with what the peers read' },
  signers: { zh: '签名者是足够多不同省市的节点', en: 'Peers of enough different provinces signed' },
  revocation: { zh: '签名证书未被吊销', en: 'The signers’ certificates are not revoked' },
  assurance: { zh: '账本的可信级别不低于信任文件所定', en: 'The ledger is of the kind that the trust file names' },
  document: { zh: '所附文件就是所签的文件', en: 'The document is the one that was signed for' },
};

export const RESULT_TEXTS: Readonly<Record<'pass' | 'fail' | 'unknown' | 'skipped', Text>> = {
  pass: { zh: '通过', en: 'pass' },
  fail: { zh: '不通过', en: 'FAIL' },
  unknown: { zh: '不明', en: 'unknown' },
  skipped: { zh: '未查', en: 'not checked' },
};

export const FAULT_TEXTS: Readonly<Record<FaultCode, Text>> = {
  'proof.leaf': { zh: '树叶代表的是另一条记录', en: 'the leaf stands for another record' },
  'proof.path': { zh: '路径不能由树叶通向树根', en: 'the path does not lead from the leaf to the root' },
  'proof.root': { zh: '节点所签的是另一批次、树根或叶数', en: 'the peers signed for another batch, root or size' },
  'proof.form': {
    zh: '不是规范格式的回执：文件被改动、截断或重新排版；请向出具方重新索取原件',
    en: 'not a receipt in its one form: altered, cut off or formatted anew; ask for the original again',
  },
  'proof.signature': {
    zh: '签名与内容不符：内容或签名被改动',
    en: 'a signature does not fit: the contents or the signature were altered',
  },
  'proof.answer': { zh: '所签内容不是回执查询的答复', en: 'the signed bytes are no answer to a receipt’s question' },
  'proof.write': {
    zh: '所签内容是一笔交易的背书，该交易可能并未生效；请索取查询回执',
    en: 'the signed bytes endorse a transaction, which may have failed afterwards; ask for a receipt of it',
  },
  'proof.ledger': { zh: '答复出自其他通道或其他合约', en: 'the answer is of another channel or other contracts' },
  'proof.records': { zh: '答复所述记录与节点读取的状态不一致', en: 'the answer and the signed read set disagree' },
  'proof.document': {
    zh: '所附文件与所签文件不同：内容不同，或不是同一份文件',
    en: 'the document differs from the one signed for',
  },
  'proof.unsigned': {
    zh: '所述记录不在任何一份回执之内，无人签名证明',
    en: 'a record is told of that no receipt is of: nobody signed for it',
  },
  'proof.told': {
    zh: '所述记录与各省节点所签的不一致，或漏述了所签的记录',
    en: 'a record is told otherwise than it was signed, or a signed one is left out',
  },
  'proof.chain': {
    zh: '办理过程或用数记录有缺漏、调换、添加或改动',
    en: 'entries or uses are missing, moved, added or altered',
  },
  'proof.catalogue': {
    zh: '清单内容不是四省市共同审定的内容',
    en: 'the catalogue’s content is not the one that the provinces approved',
  },
  'proof.entitlement': {
    zh: '按所签记录，经办机构无权办理其中某一步',
    en: 'by what was signed, a step was not for the agency that took it',
  },
  'proof.status': {
    zh: '所述当日状态与所签记录推算的结果不符',
    en: 'the status on the day is not the one that follows from the signed records',
  },
  'proof.capture': {
    zh: '所述采集方式、时间与记录不符',
    en: 'how or when a digest was captured is told otherwise than it was recorded',
  },
  'signer.certificate': { zh: '签名证书不能用于签名', en: 'a certificate that may not sign' },
  'signer.unknown': { zh: '签名者不属于信任文件所列省市', en: 'a signer of no province in the trust file' },
  'signer.root': { zh: '签名证书不是由所信任的省级根证书签发', en: 'a certificate that no pinned root of its province issued' },
  'signer.unit': { zh: '签名者不是节点（只有节点可以答复）', en: 'a signer that is no peer' },
  'signer.validity': { zh: '答复时签名证书不在有效期内', en: 'a certificate that was not valid at the time of the answer' },
  'signer.revoked': { zh: '签名证书已被吊销', en: 'a certificate that has been revoked' },
  'signer.assurance': {
    zh: '这是单一运营者的账本，其全部密钥由一方持有，不能当作四省市共同见证',
    en: 'this ledger’s keys are all held by one operator: it is not four provinces’ word',
  },
  'signer.too-few': { zh: '签名的省市不足', en: 'too few provinces signed' },
  'format.unknown': { zh: '版本未知：请使用更新的核验程序', en: 'a version this verifier does not know: get a newer one' },
};

export const ASSURANCE_TEXTS: Readonly<Record<'single-operator' | 'bft-4', Text>> = {
  'single-operator': { zh: '单一运营者（一方持有全部密钥）', en: 'single operator: one party holds all keys' },
  'bft-4': { zh: '四省市共同运营（容忍一方失信）', en: 'four provinces, of which one may be false' },
};

const STATUS: Readonly<Record<string, Text>> = {
  valid: { zh: '有效', en: 'valid' },
  suspended: { zh: '暂停', en: 'suspended' },
  reinstated: { zh: '恢复', en: 'reinstated' },
  revoked: { zh: '撤销', en: 'revoked' },
  superseded: { zh: '被替代', en: 'superseded' },
  expired: { zh: '已过期', en: 'expired' },
  'not-yet-valid': { zh: '尚未生效', en: 'not yet valid' },
  'not-recorded': { zh: '当日账本上尚无记录', en: 'not on the ledger on that day' },
  open: { zh: '办理中', en: 'open' },
  offered: { zh: '已提出交接、待接收', en: 'offered to another agency' },
  decided: { zh: '已作出决定', en: 'decided' },
  closed: { zh: '已办结', en: 'closed' },
  withdrawn: { zh: '已撤回', en: 'withdrawn' },
  requested: { zh: '待答复', en: 'waiting for an answer' },
  supplement: { zh: '待补充', en: 'waiting for a supplement' },
  active: { zh: '生效中', en: 'active' },
  refused: { zh: '已拒绝', en: 'refused' },
  ended: { zh: '已终止', en: 'ended' },
  permitted: { zh: '准许', en: 'permitted' },
  denied: { zh: '不予准许', en: 'denied' },
};

export function statusText(verdict: string): Text {
  return STATUS[verdict] ?? { zh: verdict, en: verdict };
}

export const WORDS = {
  title: { zh: '账本回执核验报告', en: 'Report on a ledger receipt' },
  file: { zh: '所核验的文件', en: 'file' },
  verdict: { zh: '结论', en: 'verdict' },
  assurance: { zh: '账本可信级别', en: 'assurance' },
  checks: { zh: '逐项核验', en: 'checks' },
  signers: { zh: '签名节点', en: 'peers that signed' },
  required: { zh: '信任文件要求的省市数', en: 'provinces asked for' },
  accepted: { zh: '采信', en: 'accepted' },
  refused: { zh: '不采信', en: 'not accepted' },
  fingerprint: { zh: '证书指纹 SHA-256', en: 'certificate, SHA-256' },
  said: { zh: '节点所述（结论通过时方可采信）', en: 'what the peers said (worth something only if the receipt holds)' },
  time: { zh: '答复的申报时间（UTC）', en: 'declared time of the answer' },
  ledger: { zh: '通道、合约及版本', en: 'channel, contracts, version' },
  height: { zh: '账本高度至少', en: 'ledger height, at least' },
  transaction: { zh: '交易编号', en: 'transaction' },
  function: { zh: '业务操作', en: 'operation' },
  declared: { zh: '交易的申报时间（UTC）', en: 'declared time of the transaction' },
  place: { zh: '区块与序位', en: 'block and position' },
  anchored: { zh: '所存证的记录（结论通过时方可采信）', en: 'the anchored record (worth something only if the proof holds)' },
  leaf: { zh: '树叶及其位次', en: 'leaf, and its place' },
  root: { zh: '树根', en: 'root' },
  record: { zh: '记录', en: 'record' },
  absent: { zh: '账本上没有此记录', en: 'no such record' },
  hidden: { zh: '记录存在，内容不公开', en: 'there, not shown in full' },
  byThis: { zh: '本交易写入', en: 'written by this transaction' },
  byLater: { zh: '其后被另一交易改写', en: 'written by a later transaction' },
  certificate: { zh: '证照', en: 'certificate' },
  status: { zh: '证照状态', en: 'status of the certificate' },
  asOf: { zh: '截至', en: 'as of' },
  knownAt: { zh: '仅据账本在此时之前所知', en: 'as far as the ledger knew at' },
  notSince: { zh: '此后登记的变更不在其内', en: 'what was recorded since is not in it' },
  digest: { zh: '所查的摘要', en: 'digest asked about' },
  original: { zh: '证照原件', en: 'the original' },
  copy: { zh: '加注件', en: 'an annotated copy' },
  runsOut: { zh: '有效期至', en: 'it runs out on' },
  ranOut: { zh: '已过期，有效期至', en: 'IT RAN OUT on' },
  noList: {
    zh: '未提供每一签名者的、晚于答复时间的吊销列表（--crl），未查签名证书是否已被吊销',
    en: 'no revocation list later than the answer was given (--crl) for every signer, so revocation was not checked',
  },
} satisfies Readonly<Record<string, Text>>;
