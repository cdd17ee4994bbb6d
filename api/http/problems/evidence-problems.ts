import { problem } from './problem.js';

/** What can be wrong with asking for evidence. */
export const evidenceProblems = {
  'receipt.not-found': problem(
    404,
    ['回执不存在', '账本上没有此编号的有效业务交易；请用 GET /v1/transactions/{id} 查询其结果，待 valid 后再取回执。'],
    [
      'No such receipt',
      'The ledger holds no valid transaction of an agency under this id; GET /v1/transactions/{id} tells what became of it, and a receipt can be had once it is valid.',
    ],
  ),
  'evidence.too-large': problem(
    422,
    ['证据包过大', '所涉记录超过一份证据包的上限（5000 条，用数和供数各计一条）；请改取单个用数记录的证据包，或由审计机构导出。'],
    [
      'Too much for one bundle',
      'More records belong to it than one evidence bundle holds (5,000, of which a use and its release are two); ask for the evidence of single uses, or have an auditor export them.',
    ],
  ),
};
