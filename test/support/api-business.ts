/** An API on which something can be done: editors of four provinces, a published item, data sets, and who works with them. */
import { randomBytes } from 'node:crypto';
import { PROVINCE_CODES, type ProvinceCode } from '../../chaincode/provinces.js';
import { type ApiAgency, type ApiResponse, ApiWorld, type ApiWorldOptions } from './api-world.js';
import { sha256 } from './digests.js';

export const ITEM = 'food-licence';
export const COMPONENT = 'fire-check';
export const DATA_SET = 'marriage-registration';
export const OPEN_DATA_SET = 'credit-directory';

export interface Business {
  readonly world: ApiWorld;
  readonly editors: ReadonlyMap<ProvinceCode, ApiAgency>;
  /** case handlers, data users and issuers, one a province */
  readonly workers: ReadonlyMap<ProvinceCode, ApiAgency>;
  /** the item's responsible department in Zhejiang */
  readonly department: ApiAgency;
  /** provides every data set in Jiangsu */
  readonly provider: ApiAgency;
  readonly auditor: ApiAgency;
}

/** Fails with the whole answer when it is not the status that was expected. */
export function expectStatus(answer: ApiResponse, status: number): ApiResponse {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`);
  return answer;
}

async function publish(world: ApiWorld, editors: Business['editors'], kind: string, content: { readonly code: string }) {
  const proposer = editors.get('310000');
  const drafted = expectStatus(await world.post(`/v1/catalogue/${kind}`, proposer, content), 201);
  const { version, contentDigest } = drafted.body.record;
  const path = `/v1/catalogue/${kind}/${content.code}/versions/${version}`;
  const times = { opensAt: '2026-01-01T00:00:00Z', closesAt: '2026-02-01T00:00:00Z' };
  expectStatus(await world.post(`${path}/consultation`, proposer, { ...times, noticeDigest: sha256('notice') }), 201);
  const result = { adopted: 3, notAdopted: 1, summaryDigest: sha256('summary') };
  expectStatus(await world.post(`${path}/consultation/result`, proposer, result), 201);
  for (const editor of editors.values())
    expectStatus(await world.post(`${path}/votes`, editor, { vote: 'approve', contentDigest }), 201);
}

export function itemContent(code: string, departments: object, changes: object = {}) {
  return {
    code,
    name: { zh: '食品经营许可' },
    domain: 'entry',
    audience: 'enterprise',
    modes: ['standard', 'integrated', 'continued', 'proactive'],
    departments,
    materials: [{ code: 'application-form', name: { zh: '申请书' }, required: true }],
    timeLimit: { workingDays: 10 },
    ...changes,
  };
}

function dataSet(code: string, provider: ApiAgency, shareClass: string) {
  return {
    code,
    name: { zh: '婚姻登记信息' },
    providers: { '320000': provider.agencyId },
    shareClass,
    grade: 3,
    confidentiality: 'personal',
    standard: { code: 'MZ-T-001', version: '2024', digest: sha256('standard') },
    fields: ['status', 'since', 'place'].map((name) => ({ name, title: { zh: '字段' }, type: 'string' })),
    updateFrequency: 'daily',
  };
}

export async function createBusiness(options: ApiWorldOptions = {}): Promise<Business> {
  const world = await ApiWorld.create(options);
  const editors = new Map<ProvinceCode, ApiAgency>();
  const workers = new Map<ProvinceCode, ApiAgency>();
  for (const province of PROVINCE_CODES) {
    editors.set(province, await world.agency(province, ['catalogue-editor']));
    workers.set(province, await world.agency(province, ['case-handler', 'certificate-issuer', 'data-user']));
  }
  const department = await world.agency('330000', ['case-handler']);
  const provider = await world.agency('320000', ['data-provider']);
  const auditor = await world.agency('340000', ['auditor'], 'auditor');
  await publish(world, editors, 'service-items', itemContent(ITEM, { '330000': [department.agencyId] }));
  await publish(world, editors, 'service-items', itemContent(COMPONENT, { '340000': [workers.get('340000')?.agencyId] }));
  await publish(world, editors, 'data-sets', dataSet(DATA_SET, provider, 'conditional'));
  await publish(world, editors, 'data-sets', dataSet(OPEN_DATA_SET, provider, 'unconditional'));
  return { world, editors, workers, department, provider, auditor };
}

export function workerOf({ workers }: Business, province: ProvinceCode): ApiAgency {
  return workers.get(province) as ApiAgency;
}

/** A fresh id of a province's; in letters, because a run of random digits may look like somebody's telephone. */
export function freshId(province: ProvinceCode, word: string): string {
  const letters = randomBytes(8)
    .toString('hex')
    .replace(/[0-9]/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));
  return `${province.slice(0, 2)}-${word}-${letters}`;
}

export function anyHandle(): string {
  return randomBytes(32).toString('hex');
}

export function openingOf(caseId: string, changes: object = {}) {
  const item = { itemCode: ITEM, itemVersion: 1, mode: 'standard', channel: 'online' };
  return { caseId, ...item, subject: anyHandle(), materials: [{ code: 'application-form', digest: sha256(caseId) }], ...changes };
}

/** @returns the id of a case that the worker opened and holds */
export async function openedCase(business: Business, opener: ApiAgency, changes: object = {}): Promise<string> {
  const caseId = freshId(opener.province, 'case');
  expectStatus(await business.world.post('/v1/cases', opener, openingOf(caseId, changes)), 201);
  return caseId;
}

export function offerTo(receiver: ApiAgency, changes: object = {}) {
  const manifest = [{ code: 'application-form', digest: sha256('form') }];
  return { to: receiver.agencyId, reason: 'competence', manifest, dueAt: '2036-01-01T00:00:00Z', ...changes };
}

export function certificateOf(issuer: ApiAgency, serial: string, changes: object = {}) {
  const certificateId = `${issuer.agencyId}-${serial}`;
  return {
    certificateId,
    typeCode: 'food-licence',
    subject: anyHandle(),
    digests: [{ ...sha256(certificateId), role: 'original' }],
    validFrom: '2026-01-01T00:00:00Z',
    validTo: '2036-01-01T00:00:00Z',
    capture: { system: 'licensing', version: '3.2', method: 'generated', capturedAt: '2025-12-31T08:00:00Z' },
    ...changes,
  };
}

export function grantRequest(grantee: ApiAgency, changes: object = {}) {
  return {
    grantId: freshId(grantee.province, 'grant'),
    dataSet: DATA_SET,
    version: 1,
    province: '320000',
    purpose: { itemCode: 'student-aid', code: 'check-hardship' },
    fields: ['status', 'since'],
    validFrom: '2026-01-01T00:00:00Z',
    validTo: '2036-01-01T00:00:00Z',
    ...changes,
  };
}

/** @returns the id of a grant that its provider has approved */
export async function activeGrant(business: Business, grantee: ApiAgency, changes: object = {}): Promise<string> {
  const body = grantRequest(grantee, changes);
  expectStatus(await business.world.post('/v1/grants', grantee, body), 201);
  expectStatus(await business.world.post(`/v1/grants/${body.grantId}/approval`, business.provider, {}), 201);
  return body.grantId;
}

export function useOf(grantee: ApiAgency, changes: object = {}) {
  return {
    useId: freshId(grantee.province, 'use'),
    purpose: { itemCode: 'student-aid', code: 'check-hardship' },
    fields: ['status'],
    queryDigest: sha256('salted query'),
    ...changes,
  };
}
