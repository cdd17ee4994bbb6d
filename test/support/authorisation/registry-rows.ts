import type { ProvinceCode } from '../../../chaincode/provinces.js';
import { freshId } from '../api-business.js';
import type { ApiAgency } from '../api-world.js';
import { sha256 } from '../digests.js';
import type { Row, Rows } from './row.js';
import { type GridActor, type Stage, unregistered } from './stage.js';

const REGISTRARS = ['registrar'] as const;
const ofShanghai = ({ role, province }: GridActor) => role === 'registrar' && province === '310000';

const open = (path: (stage: Stage) => string): Row => ({ foreign: 'everybody', attempt: (stage) => ({ path: path(stage) }) });

/** What a registrar does to an agency of its own province, and to no other. */
function registrars(verb: string, body: object, inactive = false): Row {
  const attempt = async (stage: Stage, province: ProvinceCode) => {
    const by = stage.registrar(province);
    const path = `/v1/agencies/${await stage.registerAgency(province)}`;
    if (inactive) await stage.does(by, `${path}/deactivation`, { reason: 'reorganised' });
    return { by, path: `${path}/${verb}`, body };
  };
  return { foreign: ofShanghai, attempt: (stage) => attempt(stage, '310000'), own: { roles: REGISTRARS, attempt } };
}

async function proposal(stage: Stage, province: ProvinceCode) {
  const body = { partner: await stage.registerAgency(province) };
  return { by: stage.centre(province), path: `/v1/centres/${stage.centre(province).agencyId}/partners`, body };
}

function partners(verb: string): Row {
  const attempt = async (stage: Stage, province: ProvinceCode) => {
    const centre = stage.centre(province);
    const by = await stage.world.agency(province, ['case-handler', 'data-user']);
    await stage.does(centre, `/v1/centres/${centre.agencyId}/partners`, { partner: by.agencyId });
    return { by, path: `/v1/centres/${centre.agencyId}/partners/${by.agencyId}/${verb}`, body: {} };
  };
  return { foreign: 'nobody', attempt: (stage) => attempt(stage, '310000'), own: { roles: 'any', attempt } };
}

function officer(centre: ApiAgency, host?: ApiAgency) {
  return {
    officerId: freshId(centre.province, 'officer'),
    centreId: centre.agencyId,
    ...(host && { hostCentreId: host.agencyId }),
    servesProvinces: [centre.province],
    duties: ['consult'],
    validFrom: '2026-01-01T00:00:00Z',
    validTo: '2036-01-01T00:00:00Z',
  };
}

/** The host's answer to an officer, or the centre's or host's end of one. */
function officers(verb: string, foreign: Row['foreign']): Row {
  const attempt = async (stage: Stage, province: ProvinceCode) => {
    const host = stage.centre(province === '310000' ? '320000' : '310000');
    const { officerId } = await stage.does(stage.centre(province), '/v1/officers', officer(stage.centre(province), host));
    return { by: host, path: `/v1/officers/${officerId}/${verb}`, body: {} };
  };
  return { foreign, attempt: (stage) => attempt(stage, '310000'), own: { roles: 'any', attempt } };
}

