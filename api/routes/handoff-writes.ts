/** Hand-offs 交接 and remote sessions 远程虚拟窗口: what two sides do, each in its own transaction. */
import { acceptHandoff } from '../../chaincode/transactions/case/accept-handoff.js';
import { acknowledgeSession } from '../../chaincode/transactions/case/acknowledge-session.js';
import { lapseHandoff } from '../../chaincode/transactions/case/lapse-handoff.js';
import { offerHandoff } from '../../chaincode/transactions/case/offer-handoff.js';
import { recallHandoff } from '../../chaincode/transactions/case/recall-handoff.js';
import { recordSession } from '../../chaincode/transactions/case/record-session.js';
import { rejectHandoff } from '../../chaincode/transactions/case/reject-handoff.js';
import { returnHandoff } from '../../chaincode/transactions/case/return-handoff.js';
import type { WriteRoute } from './write-route.js';

const theHandoff: WriteRoute['location'] = (_record, { caseId, handoff }) => `/v1/cases/${caseId}/handoffs/${handoff}`;
const timeline: WriteRoute['location'] = (_record, { caseId }) => `/v1/cases/${caseId}/timeline`;

export const handoffWrites: readonly WriteRoute[] = [
  {
    method: 'POST',
    path: '/v1/cases/:caseId/handoffs',
    definition: offerHandoff,
    tag: 'cases',
    summary: { zh: '提出交接', en: 'Offer a hand-off' },
    location: ({ number }, { caseId }) => `/v1/cases/${caseId}/handoffs/${number}`,
  },
  {
    method: 'POST',
    path: '/v1/cases/:caseId/handoffs/:handoff/acceptance',
    definition: acceptHandoff,
    tag: 'cases',
    summary: { zh: '接收交接', en: 'Accept a hand-off' },
    location: theHandoff,
  },
  {
    method: 'POST',
    path: '/v1/cases/:caseId/handoffs/:handoff/rejection',
    definition: rejectHandoff,
    tag: 'cases',
    summary: { zh: '拒收交接', en: 'Reject a hand-off' },
    location: theHandoff,
  },
  {
    method: 'POST',
    path: '/v1/cases/:caseId/handoffs/:handoff/recall',
    definition: recallHandoff,
    tag: 'cases',
    summary: { zh: '撤回交接', en: 'Recall a hand-off' },
    location: theHandoff,
  },
  {
    method: 'POST',
    path: '/v1/cases/:caseId/handoffs/:handoff/lapse',
    definition: lapseHandoff,
    tag: 'cases',
    summary: { zh: '登记交接逾期失效', en: 'Record that a hand-off has lapsed' },
    location: theHandoff,
  },
  {
    method: 'POST',
    path: '/v1/cases/:caseId/handoffs/:handoff/return',
    definition: returnHandoff,
    tag: 'cases',
    summary: { zh: '退回办件', en: 'Return the case' },
    location: theHandoff,
  },
  {
    method: 'POST',
    path: '/v1/cases/:caseId/sessions',
    definition: recordSession,
    tag: 'cases',
    summary: { zh: '记录远程帮办会话', en: 'Record a remote session' },
    location: timeline,
  },
  {
    method: 'POST',
    path: '/v1/cases/:caseId/sessions/:sessionId/acknowledgement',
    definition: acknowledgeSession,
    tag: 'cases',
    summary: { zh: '确认远程帮办会话', en: 'Acknowledge a remote session' },
    location: timeline,
  },
];
