/** Data grants 数据授权 and uses 用数记录. */
import { approveGrant } from '../../chaincode/transactions/grant/approve-grant.js';
import { DENIAL_REASONS, type DenialReason } from '../../chaincode/transactions/grant/denial.js';
import { disposeGrant } from '../../chaincode/transactions/grant/dispose-grant.js';
import { endGrant } from '../../chaincode/transactions/grant/end-grant.js';
import { refuseGrant } from '../../chaincode/transactions/grant/refuse-grant.js';
import { releaseUse } from '../../chaincode/transactions/grant/release-use.js';
import { requestGrant } from '../../chaincode/transactions/grant/request-grant.js';
import { requestSupplement } from '../../chaincode/transactions/grant/request-supplement.js';
import { resumeGrant } from '../../chaincode/transactions/grant/resume-grant.js';
import { revokeGrant } from '../../chaincode/transactions/grant/revoke-grant.js';
import { submitSupplement } from '../../chaincode/transactions/grant/submit-supplement.js';
import { suspendGrant } from '../../chaincode/transactions/grant/suspend-grant.js';
import { useGrant } from '../../chaincode/transactions/grant/use-grant.js';
import type { WriteRoute } from './write-route.js';

const theGrant: WriteRoute['location'] = (_record, { grantId }) => `/v1/grants/${grantId}`;

export const grantWrites: readonly WriteRoute[] = [
  {
    method: 'POST',
    path: '/v1/grants',
    definition: requestGrant,
    tag: 'grants',
    summary: { zh: '申请数据授权', en: 'Request a grant' },
    location: ({ grantId }) => `/v1/grants/${grantId}`,
  },
  {
    method: 'POST',
    path: '/v1/grants/:grantId/approval',
    definition: approveGrant,
    tag: 'grants',
    summary: { zh: '同意授权', en: 'Approve a grant' },
    location: theGrant,
  },
  {
    method: 'POST',
    path: '/v1/grants/:grantId/refusal',
    definition: refuseGrant,
    tag: 'grants',
    summary: { zh: '不同意授权', en: 'Refuse a grant' },
    location: theGrant,
  },
  {
    method: 'POST',
    path: '/v1/grants/:grantId/supplement-request',
    definition: requestSupplement,
    tag: 'grants',
    summary: { zh: '要求补正', en: 'Ask for a supplement' },
    location: theGrant,
  },
  {
    method: 'POST',
    path: '/v1/grants/:grantId/supplement',
    definition: submitSupplement,
    tag: 'grants',
    summary: { zh: '提交补正', en: 'Give the supplement' },
    location: theGrant,
  },
  {
    method: 'POST',
    path: '/v1/grants/:grantId/suspension',
    definition: suspendGrant,
    tag: 'grants',
    summary: { zh: '暂停授权', en: 'Suspend a grant' },
    location: theGrant,
  },
  {
    method: 'POST',
    path: '/v1/grants/:grantId/resumption',
    definition: resumeGrant,
    tag: 'grants',
    summary: { zh: '恢复授权', en: 'Resume a grant' },
    location: theGrant,
  },
  {
    method: 'POST',
    path: '/v1/grants/:grantId/revocation',
    definition: revokeGrant,
    tag: 'grants',
    summary: { zh: '撤销授权', en: 'Revoke a grant' },
    location: theGrant,
  },
  {
    method: 'POST',
    path: '/v1/grants/:grantId/end',
    definition: endGrant,
    tag: 'grants',
    summary: { zh: '用数目的达成后终止', en: 'End a grant whose purpose is met' },
    location: theGrant,
  },
  {
    method: 'POST',
    path: '/v1/grants/:grantId/disposal',
    definition: disposeGrant,
    tag: 'grants',
    summary: { zh: '登记数据销毁或退回', en: 'Record that the data were destroyed or returned' },
    location: theGrant,
  },
  {
    method: 'POST',
    path: '/v1/grants/:grantId/uses',
    definition: useGrant,
    tag: 'grants',
    summary: { zh: '申请用数', en: 'Ask to use data under a grant' },
    location: (_record, { grantId }) => `/v1/grants/${grantId}/uses`,
    denials: DENIAL_REASONS,
    denial: ({ reason }) => reason as DenialReason | undefined,
  },
  {
    method: 'POST',
    path: '/v1/uses/:useId/release',
    definition: releaseUse,
    tag: 'grants',
    summary: { zh: '登记数据提供', en: 'Record that data were released for a use' },
    location: ({ grantId }) => `/v1/grants/${grantId}/uses`,
  },
];
