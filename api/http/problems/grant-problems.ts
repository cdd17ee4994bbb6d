import { problem } from './problem.js';

/** Grants, uses and subjects. What a use was denied for is always answered with 403: the denial is on the ledger. */
export const grantProblems = {
  'grant.not-found': problem(
    404,
    ['授权不存在', '没有该编号的数据授权；请核对编号。'],
    ['Grant not found', 'There is no grant with this id; check the id.'],
  ),
  'grant.exists': problem(
    409,
    ['授权编号已使用', '该编号的数据授权已存在；请读取该授权，或换用新编号。'],
    ['Grant id taken', 'A grant with this id exists; read it, or choose another id.'],
  ),
  'grant.state': problem(
    409,
    ['授权状态不符', '授权当前状态不允许此操作，见 state；full 表示步骤已满，不再暂停；请先读取授权。'],
    [
      'Grant in another state',
      'The present state of the grant, given in state, does not allow this; full means that it has too many steps to be suspended again; read the grant first.',
    ],
  ),
  'grant.withheld': problem(
    422,
    ['数据不予共享', '该数据集属不予共享类；请改用其他数据集或线下途径。'],
    ['Data withheld', 'This data set is not shared; use another one or another way.'],
  ),
  'grant.fields': problem(
    422,
    ['字段超出范围', '所列字段超出数据集或授权的范围；请仅使用其列出的字段。'],
    ['Fields out of scope', 'The fields go beyond the data set or the grant; name only fields that it lists.'],
  ),
  'grant.item': problem(
    422,
    ['数据集不服务于该事项', '该数据集未声明服务于所述事项；请核对目录。'],
    ['Item not served', 'The data set does not serve this service item; compare with its entry in the catalogue.'],
  ),
  'grant.provider': problem(
    422,
    ['该省没有提供方', '该数据集在所述省份没有提供机构；请改选目录列出的省份。'],
    ['No provider there', 'The data set has no provider in this province; name a province that its catalogue entry lists.'],
  ),
  'grant.not-grantee': problem(
    403,
    ['非被授权机构', '本机构不是该授权的被授权方，此次尝试已记录在账本；请先申请授权。'],
    ['Not the grantee', 'Your agency is not the grantee, and the attempt is on the ledger; request a grant of your own.'],
  ),
  'grant.revoked': problem(
    403,
    ['授权已撤销', '该授权已被撤销，此次尝试已记录在账本；请停止使用并处置数据。'],
    ['Grant revoked', 'The grant was revoked, and the attempt is on the ledger; stop the use and dispose of the data.'],
  ),
  'grant.suspended': problem(
    403,
    ['授权已暂停', '该授权暂停中，此次尝试已记录在账本；请等待提供方恢复。'],
    ['Grant suspended', 'The grant is suspended, and the attempt is on the ledger; wait until the provider resumes it.'],
  ),
  'grant.not-active': problem(
    403,
    ['授权未生效', '该授权尚未批准或已结束，此次尝试已记录在账本；请先取得有效授权。'],
    [
      'Grant not active',
      'The grant is not approved or has ended, and the attempt is on the ledger; obtain an active grant first.',
    ],
  ),
  'grant.not-started': problem(
    403,
    ['授权期未开始', '授权有效期尚未开始，此次尝试已记录在账本；请在有效期内使用。'],
    ['Grant not started', 'The grant has not begun, and the attempt is on the ledger; use it within its dates.'],
  ),
  'grant.expired': problem(
    403,
    ['授权已过期', '授权有效期已过，此次尝试已记录在账本；请重新申请并处置已得数据。'],
    [
      'Grant expired',
      'The grant is past its dates, and the attempt is on the ledger; request a new one and dispose of the data.',
    ],
  ),
  'grant.purpose': problem(
    403,
    ['超出授权用途', '所述用途与授权不符，此次尝试已记录在账本；请仅按授权用途使用。'],
    [
      'Other purpose',
      'The purpose is not that of the grant, and the attempt is on the ledger; use the data only for the purpose granted.',
    ],
  ),
  'grant.subject': problem(
    403,
    ['主体不在授权范围', '所涉主体与授权不符，此次尝试已记录在账本；请核对主体句柄。'],
    ['Other subject', 'The subject is not that of the grant, and the attempt is on the ledger; check the subject handle.'],
  ),
  'grant.exhausted': problem(
    403,
    ['使用次数已用尽', '授权的使用次数已用尽，此次尝试已记录在账本；请重新申请。'],
    ['Grant used up', 'No use of the grant is left, and the attempt is on the ledger; request a new one.'],
  ),
  'use.not-found': problem(
    404,
    ['使用记录不存在', '没有该编号的使用记录；请核对编号。'],
    ['Use not found', 'There is no use with this id; check the id.'],
  ),
  'use.exists': problem(
    409,
    ['使用编号已使用', '该编号的使用记录已存在；请换用新编号。'],
    ['Use id taken', 'A use with this id exists; choose another id.'],
  ),
  'use.state': problem(
    409,
    ['使用记录状态不符', '该使用记录当前状态不允许此操作，见 state；请先读取使用记录。'],
    ['Use in another state', 'The present state of the use, given in state, does not allow this; read the use first.'],
  ),
  'subject.not-found': problem(
    404,
    ['主体句柄不存在', '保管库中没有该句柄，或不属本省；请核对句柄。'],
    ['Subject not found', 'The vault knows no such handle; check the handle.'],
  ),
  'subject.state': problem(
    409,
    ['主体句柄状态不符', '该句柄当前状态不允许此操作，见 state；已删除的句柄不能再开启。'],
    [
      'Subject in another state',
      'The present state of the handle, given in state, does not allow this; an erased one cannot be opened.',
    ],
  ),
} as const;
