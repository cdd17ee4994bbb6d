import { problem } from './problem.js';

export const anchorProblems = {
  'anchor.not-found': problem(
    404,
    ['存证记录不存在', '没有该编号或摘要的存证记录；请核对，或重新提交该记录。'],
    ['Anchored record not found', 'No record with this id or digest was anchored; check it, or send the record.'],
  ),
  'anchor.exists': problem(
    409,
    ['记录编号已存证', '该记录编号已存证其他内容，见 proof；更正请换用新的记录编号。'],
    [
      'Record id anchored before',
      'Another record is anchored under this id, see proof; give a correction a record id of its own.',
    ],
  ),
} as const;
