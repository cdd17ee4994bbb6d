import type { ProvinceCode } from '../../../chaincode/provinces.js';
import { anyHandle, expectStatus, freshId, offerTo } from '../api-business.js';
import type { ApiAgency } from '../api-world.js';
import { sha256 } from '../digests.js';
import type { Attempt, Row, Rows } from './row.js';
import { ACTING, type Stage } from './stage.js';

const CASE_ROLES = ['case-handler', 'application'] as const;
const DECISION = { outcome: 'granted', certificates: [] };

function opening(stage: Stage, province: ProvinceCode) {
  const caseId = freshId(province, 'case');
  return {
    caseId,
    itemCode: stage.item,
    itemVersion: 1,
    mode: 'standard',
    channel: 'online',
    subject: anyHandle(),
    materials: [],
  };
}

async function openedCase(stage: Stage, owner: ApiAgency): Promise<string> {
  const body = opening(stage, owner.province);
  await stage.does(owner, '/v1/cases', body);
  return `/v1/cases/${body.caseId}`;
}

async function offered(stage: Stage, owner: ApiAgency, receiver: ApiAgency, changes: object = {}): Promise<string> {
  const path = await openedCase(stage, owner);
  await stage.does(owner, `${path}/handoffs`, offerTo(receiver, changes));
  return `${path}/handoffs/1`;
}

async function accepted(stage: Stage, owner: ApiAgency, receiver: ApiAgency): Promise<string> {
  const path = await offered(stage, owner, receiver);
  await stage.does(receiver, `${path}/acceptance`);
  return path;
}

/** A session of a centre's, with an officer of its own. */
export async function sessionOf(stage: Stage, centre: ApiAgency, counterpart: ApiAgency) {
  const officerId = freshId(centre.province, 'officer');
  await stage.does(centre, '/v1/officers', {
    officerId,
    centreId: centre.agencyId,
    servesProvinces: [centre.province, counterpart.province],
    duties: ['assist', 'verify-identity'],
    validFrom: '2026-01-01T00:00:00Z',
    validTo: '2036-01-01T00:00:00Z',
  });
  return {
    sessionId: freshId(centre.province, 'session'),
    officerId,
    counterpart: counterpart.agencyId,
    identityCheck: { method: 'face', resultDigest: sha256('result') },
    media: ['video'],
    startedAt: '2026-03-01T00:00:00Z',
    endedAt: '2026-03-01T00:10:00Z',
    outcome: 'advised',
  };
}

/** The holder's, and nobody else's. */
function holders(
  suffix: string,
  body: unknown,
  prepare?: (stage: Stage, owner: ApiAgency, path: string) => Promise<unknown>,
): Row {
  const attempt = async (stage: Stage, province: ProvinceCode) => {
    const by = stage.owner(province);
    const path = await openedCase(stage, by);
    await prepare?.(stage, by, path);
    return { by, path: `${path}/${suffix}`, body };
  };
  return { foreign: 'nobody', attempt: (stage) => attempt(stage, '310000'), own: { roles: CASE_ROLES, attempt } };
}

/** The receiver's of an offer, or the offerer's. */
function receivers(verb: string, side: 'owner' | 'partner', body: unknown, make = offered): Row {
  const attempt = async (stage: Stage, province: ProvinceCode) => {
    const path = await make(stage, stage.owner(province), stage.partner(province));
    return { by: stage[side](province), path: `${path}/${verb}`, body };
  };
  return { foreign: 'nobody', attempt: (stage) => attempt(stage, '310000'), own: { roles: CASE_ROLES, attempt } };
}

/** A party's, and an auditor's. */
function readers(suffix: string): Row {
  const attempt = async (stage: Stage, province: ProvinceCode) => {
    const path = await offered(stage, stage.owner(province), stage.partner(province));
    return { by: stage.partner(province), path: `${path.replace('/handoffs/1', '')}${suffix}` };
  };
  return { foreign: ['auditor'], attempt: (stage) => attempt(stage, '310000'), own: { roles: 'any', attempt } };
}

/** Evidence of an offer: for who may read the case. */
async function receiptOf(stage: Stage, province: ProvinceCode) {
  const [owner, by] = [stage.owner(province), stage.partner(province)];
  const path = await openedCase(stage, owner);
  const { body } = expectStatus(await stage.world.post(`${path}/handoffs`, owner, offerTo(by)), 201);
  return { by, path: `/v1/receipts/${body.transaction.id}` };
}

async function sessionAttempt(stage: Stage, province: ProvinceCode): Promise<Attempt & { by: ApiAgency }> {
  const path = await openedCase(stage, stage.owner(province));
  const by = stage.centre(province);
  await stage.does(stage.owner(province), `${path}/handoffs`, offerTo(stage.partner(province)));
  return { by, path: `${path}/sessions`, body: await sessionOf(stage, by, stage.partner(province)) };
}

