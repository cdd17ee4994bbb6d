import type { Rows } from './row.js';

export const auditRows: Rows = {
  'GET /v1/audit/reconciliation': { foreign: ['auditor'], attempt: () => ({ path: '/v1/audit/reconciliation' }) },
  'GET /v1/audit/export': { foreign: ['auditor'], attempt: () => ({ path: '/v1/audit/export?format=csv' }) },
  'GET /v1/statistics': { foreign: 'everybody', attempt: () => ({ path: '/v1/statistics' }) },
};
