import { problem } from './problem.js';

export const certificateProblems = {
  'certificate.not-found': problem(
    404,
    ['证照不存在', '没有该标识的电子证照；请核对标识。'],
    ['Certificate not found', 'There is no certificate with this identifier; check the identifier.'],
  ),
  'certificate.exists': problem(
    409,
    ['证照标识已使用', '该标识的证照已存在；请读取该证照，或核对标识。'],
    ['Certificate identifier taken', 'A certificate with this identifier exists; read it, or check the identifier.'],
  ),
  'certificate.state': problem(
    409,
    ['证照状态不符', '证照当前状态不允许此操作，见 state；已撤销的证照不能恢复；full 表示变更已满，不再暂停。'],
    [
      'Certificate in another state',
      'The present state of the certificate, given in state, does not allow this; a revoked one never becomes valid again, and full means that it has too many changes to be suspended again.',
    ],
  ),
  'certificate.issuer': problem(
    422,
    ['签发机构不符', '标识中的签发机构不是本机构；请由该签发机构提交，或更正标识。'],
    [
      'Other issuer',
      'The identifier names an issuer that is not your agency; have that issuer send it, or correct the identifier.',
    ],
  ),
  'certificate.digest': problem(
    409,
    ['摘要已登记', '该文件摘要已登记在另一证照下；请核对文件。'],
    ['Digest on the ledger already', 'This digest belongs to another certificate already; check the document.'],
  ),
  'certificate.proof': problem(
    422,
    ['批次证明不成立', '证照的批次证明与账本不符；请稍后重试，若持续出现请联系运维。'],
    [
      'Batch proof does not hold',
      'The proof of this batch certificate does not match the ledger; read the certificate again and report it if it persists.',
    ],
  ),
} as const;
