import type { ProvinceCode } from '../../../chaincode/provinces.js';
import { freshId } from '../api-business.js';
import type { ApiAgency } from '../api-world.js';
import { sha256 } from '../digests.js';
import type { Row, Rows } from './row.js';
import type { Stage } from './stage.js';

const PURPOSE = { itemCode: 'student-aid', code: 'check-hardship' };
const REASON = { reason: 'review' };

type Step = readonly [by: 'provider' | 'grantee', verb: string, body: object];
const APPROVAL: Step = ['provider', 'approval', {}];
const SUSPENSION: Step = ['provider', 'suspension', REASON];
const END: Step = ['grantee', 'end', {}];
const QUESTION: Step = ['provider', 'supplement-request', REASON];

function request(stage: Stage, grantee: ApiAgency, province: ProvinceCode) {
  return {
    grantId: freshId(grantee.province, 'grant'),
    dataSet: stage.dataSet,
    version: 1,
    province,
    purpose: PURPOSE,
    fields: ['status'],
    validFrom: '2026-01-01T00:00:00Z',
    validTo: '2036-01-01T00:00:00Z',
  };
}

const use = (grantee: ApiAgency) => ({
  useId: freshId(grantee.province, 'use'),
  purpose: PURPOSE,
  fields: ['status'],
  queryDigest: sha256('salted query'),
});

/** The province's owner provides, its partner elsewhere asks; the steps bring the grant where the attempt starts. */
async function grant(stage: Stage, province: ProvinceCode, steps: readonly Step[]) {
  const [provider, grantee] = [stage.owner(province), stage.partner(province)];
  const body = request(stage, grantee, province);
  await stage.does(grantee, '/v1/grants', body);
  const path = `/v1/grants/${body.grantId}`;
  for (const [by, verb, stepBody] of steps) await stage.does({ provider, grantee }[by], `${path}/${verb}`, stepBody);
  return { provider, grantee, path };
}

function sides([by, verb, body]: Step, steps: readonly Step[] = []): Row {
  const attempt = async (stage: Stage, province: ProvinceCode) => {
    const made = await grant(stage, province, steps);
    return { by: made[by], path: `${made.path}/${verb}`, body };
  };
  const roles = [by === 'provider' ? 'data-provider' : 'data-user'] as const;
  return { foreign: 'nobody', attempt: (stage) => attempt(stage, '310000'), own: { roles, attempt } };
}

function readers(suffix: string, by: 'provider' | 'grantee'): Row {
  const attempt = async (stage: Stage, province: ProvinceCode) => {
    const made = await grant(stage, province, [APPROVAL]);
    return { by: made[by], path: `${made.path}${suffix}` };
  };
  return { foreign: ['auditor'], attempt: (stage) => attempt(stage, '310000'), own: { roles: 'any', attempt } };
}

async function useAttempt(stage: Stage, province: ProvinceCode) {
  const { grantee, path } = await grant(stage, province, [APPROVAL]);
  return { by: grantee, path: `${path}/uses`, body: use(grantee) };
}

/** For who may read the use's grant. */
async function useEvidence(stage: Stage, province: ProvinceCode) {
  const { by, path, body } = await useAttempt(stage, province);
  const { useId } = await stage.does(by, path, body);
  return { by, path: `/v1/uses/${useId}/evidence` };
}

async function release(stage: Stage, province: ProvinceCode) {
  const { grantee, provider, path } = await grant(stage, province, [APPROVAL]);
  const { useId } = await stage.does(grantee, `${path}/uses`, use(grantee));
  const body = { responseDigest: sha256('salted answer'), recordCount: 1, releasedAt: '2026-03-01T00:00:00Z' };
  return { by: provider, path: `/v1/uses/${useId}/release`, body };
}

export const grantRows: Rows = {
  'POST /v1/grants': {
    foreign: ['data-user'],
    attempt: (stage, actor) => ({ path: '/v1/grants', body: request(stage, actor, '320000') }),
  },
  'GET /v1/grants': { foreign: 'agencies', attempt: () => ({ path: '/v1/grants' }) },
  'GET /v1/grants/:grantId': readers('', 'grantee'),
  'GET /v1/grants/:grantId/uses': readers('/uses', 'provider'),
  'GET /v1/grants/:grantId/evidence': readers('/evidence', 'provider'),
  'GET /v1/uses/:useId/evidence': {
    foreign: ['auditor'],
    attempt: (stage) => useEvidence(stage, '310000'),
    own: { roles: 'any', attempt: useEvidence },
  },
  'POST /v1/grants/:grantId/approval': sides(APPROVAL),
  'POST /v1/grants/:grantId/refusal': sides(['provider', 'refusal', { reason: 'not-needed', legalBasis: '国务院令第809号' }]),
  'POST /v1/grants/:grantId/supplement-request': sides(QUESTION),
  'POST /v1/grants/:grantId/supplement': sides(['grantee', 'supplement', { digest: sha256('supplement') }], [QUESTION]),
  'POST /v1/grants/:grantId/suspension': sides(SUSPENSION, [APPROVAL]),
  'POST /v1/grants/:grantId/resumption': sides(['provider', 'resumption', REASON], [APPROVAL, SUSPENSION]),
  'POST /v1/grants/:grantId/revocation': sides(['provider', 'revocation', REASON], [APPROVAL]),
  'POST /v1/grants/:grantId/end': sides(END, [APPROVAL]),
  'POST /v1/grants/:grantId/disposal': sides(
    ['grantee', 'disposal', { method: 'shredded', digest: sha256('d') }],
    [APPROVAL, END],
  ),
  'POST /v1/grants/:grantId/uses': {
    foreign: 'nobody',
    perActor: true,
    attempt: async (stage, actor) => ({ ...(await useAttempt(stage, '310000')), body: use(actor) }),
    own: { roles: ['data-user'], attempt: useAttempt },
  },
  'POST /v1/uses/:useId/release': {
    foreign: 'nobody',
    attempt: (stage) => release(stage, '310000'),
    own: { roles: ['data-provider'], attempt: release },
  },
};
