import type { ProvinceCode } from '../../../chaincode/provinces.js';
import { expectStatus, freshId } from '../api-business.js';
import { sha256 } from '../digests.js';
import type { Row, Rows } from './row.js';
import type { Stage } from './stage.js';

const EDITORS = ['catalogue-editor'] as const;
const VERSION = '/v1/catalogue/:kind/:code/versions/:version';
const NOTICE = { opensAt: '2026-01-01T00:00:00Z', closesAt: '2026-02-01T00:00:00Z', noticeDigest: sha256('notice') };
const RESULT = { adopted: 1, notAdopted: 0, summaryDigest: sha256('summary') };

const open = (path: (stage: Stage) => string): Row => ({ foreign: 'everybody', attempt: (stage) => ({ path: path(stage) }) });

/** An editor's of the proposing province. */
function proposers(suffix: string, upTo: 'draft' | 'consultation' | 'consulted', body: object): Row {
  const attempt = async (stage: Stage, province: ProvinceCode) => {
    const by = stage.owner(province);
    const { path } = await stage.draft(by, upTo);
    return { by, path: `${path}/${suffix}`, body };
  };
  return {
    foreign: ({ role, province }) => role === 'catalogue-editor' && province === '310000',
    attempt: (stage) => attempt(stage, '310000'),
    own: { roles: EDITORS, attempt },
  };
}

async function consultationThatIsOver(stage: Stage, province: ProvinceCode) {
  const by = stage.owner(province);
  const { path } = await stage.draft(by, 'draft');
  await stage.does(by, `${path}/consultation`, NOTICE);
  return { by, path: `${path}/consultation/result`, body: RESULT };
}

/** The restless item's version, published and not suspended, or suspended. */
async function restless(stage: Stage, province: ProvinceCode, suspended: boolean) {
  const by = stage.owner(province);
  const path = `/v1/catalogue/service-items/${stage.restless}/versions/1`;
  const { body } = expectStatus(await stage.world.get(path), 200);
  if ((body.status === 'suspended') !== suspended) await stage.does(by, `${path}/${suspended ? 'suspension' : 'resumption'}`);
  return { by, path };
}

function responsible(verb: string, suspended: boolean): Row {
  const attempt = async (stage: Stage, province: ProvinceCode) => {
    const { by, path } = await restless(stage, province, suspended);
    return { by, path: `${path}/${verb}`, body: {} };
  };
  return { foreign: 'nobody', attempt: (stage) => attempt(stage, '310000'), own: { roles: 'any', attempt } };
}

function guide(stage: Stage, province: ProvinceCode) {
  return {
    by: stage.owner(province),
    path: `/v1/catalogue/service-items/${stage.item}/guides`,
    body: { channels: [{ kind: 'window' }], guideDigest: sha256('guide'), effectiveFrom: '2026-03-01T00:00:00Z' },
  };
}

export const catalogueRows: Rows = {
  'GET /v1/catalogue/:kind': open(() => '/v1/catalogue/service-items'),
  'GET /v1/catalogue/:kind/:code': open(({ item }) => `/v1/catalogue/service-items/${item}`),
  [`GET ${VERSION}`]: open(({ item }) => `/v1/catalogue/service-items/${item}/versions/1`),
  [`GET ${VERSION}/diff`]: open(({ item }) => `/v1/catalogue/service-items/${item}/versions/1/diff`),
  'GET /v1/catalogue/service-items/:code/guides': open(({ item }) => `/v1/catalogue/service-items/${item}/guides`),
  'GET /v1/catalogue/editions': open(() => '/v1/catalogue/editions'),
  'GET /v1/catalogue/editions/:number': open(() => '/v1/catalogue/editions/1'),
  'POST /v1/catalogue/service-items': {
    foreign: EDITORS,
    attempt: (stage, { province }) => ({ path: '/v1/catalogue/service-items', body: stage.itemBody(freshId(province, 'item')) }),
  },
  'POST /v1/catalogue/data-sets': {
    foreign: EDITORS,
    attempt: (stage, { province }) => ({ path: '/v1/catalogue/data-sets', body: stage.dataSetBody(freshId(province, 'data')) }),
  },
  'POST /v1/catalogue/service-standards': {
    foreign: EDITORS,
    attempt: (stage, { province }) => ({
      path: '/v1/catalogue/service-standards',
      body: stage.standardBody(freshId(province, 'standard')),
    }),
  },
  [`POST ${VERSION}/consultation`]: proposers('consultation', 'draft', NOTICE),
  [`POST ${VERSION}/consultation/opinions`]: {
    // Any department for itself, whatever its roles; auditors are none.
    foreign: ({ role }) => role !== 'auditor',
    attempt: async (stage) => {
      const { path } = await stage.draft(stage.owner(), 'consultation');
      return { path: `${path}/consultation/opinions`, body: { from: 'department', opinionDigest: sha256('opinion') } };
    },
    own: {
      // For the public only a portal, with its role.
      roles: ['application'],
      attempt: async (stage, province) => {
        const { path } = await stage.draft(stage.owner(), 'consultation');
        const body = { from: 'public', opinionDigest: sha256('opinion') };
        return { by: stage.portal(province), path: `${path}/consultation/opinions`, body };
      },
    },
  },
  [`POST ${VERSION}/consultation/result`]: {
    ...proposers('consultation/result', 'consultation', RESULT),
    attempt: (stage) => consultationThatIsOver(stage, '310000'),
    own: { roles: EDITORS, attempt: consultationThatIsOver },
  },
  [`POST ${VERSION}/votes`]: {
    foreign: EDITORS,
    attempt: async (stage) => {
      const { path, contentDigest } = await stage.draft(stage.owner(), 'consulted');
      return { path: `${path}/votes`, body: { vote: 'approve', contentDigest } };
    },
  },
  [`POST ${VERSION}/suspension`]: responsible('suspension', false),
  [`POST ${VERSION}/resumption`]: responsible('resumption', true),
  [`POST ${VERSION}/withdrawal`]: {
    foreign: EDITORS,
    // One vote a province, so each editor meets an entry nobody has voted to withdraw yet.
    attempt: async (stage) => ({ path: `${await stage.publish(freshId('310000', 'gone'))}/withdrawal`, body: {} }),
  },
  'POST /v1/catalogue/service-items/:code/guides': {
    foreign: 'nobody',
    attempt: (stage) => guide(stage, '310000'),
    own: { roles: 'any', attempt: async (stage, province) => guide(stage, province) },
  },
};
