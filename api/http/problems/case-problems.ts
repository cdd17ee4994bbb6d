import { problem } from './problem.js';

export const caseProblems = {
  'case.not-found': problem(
    404,
    ['办件不存在', '没有该编号的办件；请核对编号。'],
    ['Case not found', 'There is no case with this id; check the id.'],
  ),
  'case.exists': problem(
    409,
    ['办件编号已使用', '该编号的办件已存在；请读取该办件，或换用新编号。'],
    ['Case id taken', 'A case with this id exists; read it, or choose another id.'],
  ),
  'case.state': problem(
    409,
    ['办件状态不符', '办件当前状态不允许此操作，见 state；请先读取办件。'],
    ['Case in another state', 'The present state of the case, given in state, does not allow this; read the case first.'],
  ),
  'case.mode': problem(
    422,
    [
      '办理方式不符',
      'id 所示事项版本未开通此办理方式，或 id 所示父办件不是集成办件；请改用事项清单列出的方式，或选择集成办件作为父办件。',
    ],
    [
      'Mode does not fit',
      'The item in id does not offer this mode, or the parent case in id is not an integrated one: use a mode that the item lists, or an integrated case as the parent.',
    ],
  ),
  'case.component': problem(
    422,
    ['不能作为子办件', '父办件的事项未包含 id 所示子事项，或 id 所示父办件已有 100 个子办件；请核对组成事项，或另开集成办件。'],
    [
      'Cannot be a sub-case',
      'The item of the parent case does not name the component in id, or the parent case in id has its 100 sub-cases: compare with the list of components, or open another integrated case.',
    ],
  ),
  'case.not-holder': problem(
    409,
    ['当前不持有该办件', '本机构目前不是该办件的持有方；请由持有方操作，或先完成移交。'],
    ['Not the holder', 'Your agency does not hold this case now; have the holder act, or complete a hand-off first.'],
  ),
  'case.route': problem(
    409,
    ['环节顺序不符', '该环节不是事项流程规定的下一环节；请按流程顺序登记。'],
    ['Milestone out of order', 'This milestone is not the next one of the route that the item declares; record them in order.'],
  ),
  'case.material': problem(
    422,
    ['材料不符', '所提交或替换的材料不在事项材料清单或办件中；请核对材料编码。'],
    ['Material does not fit', 'The material is not one that the item or the case names; check its code.'],
  ),
  'case.officer': problem(
    422,
    ['专员不可用', '专员不存在、未启用、不在有效期内或无此职责；请核对专员记录。'],
    [
      'Officer cannot act',
      'The officer is unknown, inactive, outside its validity or without this duty; check the record of the officer.',
    ],
  ),
  'case.subcases-open': problem(
    409,
    ['子办件未办结', '仍有子办件未作决定；请先办结全部子办件。'],
    ['Sub-cases open', 'There are sub-cases without a decision; decide them first.'],
  ),
  'handoff.not-found': problem(
    404,
    ['移交不存在', '该办件没有此序号的移交；请核对序号。'],
    ['Hand-off not found', 'The case has no hand-off with this number; check the number.'],
  ),
  'handoff.state': problem(
    409,
    ['移交状态不符', '移交当前状态不允许此操作，见 state；未到 dueAt 的移交不能作逾期处理。请先读取办件。'],
    [
      'Hand-off in another state',
      'The present state of the hand-off, given in state, does not allow this; an open one lapses only after its dueAt. Read the case first.',
    ],
  ),
  'session.not-found': problem(
    404,
    ['远程会话不存在', '该办件没有此编号的远程会话；请核对编号。'],
    ['Remote session not found', 'The case has no remote session with this id; check the id.'],
  ),
  'session.exists': problem(
    409,
    ['远程会话已登记', '该编号的远程会话已登记；请换用新编号。'],
    ['Remote session recorded already', 'A remote session with this id is recorded; choose another id.'],
  ),
  'session.state': problem(
    409,
    ['远程会话状态不符', '远程会话当前状态不允许此操作，见 state；请先读取办件时间线。'],
    [
      'Remote session in another state',
      'The present state of the session, given in state, does not allow this; read the timeline first.',
    ],
  ),
} as const;
