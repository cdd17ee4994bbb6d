/**
 * A company is wound up: grants over three provinces, one revoked in the middle and its data disposed of, the
 * licence revoked with its legal basis and verified as of before and after.
 */
import { approve, deniedUse, dispose, type Grant, request, use } from '../grants.js';
import { inventedCreditCode, licenceId, licenceType } from '../numbers.js';
import type { Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';
import { checkTimeline } from '../timeline.js';

const MARKET = 'anhui.market';
const COMPANY = inventedCreditCode('91', '340104', 106);
const LICENCE = 'logistics-licence.pdf';

async function licensed(stage: Stage): Promise<string> {
  const subject = await stage.subject(
    '安徽市场监管为执照取得主体句柄',
    'Anhui gets a handle for the licence',
    MARKET,
    'company',
    COMPANY,
  );
  const certificateId = licenceId(11, stage.agency(MARKET).agencyId, `WIND${stage.serial}`);
  await stage.write('营业执照登记上链', 'The business licence is on the ledger', MARKET, '/v1/certificates', {
    certificateId,
    typeCode: licenceType(11),
    subject,
    digests: stage.papers.issued(LICENCE).digests,
    validFrom: stage.at(-6 * 365 * 24 * 60),
    capture: { system: 'registration', version: '2.0', method: 'system-export', capturedAt: stage.now },
  });
  return certificateId;
}

/** Before a company ends, three provinces say whether it owes anything: tax in two, social insurance in one. */
function clearances(stage: Stage, subject: string, caseId: string): readonly [Grant, Grant, Grant] {
  const common = { grantee: MARKET, itemCode: 'company-winding-up', purpose: 'clearance', subject, caseId };
  const tax = { ...common, dataSet: 'tax-clearance', fields: ['cleared', 'cleared-on'] };
  return [
    { ...tax, grantId: stage.id(MARKET, 'tax-jiangsu'), provider: 'jiangsu.tax' },
    {
      ...common,
      grantId: stage.id(MARKET, 'social-zhejiang'),
      provider: 'zhejiang.social',
      dataSet: 'social-insurance-records',
      fields: ['arrears'],
    },
    { ...tax, grantId: stage.id(MARKET, 'tax-anhui'), provider: 'anhui.tax' },
  ];
}

async function clear(stage: Stage, subject: string, caseId: string): Promise<void> {
  const [jiangsu, zhejiang, anhui] = clearances(stage, subject, caseId);
  for (const grant of [jiangsu, zhejiang, anhui]) {
    await request(stage, grant);
    await approve(stage, grant);
  }
  await use(stage, jiangsu, 'jiangsu-1');
  await use(stage, zhejiang, 'zhejiang-1');
  const reason = { reason: 'data-corrected-at-source' };
  await stage.write(
    '浙江中途撤销授权',
    'Zhejiang revokes its grant in the middle',
    zhejiang.provider,
    `/v1/grants/${zhejiang.grantId}/revocation`,
    reason,
  );
  await deniedUse(stage, zhejiang, 'zhejiang-2', 'grant.revoked');
  await dispose(stage, zhejiang, true);
  await use(stage, anhui, 'anhui-1');
  for (const grant of [jiangsu, anhui]) await dispose(stage, grant, false);
}

async function revoke(stage: Stage, certificateId: string): Promise<void> {
  const path = `/v1/certificates/${certificateId}`;
  const { transaction } = await stage.write(
    '吊销执照：载明理由与法律依据',
    'The licence is revoked, with reason and legal basis',
    MARKET,
    `${path}/revocation`,
    {
      reasonCode: 'company-wound-up',
      legalBasis: 'market-entity-registration',
    },
  );
  const again = { reasonCode: 'by-mistake', legalBasis: 'market-entity-registration' };
  const expected = { status: 409, code: 'certificate.state' };
  await stage.refused('吊销不可恢复', 'Revoked never becomes valid again', MARKET, `${path}/reinstatement`, again, expected);
  const bytes = stage.papers.issued(LICENCE).bytes;
  const yesterday = await stage.client.verify(bytes, { asOf: stage.at(-24 * 60) });
  const now = await stage.client.verify(bytes, { asOf: transaction.time });
  const shown = { before: yesterday.verdict, after: now.verdict };
  stage.check('昨日有效、吊销后无效', 'valid as of the day before, revoked after', shown, { before: 'valid', after: 'revoked' });
}

export const windingUp: Scenario = {
  number: 6,
  title: { zh: '企业注销“一件事”', en: 'A company is wound up' },
  matter: { as: MARKET, name: 'winding-up' },
  async play(stage) {
    const certificateId = await licensed(stage);
    const subject = await stage.subject('为注销一事另取句柄', 'Another handle for the winding-up', MARKET, 'company', COMPANY);
    const caseId = stage.id(MARKET, 'winding-up');
    const path = `/v1/cases/${caseId}`;
    await stage.write('安徽市场监管受理注销', 'Anhui opens the case of winding up', MARKET, '/v1/cases', {
      caseId,
      itemCode: 'company-winding-up',
      itemVersion: 1,
      mode: 'standard',
      channel: 'online',
      subject,
      materials: [
        { code: 'application' },
        { code: 'liquidation-report', digest: stage.papers.given('winding-up-report.pdf').digest },
      ],
    });
    const pause = { reason: 'awaiting-clearance' };
    await stage.write(
      '等待三省核查，计时中止',
      'The clock stands still while three provinces answer',
      MARKET,
      `${path}/pauses`,
      pause,
    );
    await clear(stage, subject, caseId);
    await stage.write('恢复计时', 'The clock runs again', MARKET, `${path}/resumption`);
    await stage.write('准予注销', 'The winding-up is granted', MARKET, `${path}/decision`, {
      outcome: 'granted',
      reasonCode: 'liquidation-complete',
      certificates: [],
    });
    await stage.write('办结', 'Closed', MARKET, `${path}/closure`);
    await revoke(stage, certificateId);
    await checkTimeline(stage, MARKET, caseId);
  },
};
