/** Builds many uses of data under one grant, denied ones among them, that name the cases of a history. */
import { openEmbedded } from '../../network/embedded/open.js';
import { REGISTRARS } from '../../network/registrars.js';
import {
  approve,
  EDITORS,
  HISTORY_CASES,
  historyCaseId,
  inFlight,
  openCases,
  publishItem,
  registerAgencies,
  registers,
  type Send,
  sender,
} from './build-history.js';
import { benchAgencyId, certificateBody, digestOf, ISSUER } from './certificate-body.js';

export const USER = benchAgencyId('11310000000BENCH2');
const PROVIDER = benchAgencyId('11310000000BENCH3');
export const USED_GRANT = '31-bench-grant';
export const USED_DATA = { kind: 'data-sets', code: 'bench-data', version: 1 };
export const USED_CERTIFICATE = 'traced';
const PURPOSE = { itemCode: 'bench-item', code: 'check' };
/** Of so many uses one is denied. */
const DENIED_EVERY = 100;

/** Whom the n-th case of a history is of. */
export function historySubject(index: number): string {
  return digestOf(historyCaseId(index));
}

async function shareData(send: Send): Promise<void> {
  const drafted = await send(EDITORS[0] as string, ['catalogue-editor'], 'catalogue:DraftDataSet', {
    code: USED_DATA.code,
    name: { zh: '基准测试数据' },
    providers: { 310000: PROVIDER },
    shareClass: 'unconditional',
    grade: 2,
    confidentiality: 'personal',
    standard: { code: 'bench', version: 1, digest: { alg: 'sha-256', value: digestOf('standard') } },
    fields: [{ name: 'status', title: { zh: '状态' }, type: 'string' }],
    updateFrequency: 'daily',
  });
  await approve(send, USED_DATA, drafted.contentDigest);
  await send(USER, ['data-user'], 'grant:RequestGrant', {
    grantId: USED_GRANT,
    dataSet: USED_DATA.code,
    version: USED_DATA.version,
    province: '310000',
    purpose: PURPOSE,
    fields: ['status'],
    validFrom: '2026-01-01T00:00:00Z',
    validTo: '2036-01-01T00:00:00Z',
  });
}

function useOf(index: number) {
  const isDenied = index % DENIED_EVERY === 0;
  return {
    grantId: USED_GRANT,
    useId: `31-bench-use-${index}`,
    purpose: isDenied ? { ...PURPOSE, code: 'other' } : PURPOSE,
    caseId: historyCaseId(index % HISTORY_CASES),
    subject: historySubject(index % HISTORY_CASES),
    fields: ['status'],
    queryDigest: { alg: 'sha-256', value: digestOf(`query ${index}`) },
  };
}

/** Makes a new data folder whose ledger holds a history's cases, one certificate, and so many uses. */
export async function buildUses(folder: string, uses: number, progress: (line: string) => void): Promise<void> {
  const embedded = await openEmbedded({ folder });
  const send = sender(embedded);
  await registerAgencies(embedded, send, EDITORS);
  const [registrar] = REGISTRARS;
  if (!registrar) return;
  await registers(embedded, send)(registrar, USER, ['data-user']);
  await registers(embedded, send)(registrar, PROVIDER, ['data-provider']);
  await publishItem(send);
  await openCases(send);
  await send(
    ISSUER,
    ['case-handler', 'certificate-issuer'],
    'certificate:IssueCertificate',
    certificateBody(ISSUER, USED_CERTIFICATE),
  );
  await shareData(send);
  await inFlight(
    uses,
    (done) => progress(`trace: ${done} of ${uses} uses`),
    async (index) => {
      await send(USER, ['data-user'], 'grant:UseGrant', useOf(index));
    },
  );
  await embedded.ledger.close();
}
