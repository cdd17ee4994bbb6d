/** Grants and uses as several scenarios play them. */
import type { Stage } from './stage.js';

export interface Grant {
  readonly grantId: string;
  readonly grantee: string;
  readonly provider: string;
  readonly dataSet: string;
  readonly itemCode: string;
  readonly purpose: string;
  readonly fields: readonly string[];
  readonly subject: string;
  readonly caseId?: string;
  readonly maxUses?: number;
}

export async function request(stage: Stage, grant: Grant): Promise<void> {
  const { grantId, grantee, dataSet, itemCode, purpose, fields, subject, caseId, maxUses } = grant;
  const provider = stage.agency(grant.provider);
  await stage.write(
    `${stage.agency(grantee).name.zh}向${provider.name.zh}申请数据集 ${dataSet}`,
    `The ${stage.agency(grantee).name.en} asks the ${provider.name.en} for ${dataSet}`,
    grantee,
    '/v1/grants',
    {
      grantId,
      dataSet,
      version: 1,
      province: provider.province,
      purpose: { itemCode, code: purpose },
      fields,
      subject,
      ...(caseId !== undefined && { caseId }),
      validFrom: stage.at(-60),
      validTo: stage.at(30 * 24 * 60),
      ...(maxUses !== undefined && { maxUses }),
    },
  );
}

export async function approve(stage: Stage, { grantId, provider }: Grant): Promise<void> {
  const conditions = ['purpose-only', 'dispose-after-use'];
  await stage.write('提供方同意，附条件', 'The provider approves, on conditions', provider, `/v1/grants/${grantId}/approval`, {
    conditions,
  });
}

/** The body of a use; its query is digested under a salt that stays with the agency. */
export function useOf(stage: Stage, { grantId, grantee, itemCode, purpose, fields, subject, caseId }: Grant, name: string) {
  return {
    useId: stage.id(grantee, name),
    purpose: { itemCode, code: purpose },
    ...(caseId !== undefined && { caseId }),
    fields,
    subject,
    queryDigest: stage.keyed(`query-${name}`, `${grantId} ${name}`),
  };
}

/** A permitted use: on the ledger before any data are released; then the provider records the release. */
export async function use(stage: Stage, grant: Grant, name: string, remaining?: number): Promise<void> {
  const body = useOf(stage, grant, name);
  const path = `/v1/grants/${grant.grantId}/uses`;
  const { record } = await stage.write(
    '用数登记：准许（先上链，后给数）',
    'A use, permitted: recorded before data flow',
    grant.grantee,
    path,
    body,
  );
  const zh = remaining === undefined ? '用数记录为准许' : `用数记录为准许，尚余 ${remaining} 次`;
  const en = remaining === undefined ? 'the use stands as permitted' : `the use stands as permitted, ${remaining} left`;
  const { decision, remaining: left = null } = record;
  stage.check(zh, en, { decision, left }, { decision: 'permitted', left: remaining ?? null });
  const release = { responseDigest: stage.keyed(`response-${name}`, 'response'), recordCount: 1, releasedAt: stage.now };
  await stage.write(
    '提供方登记给数',
    'The provider records the release',
    grant.provider,
    `/v1/uses/${body.useId}/release`,
    release,
  );
}

/** A use outside its grant: 403, and on the ledger with its reason. */
export async function deniedUse(stage: Stage, grant: Grant, name: string, code: string): Promise<void> {
  const path = `/v1/grants/${grant.grantId}/uses`;
  const body = useOf(stage, grant, name);
  const problem = await stage.refused(
    `越权用数被拒并上链：${code}`,
    `A use outside the grant is denied: ${code}`,
    grant.grantee,
    path,
    body,
    {
      status: 403,
      code,
    },
  );
  const { items } = await stage.read(grant.provider, path);
  const found = (items as { useId: string; decision: string; reason?: string; transaction: string }[]).find(
    ({ useId }) => useId === body.useId,
  );
  const expected = { decision: 'denied', reason: code, transaction: (problem.transaction as { id: string }).id };
  const shown = found && { decision: found.decision, reason: found.reason, transaction: found.transaction };
  stage.check('拒绝本身也在账本上，提供方可见', 'the denial is on the ledger, in the provider’s sight', shown, expected);
}

/** The grant is over: the grantee ends it where it still runs, and declares how the data were destroyed. */
export async function dispose(stage: Stage, { grantId, grantee }: Grant, ended: boolean): Promise<void> {
  if (!ended)
    await stage.write('目的已达，终止授权', 'The purpose is met: the grant is ended', grantee, `/v1/grants/${grantId}/end`);
  const disposal = { method: 'secure-erase', digest: stage.note(`erasure of ${grantId}`) };
  await stage.write(
    '申明数据已销毁',
    'The data are destroyed, and that is on record',
    grantee,
    `/v1/grants/${grantId}/disposal`,
    disposal,
  );
}
