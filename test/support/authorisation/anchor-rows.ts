import type { ProvinceCode } from '../../../chaincode/provinces.js';
import { WRITERS } from '../../../chaincode/transactions/anchor/anchor-records.js';
import { anchored } from '../anchor-content.js';
import { freshId } from '../api-business.js';
import type { Row, Rows } from './row.js';
import type { Stage } from './stage.js';

function line(recordId: string) {
  const { agency: _, ...sent } = anchored('', recordId);
  return sent;
}

/** A record of the owner's that is on the ledger. */
async function sent(stage: Stage, province: ProvinceCode) {
  const by = stage.owner(province);
  const record = line(freshId(province, 'record'));
  const posted = await stage.send('POST', '/v1/anchors?wait=true', by, [record]);
  if (posted.status !== 202) throw new Error(`anchoring: ${posted.status} ${posted.text}`);
  return { by, record };
}

/** Without naming it, others ask for records of their own, and there is none. */
function owners(path: (record: ReturnType<typeof line>) => string): Row {
  return {
    foreign: ['auditor'],
    attempt: async (stage) => {
      const { by, record } = await sent(stage, '310000');
      return { path: `${path(record)}agency=${by.agencyId}` };
    },
    own: {
      roles: 'any',
      attempt: async (stage, province) => {
        const { by, record } = await sent(stage, province);
        return { by, path: path(record).slice(0, -1) };
      },
    },
  };
}

export const anchorRows: Rows = {
  'POST /v1/anchors': {
    foreign: WRITERS,
    attempt: (_stage, actor) => ({ path: '/v1/anchors', body: [line(freshId(actor.province, 'record'))] }),
  },
  'GET /v1/anchors': owners(({ digest }) => `/v1/anchors?digest=${digest.value}&`),
  'GET /v1/anchors/:recordId': owners(({ recordId }) => `/v1/anchors/${recordId}?`),
};
