/** What the workload plays on: an agency in each province that may do everything, a published item, a data set. */
import { createHash } from 'node:crypto';
import { creditCodeCheck } from '../../../chaincode/identifiers/credit-code.js';
import { PROVINCES, type ProvinceCode } from '../../../chaincode/provinces.js';
import type { Role } from '../../../chaincode/roles.js';
import type { Agency, Client } from './client.js';
import { registrarOf } from './client.js';

const ROLES: readonly Role[] = ['catalogue-editor', 'case-handler', 'certificate-issuer', 'data-provider', 'data-user'];
export const ITEM = 'fault-item';
export const DATA_SET = 'fault-data';

export function digestOf(text: string) {
  return { alg: 'sha-256', value: createHash('sha256').update(text).digest('hex') };
}

function agencyOf(province: ProvinceCode): Agency {
  const body = `11${province}FAUTE0001`;
  return { agencyId: body + creditCodeCheck(body), province, roles: ROLES };
}

/** One in each province, in the order of the table of provinces. */
export const AGENCIES: readonly Agency[] = PROVINCES.map(({ code }) => agencyOf(code));

/** @throws Error when the network does not take it: the stage is set before any fault */
async function must(client: Client, agency: Agency, name: string, input: object): Promise<Record<string, unknown>> {
  const operation = `stage-${createHash('sha256')
    .update(JSON.stringify([agency.agencyId, name, input]))
    .digest('hex')
    .slice(0, 32)}`;
  const told = await client.write({ agency, operation, function: name, input });
  if (told.kind !== 'ok')
    throw new Error(`the stage cannot be set: ${name} ${told.kind === 'failed' ? told.error.message : told.kind}`);
  return told.payload === undefined ? {} : JSON.parse(told.payload);
}

async function publish(client: Client, name: string, kind: string, content: { readonly code: string }): Promise<void> {
  const [editor] = AGENCIES as [Agency];
  const { version, contentDigest } = await must(client, editor, name, content);
  const path = { kind, code: content.code, version };
  if (kind === 'service-items') {
    const times = { opensAt: '2026-10-01T00:00:00Z', closesAt: '2026-10-31T00:00:00Z' };
    await must(client, editor, 'catalogue:OpenConsultation', { ...path, ...times, noticeDigest: digestOf('notice') });
    const result = { adopted: 1, notAdopted: 0, summaryDigest: digestOf('summary') };
    await must(client, editor, 'catalogue:RecordConsultationResult', { ...path, ...result });
  }
  for (const agency of AGENCIES) await must(client, agency, 'catalogue:CastVote', { ...path, vote: 'approve', contentDigest });
}

const byProvince = <T>(value: (agency: Agency) => T) =>
  Object.fromEntries(AGENCIES.map((agency) => [agency.province, value(agency)]));

/** Once for a network. */
export async function setStage(client: Client): Promise<void> {
  await Promise.all(
    AGENCIES.map(async ({ agencyId, province, roles }) =>
      must(client, registrarOf(client, province), 'registry:RegisterAgency', {
        agencyId,
        name: { zh: '故障演练机构' },
        divisionCode: province,
        kind: 'department',
        roles,
        keyDigest: await client.fabric.wallet.keyDigest(agencyId, province),
      }),
    ),
  );
  await publish(client, 'catalogue:DraftServiceItem', 'service-items', {
    code: ITEM,
    name: { zh: '故障演练事项' },
    domain: 'entry',
    audience: 'enterprise',
    modes: ['standard'],
    departments: byProvince(({ agencyId }) => [agencyId]),
    materials: [{ code: 'application-form', name: { zh: '申请书' }, required: true }],
    timeLimit: { workingDays: 10 },
  } as { readonly code: string });
  await publish(client, 'catalogue:DraftDataSet', 'data-sets', {
    code: DATA_SET,
    name: { zh: '故障演练数据' },
    providers: byProvince(({ agencyId }) => agencyId),
    shareClass: 'unconditional',
    grade: 2,
    confidentiality: 'internal',
    standard: { code: 'FT-1', version: '2024', digest: digestOf('standard') },
    fields: [{ name: 'status', title: { zh: '状态' }, type: 'code' }],
    updateFrequency: 'daily',
  } as { readonly code: string });
}
