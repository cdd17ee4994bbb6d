/** Bytes as peers would sign them, and as they never would. */
import { createHash } from 'node:crypto';
import { encodeResponsePayload, type ProposalResponse } from '../../../network/format/response.js';
import { canonicalJson, type Json } from '../../../network/proof/canonical-json.js';
import { TIME } from './scene.js';

export const DOCUMENT = Buffer.from('a document of no particular content\n');
export const DIGEST = createHash('sha256').update(DOCUMENT).digest('hex');
const ID = '1131000000000002X0-vectors-1';
const TRANSACTION = 'ab'.repeat(32);
const VERSION = { block: 41, position: 2 };

export const CERTIFICATE_KEY = `certificate~${ID}`;
export const OPERATION_KEY = 'operation~1131000000000002X0~operation-of-vectors';

export const PUBLIC_CERTIFICATE = {
  certificateId: ID,
  digests: [{ alg: 'sha-256', role: 'original', value: DIGEST }],
  issuedAt: '2026-02-01T00:00:00.000Z',
  issuer: '1131000000000002X0',
  province: '310000',
  recordedAt: '2026-02-01T00:00:00.000Z',
  transaction: TRANSACTION,
  typeCode: 'food-licence',
  validFrom: '2026-01-01T00:00:00Z',
};

/** An answer about a certificate, or what a case makes of it. */
export function certificateAnswer(changes: Readonly<Record<string, Json>> = {}): Json {
  return {
    format: 'yrd-answer/1',
    ledger: { channel: 'delta', codeDigest: 'cd'.repeat(32) },
    question: 'certificate',
    records: [{ key: CERTIFICATE_KEY }],
    result: {
      certificate: PUBLIC_CERTIFICATE,
      digest: { alg: 'sha-256', role: 'original', value: DIGEST },
      status: { asOf: TIME, knownAt: TIME, verdict: 'valid' },
    },
    time: TIME,
    ...changes,
  };
}

export const OPERATION = {
  key: OPERATION_KEY,
  value: {
    function: 'certificate:IssueCertificate',
    inputDigest: 'ef'.repeat(32),
    time: '2026-02-01T00:00:00.000Z',
    transaction: TRANSACTION,
  },
};
export const RECORD = { key: CERTIFICATE_KEY, value: { ...PUBLIC_CERTIFICATE, changes: [] } };
export const ABSENT = { key: 'certificate~1131000000000002X0-vectors-2', value: null };

/** An answer about records. */
export function recordsAnswer(records: readonly Json[] = [OPERATION, RECORD]): Json {
  const { result: _result, ...answer } = certificateAnswer({ question: 'records', records: [...records] }) as Record<
    string,
    Json
  >;
  return answer;
}

export function read(key: string, version: ProposalResponse['reads'][number]['version'] = VERSION) {
  return { key, version };
}

export const absent = (key: string) => ({ key, version: undefined });

/** What peers sign over an answer; text is taken as it is. */
export function payloadOf(answer: Json, changes: Partial<ProposalResponse> = {}): Buffer {
  const records = ((answer as { records?: { key: string; value?: Json }[] }).records ?? []) as { key: string; value?: Json }[];
  return encodeResponsePayload({
    proposalHash: createHash('sha256').update('a proposal').digest(),
    chaincode: { name: 'trust', version: '1-cdcdcdcdcdcdcdcd' },
    status: 200,
    payload: Buffer.from(typeof answer === 'string' ? answer : canonicalJson(answer)),
    reads: records.map(({ key, value }) => (value === null ? absent(key) : read(key))),
    writes: [],
    ...changes,
  });
}
