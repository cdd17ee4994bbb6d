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
};