async function acknowledgement(stage: Stage, province: ProvinceCode): Promise<Attempt & { by: ApiAgency }> {
  const { by: centre, path, body } = await sessionAttempt(stage, province);
  const { sessionId } = await stage.does(centre, path, body);
  return { by: stage.partner(province), path: `${path}/${sessionId}/acknowledgement`, body: {} };
}

export const caseRows: Rows = {
  'POST /v1/cases': {
    foreign: CASE_ROLES,
    attempt: (stage, { province }) => ({ path: '/v1/cases', body: opening(stage, province) }),
  },
  'GET /v1/cases': { foreign: 'agencies', attempt: () => ({ path: '/v1/cases' }) },
  'GET /v1/cases/:caseId': readers(''),
  'GET /v1/cases/:caseId/timeline': readers('/timeline'),
  'GET /v1/cases/:caseId/anchored': readers('/anchored'),
  'GET /v1/cases/:caseId/evidence': readers('/evidence'),
  'GET /v1/cases/:caseId/handoffs/:handoff': readers('/handoffs/1'),
  'GET /v1/receipts/:transactionId': {
    foreign: ['auditor'],
    attempt: (stage) => receiptOf(stage, '310000'),
    own: { roles: 'any', attempt: receiptOf },
  },
  'POST /v1/cases/:caseId/milestones': holders('milestones', {
    name: 'm',
    occurredAt: '2026-03-01T00:00:00Z',
    digest: sha256('m'),
  }),
  'POST /v1/cases/:caseId/materials': holders('materials', { code: 'form', digest: sha256('form') }),
  'POST /v1/cases/:caseId/pre-reviews': {
    ...holders('pre-reviews', { result: 'pass', findingsDigest: sha256('findings') }),
    own: {
      roles: ACTING,
      // The item's department in another province, which is no party of the case.
      attempt: async (stage, province) => ({
        by: stage.owner(province),
        path: `${await openedCase(stage, stage.partner(province))}/pre-reviews`,
        body: { result: 'pass', findingsDigest: sha256('findings') },
      }),
    },
  },
  'POST /v1/cases/:caseId/pauses': holders('pauses', { reason: 'awaiting' }),
  'POST /v1/cases/:caseId/resumption': holders('resumption', {}, (stage, owner, path) =>
    stage.does(owner, `${path}/pauses`, { reason: 'awaiting' }),
  ),
  'POST /v1/cases/:caseId/custody': holders('custody', { event: 'received', parcelDigest: sha256('parcel'), pieces: 1 }),
  'POST /v1/cases/:caseId/decision': holders('decision', DECISION),
  'POST /v1/cases/:caseId/closure': holders('closure', {}, (stage, owner, path) =>
    stage.does(owner, `${path}/decision`, DECISION),
  ),
  'POST /v1/cases/:caseId/handoffs': {
    foreign: 'nobody',
    attempt: async (stage) => ({
      path: `${await openedCase(stage, stage.owner())}/handoffs`,
      body: offerTo(stage.partner()),
    }),
    own: {
      roles: CASE_ROLES,
      attempt: async (stage, province) => {
        const by = stage.owner(province);
        return { by, path: `${await openedCase(stage, by)}/handoffs`, body: offerTo(stage.partner(province)) };
      },
    },
  },
  'POST /v1/cases/:caseId/handoffs/:handoff/acceptance': receivers('acceptance', 'partner', {}),
  'POST /v1/cases/:caseId/handoffs/:handoff/rejection': receivers('rejection', 'partner', { reason: 'not-competent' }),
  'POST /v1/cases/:caseId/handoffs/:handoff/recall': receivers('recall', 'owner', {}),
  'POST /v1/cases/:caseId/handoffs/:handoff/return': receivers(
    'return',
    'partner',
    { reason: 'incomplete', findingsDigest: sha256('findings') },
    accepted,
  ),
  'POST /v1/cases/:caseId/handoffs/:handoff/lapse': {
    foreign: CASE_ROLES,
    attempt: async (stage) => {
      const path = await offered(stage, stage.owner(), stage.partner(), { dueAt: '2026-02-01T00:00:00Z' });
      return { path: `${path}/lapse`, body: {} };
    },
  },
  'POST /v1/cases/:caseId/sessions': {
    foreign: 'nobody',
    attempt: (stage) => sessionAttempt(stage, '310000'),
    own: { roles: ACTING, attempt: sessionAttempt },
  },
  'POST /v1/cases/:caseId/sessions/:sessionId/acknowledgement': {
    foreign: 'nobody',
    attempt: (stage) => acknowledgement(stage, '310000'),
    own: { roles: ACTING, attempt: acknowledgement },
  },
};
