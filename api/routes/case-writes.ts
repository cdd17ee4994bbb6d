/** Cases 办件: opening, working on and ending them. */
import { closeCase } from '../../chaincode/transactions/case/close-case.js';
import { decideCase } from '../../chaincode/transactions/case/decide-case.js';
import { openCase } from '../../chaincode/transactions/case/open-case.js';
import { pauseCase } from '../../chaincode/transactions/case/pause-case.js';
import { recordCustody } from '../../chaincode/transactions/case/record-custody.js';
import { recordMilestone } from '../../chaincode/transactions/case/record-milestone.js';
import { recordPreReview } from '../../chaincode/transactions/case/record-pre-review.js';
import { resumeCase } from '../../chaincode/transactions/case/resume-case.js';
import { submitMaterial } from '../../chaincode/transactions/case/submit-material.js';
import type { WriteRoute } from './write-route.js';

/** What adds an entry is read in the timeline. */
const timeline: WriteRoute['location'] = (_record, { caseId }) => `/v1/cases/${caseId}/timeline`;
const theCase: WriteRoute['location'] = (_record, { caseId }) => `/v1/cases/${caseId}`;

export const caseWrites: readonly WriteRoute[] = [
  {
    method: 'POST',
    path: '/v1/cases',
    definition: openCase,
    tag: 'cases',
    summary: { zh: '开立办件', en: 'Open a case' },
    location: ({ caseId }) => `/v1/cases/${caseId}`,
  },
  {
    method: 'POST',
    path: '/v1/cases/:caseId/milestones',
    definition: recordMilestone,
    tag: 'cases',
    summary: { zh: '记录办理环节', en: 'Record a milestone' },
    location: timeline,
  },
  {
    method: 'POST',
    path: '/v1/cases/:caseId/materials',
    definition: submitMaterial,
    tag: 'cases',
    summary: { zh: '补充或更换材料', en: 'Add or replace a material' },
    location: timeline,
  },
  {
    method: 'POST',
    path: '/v1/cases/:caseId/pre-reviews',
    definition: recordPreReview,
    tag: 'cases',
    summary: { zh: '记录预审结果', en: 'Record a pre-review' },
    location: timeline,
  },
  {
    method: 'POST',
    path: '/v1/cases/:caseId/pauses',
    definition: pauseCase,
    tag: 'cases',
    summary: { zh: '中止计时', en: 'Pause the clock' },
    location: theCase,
  },
  {
    method: 'POST',
    path: '/v1/cases/:caseId/resumption',
    definition: resumeCase,
    tag: 'cases',
    summary: { zh: '恢复计时', en: 'Let the clock run again' },
    location: theCase,
  },
  {
    method: 'POST',
    path: '/v1/cases/:caseId/custody',
    definition: recordCustody,
    tag: 'cases',
    summary: { zh: '记录纸质材料流转', en: 'Record where the papers are' },
    location: timeline,
  },
  {
    method: 'POST',
    path: '/v1/cases/:caseId/decision',
    definition: decideCase,
    tag: 'cases',
    summary: { zh: '作出决定', en: 'Decide the case' },
    location: theCase,
  },
  {
    method: 'POST',
    path: '/v1/cases/:caseId/closure',
    definition: closeCase,
    tag: 'cases',
    summary: { zh: '办结归档', en: 'Close the case' },
    location: theCase,
  },
];
