import { passing, problem } from './problem.js';

/** What can be wrong with a request before it is about anything. */
export const requestProblems = {
  'request.invalid': problem(
    400,
    ['请求格式不正确', '请求中有字段不符合接口规定，详见 errors 所列字段；改正后重新提交。'],
    [
      'Malformed request',
      'The request breaks the form that this operation takes; correct the fields listed in errors and send it again.',
    ],
  ),
  'request.id-invalid': problem(
    400,
    ['标识符不合规', '标识符的形式、校验位或省份前缀不符合规定，详见 errors；核对标识符后重新提交。'],
    [
      'Malformed identifier',
      'An identifier has the wrong form, check character or province prefix; compare the fields listed in errors with the original and send it again.',
    ],
  ),
  'request.too-large': problem(
    413,
    ['请求体过大', '请求体超过该接口的大小上限；请拆分后分批提交。'],
    ['Request too large', 'The body is larger than this operation takes; split it and send the parts.'],
  ),
  'request.media-type': problem(
    415,
    ['不支持的内容类型', '该接口不接受此内容类型或压缩；请以 application/json（UTF-8，不压缩）或接口文档注明的类型提交。'],
    [
      'Unsupported media type',
      'This operation does not take that content type or encoding; send application/json in UTF-8 without compression, or the type that the documentation names.',
    ],
  ),
  'request.method': problem(
    405,
    ['不支持的请求方法', '该地址不支持此方法；请改用 Allow 响应头列出的方法。'],
    ['Method not allowed', 'This address does not take that method; use one that the Allow header lists.'],
  ),
  'request.timeout': passing(
    408,
    ['请求超时', '请求未能在规定时间内传完；请检查网络后重新提交。'],
    ['Request timed out', 'The request did not arrive in time; check the connection and send it again.'],
  ),
  'request.rate': passing(
    429,
    ['请求过于频繁', '已达到调用频率上限；请等待 Retry-After 所示秒数后重试。'],
    ['Too many requests', 'The rate limit has been reached; wait the seconds that Retry-After gives, then send it again.'],
  ),
  'route.not-found': problem(
    404,
    ['地址不存在', '没有这个接口地址；请对照 /openapi.json 核对路径。'],
    ['No such address', 'There is nothing at this path; compare it with /openapi.json.'],
  ),
  'auth.missing': problem(
    401,
    ['缺少身份凭证', '此接口需要身份凭证；请在 Authorization 请求头中携带 Bearer 令牌，或使用客户端证书。'],
    [
      'Credentials missing',
      'This operation needs credentials; send a Bearer token in the Authorization header or use a client certificate.',
    ],
  ),
  'auth.invalid': problem(
    401,
    ['身份凭证无效', '令牌或证书无效，或其机构未登记、已停用；请重新获取令牌，或联系本省登记机构。'],
    [
      'Credentials not accepted',
      'The token or certificate is not valid, or its agency is not registered or not active; get a new token or ask the registrar of your province.',
    ],
  ),
  'auth.role': problem(
    403,
    ['角色权限不足', '本机构不具备此操作所需的角色；请向本省登记机构申请，或由有权机构办理。'],
    [
      'Role missing',
      'Your agency does not have the role that this operation needs; ask your registrar for it or have an agency that has it act.',
    ],
  ),
  'auth.province': problem(
    403,
    ['不属于本省', '此操作只能由相应省份的机构办理；请转由该省机构提交。'],
    ['Other province', 'Only an agency of the province concerned may do this; have one of its agencies send it.'],
  ),
  'auth.agency': problem(
    403,
    ['非相关机构', '本机构不是该事项的相关方；请由相关机构办理，或先成为相关方。'],
    ['Not a party', 'Your agency is no party to this; have a party act, or become one first.'],
  ),
  'auth.signer': problem(
    403,
    ['本接口不持有签名密钥', '该机构的签名密钥不在本服务；请通过持有其密钥的服务提交。'],
    [
      'Signing key not held here',
      'This service does not hold the signing key of your agency; send the request through the service that does.',
    ],
  ),
  'operation.applied': problem(
    409,
    ['操作已执行', '相同操作编号的写入已经生效；请查询该交易，新的写入请换用新的 Idempotency-Key。'],
    [
      'Operation already applied',
      'A write under this operation id already took effect; read that transaction, and use a new Idempotency-Key for a new write.',
    ],
  ),
  'privacy.personal-data': problem(
    422,
    ['含有疑似个人信息', '字段中疑似含有身份证号、手机号或银行卡号，不得上链；请删除或改用主体句柄后重新提交。'],
    [
      'Looks like personal data',
      'A field holds what looks like a citizen, mobile or card number, which must not go on the ledger; remove it or use a subject handle, and send it again.',
    ],
  ),
  'idempotency.mismatch': problem(
    422,
    ['幂等键已用于其他请求', '同一 Idempotency-Key 已用于内容不同的请求；新的请求请换用新键。'],
    ['Idempotency key used before', 'This Idempotency-Key came with a different request; use a new key for a new request.'],
  ),
  'idempotency.in-progress': passing(
    409,
    ['相同请求正在处理', '同一 Idempotency-Key 的请求尚在处理；请等待 Retry-After 所示秒数后以相同内容重试。'],
    [
      'Same request in progress',
      'A request with this Idempotency-Key is still running; wait the seconds that Retry-After gives and send the same request again.',
    ],
  ),
  'ledger.conflict': passing(
    409,
    ['与其他写入冲突', '同时有其他写入改动了相同记录，本次未写入任何内容；请稍后以相同内容重试。'],
    [
      'Conflict with another write',
      'Other writes changed the same record at the same time and nothing was written; send the same request again shortly.',
    ],
  ),
  'ledger.unavailable': passing(
    503,
    ['账本暂时不可用', '服务暂时无法处理请求；请等待 Retry-After 所示秒数后以相同的 Idempotency-Key 重试。'],
    [
      'Ledger unavailable',
      'The service cannot take the request now; wait the seconds that Retry-After gives and send it again with the same Idempotency-Key.',
    ],
  ),
  'ledger.behind': passing(
    503,
    ['账本尚未同步到所需高度', '本服务尚未读到 minHeight 所示的区块，答复可能遗漏；请稍后重试，或改问其他省的服务。'],
    [
      'Not that far yet',
      'This service has not read as many blocks as minHeight says, so an answer might miss something; try again later, or ask another province’s service.',
    ],
  ),
  'ledger.clock': passing(
    503,
    ['时钟不被接受', '各省节点不接受本服务的时间；请稍后重试，若持续出现请联系运维以 NTP 校准时钟。'],
    [
      'Clock refused',
      'The provinces’ peers refuse this service’s time; try again later, and if it goes on ask its operator to set the clock by NTP.',
    ],
  ),
  'ledger.disagreement': passing(
    503,
    [
      '各省答复不一致',
      '各省节点的答复不一致，未写入任何内容，各方所述见 said；请稍后重试，若持续出现请联系运维比对各省合约与状态。',
    ],
    [
      'Provinces disagree',
      'The provinces’ peers answer differently, and nothing was written; said tells who says what. Try again later, and if it goes on ask the operators to compare contracts and state.',
    ],
  ),
  'internal.error': passing(
    500,
    ['服务内部错误', '服务未能完成请求；请以相同的 Idempotency-Key 重试，若持续出现请联系运维并提供 instance。'],
    [
      'Internal error',
      'The service could not finish the request; send it again with the same Idempotency-Key, and if it persists give the operator the instance.',
    ],
  ),
} as const;
