import { freshId } from '../api-business.js';
import type { Row, Rows } from './row.js';
import { ACTING } from './stage.js';

const PERSON = { type: 'citizen', number: '11010519491231002X' };

/** A portal's, when it has the role; no other kind of agency's, whatever its role. */
function portals(path: string): Row {
  return {
    foreign: 'nobody',
    attempt: () => ({ path, body: PERSON }),
    own: {
      roles: ['application'],
      attempt: async (stage, province) => ({ by: await stage.world.agency(province, ACTING, 'portal'), path, body: PERSON }),
    },
  };
}

export const traceRows: Rows = {
  'GET /v1/trace': {
    foreign: ['auditor'],
    attempt: (_stage, actor) => ({ path: `/v1/trace?case=${freshId(actor.province, 'case')}` }),
  },
  'POST /v1/subjects/trace': portals('/v1/subjects/trace'),
  'POST /v1/subjects/cases': portals('/v1/subjects/cases'),
};
