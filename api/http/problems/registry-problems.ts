import { problem } from './problem.js';

export const registryProblems = {
  'agency.not-found': problem(
    404,
    ['机构不存在', '没有该统一社会信用代码的登记机构；请核对代码，或先由本省登记机构登记。'],
    [
      'Agency not found',
      'No agency is registered under this credit code; check the code or have the registrar register it first.',
    ],
  ),
  'agency.exists': problem(
    409,
    ['机构已登记', '该统一社会信用代码已登记；请读取现有记录，如需变更请调整角色或状态。'],
    [
      'Agency already registered',
      'This credit code is already registered; read the record and change its roles or status instead.',
    ],
  ),
  'agency.state': problem(
    409,
    ['机构状态不符', '机构当前状态不允许此操作，见 state；请先读取机构记录再决定。'],
    [
      'Agency in another state',
      'The present state of the agency, given in state, does not allow this; read its record and decide anew.',
    ],
  ),
  'agency.roles': problem(
    422,
    [
      '角色不符',
      '审计机构和登记机构不得兼任其他角色，接收移交的机构须有办件角色；请调整角色列表，或改选 id 所示机构以外的机构。',
    ],
    [
      'Roles do not fit',
      'An auditor or a registrar has no other role, and who is handed a case must be a case-handler or an application: correct the list of roles, or choose another agency than the one in id.',
    ],
  ),
  'agency.key': problem(
    409,
    ['密钥未变', '登记的正是该密钥；请为机构换用新生成的密钥及其证书，或不附证书，由本服务生成。'],
    [
      'The key it has',
      'The register has this very key: bring the certificate of a key made anew, or none, and one is made here.',
    ],
  ),
  'feature.not-found': problem(
    404,
    ['特性不存在', '没有省份提出该特性；请核对名称。'],
    ['Feature not found', 'No province has approved a feature of this name; check the name.'],
  ),
  'feature.state': problem(
    409,
    ['特性状态不符', '本省已同意，或特性已生效，见 state；请先读取其记录。'],
    ['Feature in another state', 'This province has approved it, or it is active, as state says; read its record first.'],
  ),
  'instrument.exists': problem(
    409,
    ['依据文件已登记', '该编号的依据文件已登记；请直接引用，或换用新编号。'],
    [
      'Instrument already registered',
      'A legal instrument with this code exists; name it, or register the new one under another code.',
    ],
  ),
  'instrument.not-found': problem(
    404,
    ['依据文件不存在', '没有该编号的依据文件；请核对编号，或先行登记。'],
    ['Instrument not found', 'There is no legal instrument with this code; check the code or register it first.'],
  ),
  'centre.not-found': problem(
    404,
    ['服务中心不存在', '没有该服务中心；请核对机构代码，或先行登记。'],
    ['Service centre not found', 'There is no such service centre; check the agency code or register the centre first.'],
  ),
  'centre.exists': problem(
    409,
    ['服务中心已登记', '该机构已登记为服务中心；请读取现有记录。'],
    ['Service centre already registered', 'This agency is already a service centre; read its record.'],
  ),
  'centre.kind': problem(
    422,
    ['机构类型不符', '只有类型为 centre 的机构可登记为服务中心；请核对机构类型。'],
    ['Agency is no centre', 'Only an agency of kind centre can be a service centre; check the kind of the agency.'],
  ),
  'centre.state': problem(
    409,
    ['服务中心状态不符', '服务中心当前状态不允许此操作，见 state；请先读取其记录。'],
    [
      'Service centre in another state',
      'The present state of the centre, given in state, does not allow this; read its record first.',
    ],
  ),
  'partner.not-found': problem(
    404,
    ['合作关系不存在', '两个服务中心之间没有合作邀约；请先发出邀约。'],
    ['Partnership not found', 'There is no partnership between these centres; propose one first.'],
  ),
  'partner.exists': problem(
    409,
    ['合作关系已存在', '两个服务中心之间已有合作或待接受的邀约；请读取中心记录。'],
    ['Partnership already exists', 'These centres are partners already, or one has proposed it; read the record of the centre.'],
  ),
  'partner.state': problem(
    409,
    ['合作关系状态不符', '合作关系当前状态不允许此操作，见 state；请先读取中心记录。'],
    [
      'Partnership in another state',
      'The present state of the partnership, given in state, does not allow this; read the record of the centre first.',
    ],
  ),
  'officer.not-found': problem(
    404,
    ['网办专员不存在', '没有该编号的异地网办专员；请核对编号。'],
    ['Officer not found', 'There is no officer with this id; check the id.'],
  ),
  'officer.exists': problem(
    409,
    ['网办专员已登记', '该编号已被使用；请换用新编号。'],
    ['Officer already registered', 'This officer id is taken; choose another.'],
  ),
  'officer.state': problem(
    409,
    ['网办专员状态不符', '专员当前状态不允许此操作，见 state；请先读取其记录。'],
    ['Officer in another state', 'The present state of the officer, given in state, does not allow this; read the record first.'],
  ),
} as const;
