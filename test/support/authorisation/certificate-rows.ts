import type { ProvinceCode } from '../../../chaincode/provinces.js';
import { anyHandle, certificateOf, freshId } from '../api-business.js';
import type { ApiAgency } from '../api-world.js';
import { hash, sha256 } from '../digests.js';
import type { Row, Rows } from './row.js';
import type { Stage } from './stage.js';

const ISSUERS = ['certificate-issuer'] as const;
const REASON = { reasonCode: 'false-documents', legalBasis: '《行政许可法》第六十九条' };
const CITIZEN = { type: 'citizen', number: '11010519491231002X' };
const MAKERS = ['case-handler', 'certificate-issuer', 'data-user'] as const;

const fresh = (issuer: ApiAgency) => certificateOf(issuer, freshId(issuer.province, 'c'));

async function issued(stage: Stage, issuer: ApiAgency): Promise<string> {
  const { certificateId } = await stage.does(issuer, '/v1/certificates', fresh(issuer));
  return `/v1/certificates/${certificateId}`;
}

/** The issuer's, and nobody else's. */
function issuers(verb: string, body: (stage: Stage, issuer: ApiAgency) => Promise<unknown> | unknown, before?: string): Row {
  const attempt = async (stage: Stage, province: ProvinceCode) => {
    const by = stage.owner(province);
    const path = await issued(stage, by);
    if (before) await stage.does(by, `${path}/${before}`, REASON);
    return { by, path: `${path}/${verb}`, body: await body(stage, by) };
  };
  return { foreign: 'nobody', attempt: (stage) => attempt(stage, '310000'), own: { roles: ISSUERS, attempt } };
}

function anyAgencys(suffix: string): Row {
  return { foreign: 'agencies', attempt: async (stage) => ({ path: `${await issued(stage, stage.owner())}${suffix}` }) };
}

async function handle(stage: Stage, maker: ApiAgency): Promise<string> {
  const { body } = await stage.world.post('/v1/subjects', maker, CITIZEN);
  return `/v1/subjects/${body.subject}`;
}

export const certificateRows: Rows = {
  'POST /v1/certificates': { foreign: ISSUERS, attempt: (_stage, actor) => ({ path: '/v1/certificates', body: fresh(actor) }) },
  'POST /v1/certificates/batch': {
    foreign: ISSUERS,
    attempt: (_stage, actor) => ({ path: '/v1/certificates/batch', body: { items: [fresh(actor)] } }),
  },
  'POST /v1/certificates/:certificateId/suspension': issuers('suspension', () => REASON),
  'POST /v1/certificates/:certificateId/reinstatement': issuers('reinstatement', () => REASON, 'suspension'),
  'POST /v1/certificates/:certificateId/revocation': issuers('revocation', () => REASON),
  'POST /v1/certificates/:certificateId/supersession': issuers('supersession', async (stage, issuer) => ({
    by: (await issued(stage, issuer)).split('/').at(-1),
  })),
  'POST /v1/certificates/:certificateId/copies': issuers('copies', () => ({
    digest: sha256(anyHandle()),
    purpose: 'loan',
    expiresAt: '2036-01-01T00:00:00Z',
  })),
  'GET /v1/certificates/:certificateId': anyAgencys(''),
  'GET /v1/certificates/:certificateId/history': anyAgencys('/history'),
  'GET /v1/certificates/:certificateId/copies': anyAgencys('/copies'),
  'GET /v1/certificates/:certificateId/evidence': anyAgencys('/evidence'),
  'GET /v1/certificate-batches/:batchId': {
    foreign: 'agencies',
    attempt: async (stage) => {
      const { batchId } = await stage.does(stage.owner(), '/v1/certificates/batch', { items: [fresh(stage.owner())] });
      return { path: `/v1/certificate-batches/${batchId}` };
    },
  },
  'GET /v1/trust-anchors': { foreign: 'everybody', attempt: () => ({ path: '/v1/trust-anchors' }) },
  'POST /v1/verify': {
    foreign: 'everybody',
    attempt: () => ({ path: '/v1/verify', body: { digest: { alg: 'sm3', value: hash('x') } } }),
  },
  'POST /v1/verify/batch': {
    foreign: 'everybody',
    attempt: () => ({ path: '/v1/verify/batch', body: { items: [{ digest: { alg: 'sm3', value: hash('x') } }] } }),
  },
  'POST /v1/subjects': { foreign: MAKERS, attempt: () => ({ path: '/v1/subjects', body: CITIZEN }) },
  'POST /v1/subjects/:subject/opening': {
    foreign: ({ role, province }) => role === 'auditor' && province === '310000',
    attempt: async (stage) => ({ path: `${await handle(stage, stage.owner())}/opening`, body: { reason: 'audit' } }),
    own: {
      roles: MAKERS,
      attempt: async (stage, province) => {
        const by = stage.owner(province);
        return { by, path: `${await handle(stage, by)}/opening`, body: { reason: 'complaint' } };
      },
    },
  },
  'DELETE /v1/subjects/:subject': {
    foreign: 'nobody',
    attempt: async (stage) => ({ path: await handle(stage, stage.owner()) }),
    own: {
      roles: MAKERS,
      attempt: async (stage, province) => ({ by: stage.owner(province), path: await handle(stage, stage.owner(province)) }),
    },
  },
};
