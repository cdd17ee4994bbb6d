/**
 * Aid for a student in hardship without an application: a proactive case 免申办 from a rule, a conditional
 * data grant between civil affairs and education, uses counted, one denied.
 */
import { approve, deniedUse, dispose, type Grant, request, use } from '../grants.js';
import { inventedCitizenNumber } from '../numbers.js';
import type { Scenario } from '../scenario.js';
import { checkTimeline } from '../timeline.js';

const EDUCATION = 'zhejiang.education';
const CIVIL = 'anhui.civil';

export const studentAid: Scenario = {
  number: 4,
  title: { zh: '困难学生资助免申办', en: 'Aid for a student in hardship, without an application' },
  matter: { as: EDUCATION, name: 'aid' },
  async play(stage) {
    const number = inventedCitizenNumber('340000', '20080315', 104);
    const zh = '浙江教育厅为在浙就读的安徽籍学生取得主体句柄';
    const en = 'Zhejiang Education gets a handle for a student from Anhui';
    const subject = await stage.subject(zh, en, EDUCATION, 'citizen', number);
    const grant: Grant = {
      grantId: stage.id(EDUCATION, 'hardship'),
      grantee: EDUCATION,
      provider: CIVIL,
      dataSet: 'hardship-findings',
      itemCode: 'student-aid',
      purpose: 'hardship-match',
      fields: ['hardship-class', 'valid-from'],
      subject,
      maxUses: 2,
    };
    await request(stage, grant);
    const ask = { reason: 'rule-needed' };
    await stage.write(
      '民政要求补充一次：所依规则',
      'Civil affairs asks once for more: the rule',
      CIVIL,
      `/v1/grants/${grant.grantId}/supplement-request`,
      ask,
    );
    const rule = { digest: stage.papers.given('aid-rule.pdf').digest };
    await stage.write(
      '教育补充规则文件',
      'Education supplies the rule',
      EDUCATION,
      `/v1/grants/${grant.grantId}/supplement`,
      rule,
    );
    await approve(stage, grant);
    await use(stage, grant, 'match', 1);

    const caseId = stage.id(EDUCATION, 'aid');
    const path = `/v1/cases/${caseId}`;
    await stage.write(
      '规则命中：主动开立办件并推送，无需申请',
      'The rule holds: a case is opened and pushed, no application',
      EDUCATION,
      '/v1/cases',
      {
        caseId,
        itemCode: 'student-aid',
        itemVersion: 1,
        mode: 'proactive',
        channel: 'push',
        subject,
        materials: [],
        proactive: { rule: 'AH-EDU-AID', policyVersion: '2026-09', grantId: grant.grantId, entitlement: 'no-application' },
      },
    );
    const pushed = { name: 'pushed', occurredAt: stage.now, digest: stage.note('pushed'), channel: 'push' };
    await stage.write('里程碑：已推送', 'Milestone: pushed', EDUCATION, `${path}/milestones`, pushed);
    await use(stage, grant, 'before-payment', 0);
    await deniedUse(stage, grant, 'once-more', 'grant.exhausted');

    const granted = { outcome: 'granted', reasonCode: 'rule-matched', certificates: [] };
    await stage.write('予以资助', 'Aid is granted', EDUCATION, `${path}/decision`, granted);
    await stage.write('办结', 'Closed', EDUCATION, `${path}/closure`);
    await dispose(stage, grant, false);

    await checkTimeline(stage, EDUCATION, caseId);
    const { items } = await stage.read('zhejiang.audit', `/v1/grants/${grant.grantId}/uses`);
    const decisions = (items as { decision: string }[]).map(({ decision }) => decision).sort();
    stage.check('审计可见全部三次用数', 'the auditor sees all three attempts', decisions, ['denied', 'permitted', 'permitted']);
    const { status } = await stage.read(CIVIL, `/v1/grants/${grant.grantId}`);
    stage.check('授权已终止', 'the grant is ended', status, 'ended');
  },
};