export const registryRows: Rows = {
  'GET /v1/agencies': open(() => '/v1/agencies'),
  'GET /v1/agencies/:agencyId': open((stage) => `/v1/agencies/${stage.owner().agencyId}`),
  'GET /v1/agencies/:agencyId/history': {
    foreign: 'agencies',
    attempt: (stage) => ({ path: `/v1/agencies/${stage.owner().agencyId}/history` }),
  },
  'POST /v1/agencies': {
    foreign: REGISTRARS,
    attempt: (_stage, { province }) => ({
      path: '/v1/agencies',
      body: {
        agencyId: unregistered(province),
        name: { zh: '新机构' },
        divisionCode: province,
        kind: 'department',
        roles: ['data-user'],
      },
    }),
  },
  'POST /v1/agencies/:agencyId/roles': registrars('roles', { roles: ['case-handler'] }),
  'POST /v1/agencies/:agencyId/key': registrars('key', { reason: 'compromised' }),
  'POST /v1/agencies/:agencyId/deactivation': registrars('deactivation', { reason: 'reorganised' }),
  'POST /v1/agencies/:agencyId/reactivation': registrars('reactivation', { reason: 'reorganised' }, true),
  'GET /v1/instruments': open(() => '/v1/instruments'),
  'GET /v1/instruments/:code': {
    foreign: 'everybody',
    attempt: async (stage) => {
      const body = {
        code: freshId('310000', 'law'),
        title: { zh: '规定' },
        issuer: '省人大常委会',
        effectiveFrom: '2026-01-01T00:00:00Z',
        digest: sha256('law'),
      };
      await stage.does(stage.registrar('310000'), '/v1/instruments', body);
      return { path: `/v1/instruments/${body.code}` };
    },
  },
  'POST /v1/instruments': {
    foreign: REGISTRARS,
    attempt: (_stage, { province }) => ({
      path: '/v1/instruments',
      body: {
        code: freshId(province, 'law'),
        title: { zh: '规定' },
        issuer: '省人大常委会',
        effectiveFrom: '2026-01-01T00:00:00Z',
        digest: sha256('law'),
      },
    }),
  },
  'GET /v1/features/:feature': {
    foreign: 'everybody',
    attempt: async (stage) => {
      const feature = freshId('310000', 'feature');
      await stage.does(stage.registrar('310000'), `/v1/features/${feature}/approvals`, {});
      return { path: `/v1/features/${feature}` };
    },
  },
  'POST /v1/features/:feature/approvals': {
    foreign: REGISTRARS,
    attempt: (_stage, { province }) => ({ path: `/v1/features/${freshId(province, 'feature')}/approvals`, body: {} }),
  },
  'GET /v1/centres': open(() => '/v1/centres'),
  'GET /v1/centres/:centreId': open((stage) => `/v1/centres/${stage.centre().agencyId}`),
  'POST /v1/centres': {
    foreign: REGISTRARS,
    attempt: async (stage, { province }) => ({
      path: '/v1/centres',
      body: stage.centreBody(await stage.registerAgency(province, 'centre'), province),
    }),
  },
  'POST /v1/centres/:centreId/partners': {
    foreign: ofShanghai,
    attempt: (stage) => proposal(stage, '310000'),
    own: { roles: 'any', attempt: proposal },
  },
  'POST /v1/centres/:centreId/partners/:partner/acceptance': partners('acceptance'),
  'POST /v1/centres/:centreId/partners/:partner/withdrawal': partners('withdrawal'),
  'POST /v1/officers': {
    foreign: ofShanghai,
    attempt: (stage) => ({ path: '/v1/officers', body: officer(stage.centre()) }),
    own: {
      roles: 'any',
      attempt: async (stage, province) => ({
        by: stage.centre(province),
        path: '/v1/officers',
        body: officer(stage.centre(province)),
      }),
    },
  },
  'GET /v1/officers': { foreign: 'agencies', attempt: () => ({ path: '/v1/officers' }) },
  'GET /v1/officers/:officerId': {
    foreign: 'agencies',
    attempt: async (stage) => {
      const { officerId } = await stage.does(stage.centre(), '/v1/officers', officer(stage.centre()));
      return { path: `/v1/officers/${officerId}` };
    },
  },
  'POST /v1/officers/:officerId/acceptance': officers('acceptance', 'nobody'),
  'POST /v1/officers/:officerId/deactivation': officers('deactivation', ofShanghai),
  'GET /v1/ledger': open(() => '/v1/ledger'),
  'GET /v1/checkpoints/latest': open(() => '/v1/checkpoints/latest'),
  'GET /v1/transactions/:id': {
    foreign: 'agencies',
    attempt: async (stage) => {
      const body = {
        agencyId: unregistered('310000'),
        name: { zh: '机构' },
        divisionCode: '310000',
        kind: 'department',
        roles: ['data-user'],
      };
      const answer = await stage.world.post('/v1/agencies', stage.registrar('310000'), body);
      return { path: `/v1/transactions/${answer.body.transaction.id}` };
    },
  },
  'GET /v1/problems': open(() => '/v1/problems'),
  'GET /v1/problems/:code': open(() => '/v1/problems/case.state'),
  'GET /healthz': open(() => '/healthz'),
  'GET /readyz': open(() => '/readyz'),
  'GET /openapi.json': open(() => '/openapi.json'),
};
