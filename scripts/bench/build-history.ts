/**
 * Builds a long history straight through the ledger's committer: agencies, one published item, cases
 * with timelines, and certificates up to the number of records asked for.
 */
import { PROVINCES } from '../../chaincode/provinces.js';
import type { Role } from '../../chaincode/roles.js';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { BATCH_LIMIT } from '../../chaincode/transactions/certificate/batch.js';
import { type Embedded, openEmbedded } from '../../network/embedded/open.js';
import { REGISTRARS } from '../../network/registrars.js';
import { benchAgencyId, certificateBody, digestOf, ISSUER } from './certificate-body.js';

export const AUDITOR = benchAgencyId('11310000000AUDTR1');
export const HISTORY_CASES = 20;
const HISTORY_ENTRIES = 25;
export const EDITORS = REGISTRARS.map(({ province }) => benchAgencyId(`11${province}000CATAED`));
const PAST = '2026-01-01T00:00:00Z';
const ITEM = { kind: 'service-items', code: 'bench-item', version: 1 };

export function historyCaseId(index: number): string {
  return `31-bench-${String(index).padStart(4, '0')}`;
}

/** Many writes, so many of them at once. */
export async function inFlight(
  count: number,
  progress: (done: number) => void,
  write: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const turns = async () => {
    while (next < count) {
      const index = next++;
      await write(index);
      if ((index + 1) % 10_000 === 0) progress(index + 1);
    }
  };
  await Promise.all(Array.from({ length: 128 }, turns));
}

/** The serial of the n-th certificate of a history. */
export function historySerial(index: number): string {
  return `history-${index}`;
}

export type Send = (agencyId: string, roles: readonly Role[], fn: string, input: object) => Promise<Record<string, unknown>>;

export function sender({ ledger, wallet }: Embedded): Send {
  let operations = 0;
  return async (agencyId, roles, fn, input) => {
    const province = PROVINCES.find(({ code }) => agencyId.includes(code.slice(0, 2), 2))?.code;
    if (!province) throw new Error(`${agencyId} is of no province`);
    const signer = await wallet.signer({ agencyId, province, roles });
    const operation = `bench-operation-${operations++}`;
    const { payload } = await ledger.submit({ signer, function: fn, argument: encodeArgument({ operation, input }) });
    return JSON.parse(payload);
  };
}

type Register = (registrar: (typeof REGISTRARS)[number], agencyId: string, roles: readonly Role[]) => Promise<void>;

export function registers({ wallet }: Embedded, send: Send): Register {
  return async ({ agencyId: registrar, province }, agencyId, roles) => {
    const keyDigest = await wallet.keyDigest(agencyId, province);
    const kind = roles.includes('auditor') ? 'auditor' : 'department';
    const input = { agencyId, name: { zh: '基准测试机构' }, divisionCode: province, kind, roles, keyDigest };
    await send(registrar, ['registrar'], 'registry:RegisterAgency', input);
  };
}

export async function registerAgencies(embedded: Embedded, send: Send, editors: readonly string[]): Promise<void> {
  const register = registers(embedded, send);
  for (const [index, registrar] of REGISTRARS.entries()) {
    const editor = editors[index];
    if (editor) await register(registrar, editor, ['catalogue-editor']);
    if (index > 0) continue;
    await register(registrar, ISSUER, ['case-handler', 'certificate-issuer']);
    await register(registrar, AUDITOR, ['auditor']);
  }
}

/** All four approve a version, which publishes it. */
export async function approve(send: Send, entry: object, contentDigest: unknown): Promise<void> {
  for (const editor of EDITORS)
    await send(editor, ['catalogue-editor'], 'catalogue:CastVote', { ...entry, vote: 'approve', contentDigest });
}

export async function publishItem(send: Send): Promise<void> {
  const editor = EDITORS[0] as string;
  const digest = { alg: 'sha-256', value: digestOf('bench') };
  const content = {
    code: ITEM.code,
    name: { zh: '基准测试事项' },
    domain: 'entry',
    audience: 'enterprise',
    modes: ['standard'],
    departments: { 310000: [ISSUER] },
    materials: [],
    timeLimit: { workingDays: 5 },
  };
  const drafted = await send(editor, ['catalogue-editor'], 'catalogue:DraftServiceItem', content);
  const consultation = { ...ITEM, opensAt: PAST, closesAt: PAST, noticeDigest: digest };
  await send(editor, ['catalogue-editor'], 'catalogue:OpenConsultation', consultation);
  const result = { ...ITEM, adopted: 0, notAdopted: 0, summaryDigest: digest };
  await send(editor, ['catalogue-editor'], 'catalogue:RecordConsultationResult', result);
  await approve(send, ITEM, drafted.contentDigest);
}

export async function openCases(send: Send): Promise<void> {
  const roles: readonly Role[] = ['case-handler', 'certificate-issuer'];
  const build = async (index: number) => {
    const caseId = historyCaseId(index);
    const opening = { caseId, itemCode: ITEM.code, itemVersion: 1, mode: 'standard', channel: 'online', materials: [] };
    await send(ISSUER, roles, 'case:OpenCase', { ...opening, subject: digestOf(caseId) });
    for (let entry = 1; entry < HISTORY_ENTRIES; entry++) {
      const milestone = { caseId, name: `step-${entry}`, occurredAt: PAST, digest: { alg: 'sha-256', value: digestOf(caseId) } };
      await send(ISSUER, roles, 'case:RecordMilestone', milestone);
    }
  };
  await Promise.all(Array.from({ length: HISTORY_CASES }, (_, index) => build(index)));
}

async function issueCertificates(send: Send, count: number, progress: (done: number) => void): Promise<void> {
  const roles: readonly Role[] = ['case-handler', 'certificate-issuer'];
  await inFlight(count, progress, async (index) => {
    await send(ISSUER, roles, 'certificate:IssueCertificate', certificateBody(ISSUER, historySerial(index)));
  });
}

/** Makes a new data folder with an auditor and so many certificates, issued as leaves of batches: quickly made, and each a fact. */
export async function buildLeaves(folder: string, count: number): Promise<void> {
  const embedded = await openEmbedded({ folder });
  const send = sender(embedded);
  await registerAgencies(embedded, send, []);
  for (let from = 0; from < count; from += BATCH_LIMIT) {
    const serials = Array.from({ length: Math.min(BATCH_LIMIT, count - from) }, (_, index) => historySerial(from + index));
    const items = serials.map((serial) => certificateBody(ISSUER, serial));
    await send(ISSUER, ['case-handler', 'certificate-issuer'], 'certificate:IssueBatch', { items });
  }
  await embedded.ledger.close();
}

/** Makes a new data folder whose ledger holds about this many records; returns how many certificates it has. */
export async function buildHistory(folder: string, records: number, progress: (line: string) => void): Promise<number> {
  const embedded = await openEmbedded({ folder });
  const send = sender(embedded);
  await registerAgencies(embedded, send, EDITORS);
  await publishItem(send);
  await openCases(send);
  const certificates = records - HISTORY_CASES * HISTORY_ENTRIES;
  await issueCertificates(send, certificates, (done) => progress(`history: ${done} of ${certificates} certificates`));
  await embedded.ledger.close();
  return certificates;
}
