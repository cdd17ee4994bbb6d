/**
 * A restaurant chain seated in Shanghai opens a shop in Suzhou: consultation over a remote virtual window
 * with the approving department as counterpart, documents checked and corrected, online pre-review, papers
 * posted, the food licence issued there and verified from Shanghai.
 */
import { inventedCreditCode, licenceId, licenceType } from '../numbers.js';
import { withOneByteChanged } from '../papers.js';
import type { Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';
import { checkTimeline } from '../timeline.js';

const CENTRE = 'shanghai.changning';
const APPROVER = 'jiangsu.suzhou-approval';

interface Shop {
  readonly caseId: string;
  readonly path: string;
  readonly subject: string;
}

async function apply(stage: Stage): Promise<Shop> {
  const company = inventedCreditCode('91', '310105', 101);
  const subject = await stage.subject(
    '长宁中心为该连锁餐饮企业取得一次性主体句柄，证号只进保险库',
    'The Changning centre gets an opaque handle for the chain; its number goes to the vault only',
    CENTRE,
    'company',
    company,
  );
  const caseId = stage.id(CENTRE, 'shop');
  const given = [
    ['application', 'food-application.pdf'],
    ['business-licence', 'chain-licence.pdf'],
    ['site-plan', 'site-plan.png'],
    ['staff-health', 'staff-health.jpg'],
  ] as const;
  await stage.write(
    '长宁中心虚拟窗口受理：食品经营许可，帮办模式',
    'The Changning virtual window opens the case: a food licence, assisted',
    CENTRE,
    '/v1/cases',
    {
      caseId,
      itemCode: 'food-operation-licence',
      itemVersion: 1,
      mode: 'assisted',
      channel: 'virtual-window',
      subject,
      materials: given.map(([code, file]) => ({ code, digest: stage.papers.given(file).digest })),
      dueAt: stage.at(7 * 24 * 60),
    },
  );
  return { caseId, path: `/v1/cases/${caseId}`, subject };
}

async function consult(stage: Stage, { path }: Shop): Promise<void> {
  const sessionId = 'consultation-1';
  await stage.write(
    '专员与苏州审批部门连线 25 分钟：核验身份、逐项核对材料，平面图须更正',
    'The officer and the Suzhou department meet for 25 minutes: identity checked, papers gone through, the floor plan needs correction',
    CENTRE,
    `${path}/sessions`,
    {
      sessionId,
      officerId: 'officer-changning-01',
      counterpart: stage.agency(APPROVER).agencyId,
      identityCheck: { method: 'licence-and-face', resultDigest: stage.keyed('identity', 'passed') },
      consentDigest: stage.note('consent to recording'),
      media: ['audio', 'video', 'screen', 'document-camera'],
      checked: [
        { code: 'application', digest: stage.papers.given('food-application.pdf').digest, result: 'accepted' },
        { code: 'site-plan', digest: stage.papers.given('site-plan.png').digest, result: 'to-be-corrected' },
      ],
      startedAt: stage.at(-40),
      endedAt: stage.at(-15),
      recordingDigest: stage.papers.given('session-recording.wav').digest,
      outcome: 'guidance-given',
    },
  );
  await stage.write(
    '苏州审批部门确认会话',
    'The Suzhou department acknowledges the session',
    APPROVER,
    `${path}/sessions/${sessionId}/acknowledgement`,
  );
  const consulted = { name: 'consulted', occurredAt: stage.at(-15), digest: stage.note('guidance'), channel: 'virtual-window' };
  await stage.write('里程碑：咨询完成', 'Milestone: consulted', CENTRE, `${path}/milestones`, consulted);
  const findings = { result: 'correct', findingsDigest: stage.note('washing area not shown') };
  await stage.write(
    '苏州线上预审：需更正',
    'Suzhou pre-reviews online: to be corrected',
    APPROVER,
    `${path}/pre-reviews`,
    findings,
  );
  await stage.write(
    '补正平面图，替换第 1 条中的材料',
    'The floor plan is corrected and replaces the one of entry 1',
    CENTRE,
    `${path}/materials`,
    {
      code: 'site-plan',
      digest: stage.papers.given('site-plan-corrected.png').digest,
      replaces: 1,
    },
  );
  const pass = { result: 'pass', findingsDigest: stage.note('complete and in due form') };
  await stage.write('苏州线上预审：通过', 'Suzhou pre-reviews online: passed', APPROVER, `${path}/pre-reviews`, pass);
}

async function post(stage: Stage, { path }: Shop): Promise<void> {
  const parcel = { parcelDigest: stage.note('parcel of four papers'), pieces: 4 };
  await stage.write('窗口收取纸质材料 4 件', 'The window takes in four papers', CENTRE, `${path}/custody`, {
    event: 'received',
    ...parcel,
  });
  await stage.write('封装', 'They are sealed', CENTRE, `${path}/custody`, { event: 'sealed', ...parcel });
  const sent = { event: 'dispatched', ...parcel, carrier: 'ems' };
  await stage.write('寄出', 'They are posted', CENTRE, `${path}/custody`, sent);
  await stage.write('把办件移交苏州', 'The case is offered to Suzhou', CENTRE, `${path}/handoffs`, {
    to: stage.agency(APPROVER).agencyId,
    reason: 'approving-department',
    manifest: [
      { code: 'application', digest: stage.papers.given('food-application.pdf').digest },
      { code: 'site-plan', digest: stage.papers.given('site-plan-corrected.png').digest },
    ],
    dueAt: stage.at(24 * 60),
  });
  await stage.write(
    '苏州接受移交，成为唯一持有者',
    'Suzhou accepts and is now the one holder',
    APPROVER,
    `${path}/handoffs/1/acceptance`,
  );
  await stage.write('苏州签收包裹，件数相符', 'Suzhou receives the parcel, all pieces there', APPROVER, `${path}/custody`, {
    event: 'delivered',
    ...parcel,
  });
}

async function decide(stage: Stage, { caseId, path, subject }: Shop): Promise<string> {
  for (const [name, zh, en] of [
    ['accepted', '受理', 'accepted'],
    ['papers-checked', '纸质材料核验', 'papers checked'],
  ] as const) {
    const milestone = { name, occurredAt: stage.now, digest: stage.note(name) };
    await stage.write(`里程碑：${zh}`, `Milestone: ${en}`, APPROVER, `${path}/milestones`, milestone);
  }
  const certificateId = licenceId(36, stage.agency(APPROVER).agencyId, `FOOD${stage.serial}`);
  const licence = stage.papers.issued('food-licence.pdf');
  await stage.write(
    '苏州签发食品经营许可证（登记 SHA-256 与 SM3）',
    'Suzhou issues the food licence (SHA-256 and SM3)',
    APPROVER,
    '/v1/certificates',
    {
      certificateId,
      typeCode: licenceType(36),
      subject,
      digests: licence.digests,
      validFrom: stage.now,
      validTo: stage.at(5 * 365 * 24 * 60),
      caseId,
      capture: { system: 'suzhou-approval', version: '3.2', method: 'system-export', capturedAt: stage.now },
    },
  );
  const issued = { name: 'licence-issued', occurredAt: stage.now, digest: licence.digest };
  await stage.write('里程碑：发证', 'Milestone: licence issued', APPROVER, `${path}/milestones`, issued);
  const decision = { outcome: 'granted', certificates: [certificateId] };
  await stage.write('准予许可', 'Granted', APPROVER, `${path}/decision`, decision);
  await stage.write('办结', 'Closed', APPROVER, `${path}/closure`);
  const copy = {
    digest: stage.papers.issued('food-licence-annotated.pdf').digest,
    purpose: 'delivery-platform',
    expiresAt: stage.at(90 * 24 * 60),
  };
  await stage.write(
    '登记加注件（仅供外卖平台审核）',
    'An annotated copy is recorded, for a delivery platform only',
    APPROVER,
    `/v1/certificates/${certificateId}/copies`,
    copy,
  );
  return certificateId;
}

async function verify(stage: Stage, certificateId: string): Promise<void> {
  const { client, papers } = stage;
  const licence = papers.issued('food-licence.pdf');
  const verdict = async (bytes: Buffer, asOf?: string) =>
    (await client.verify(bytes, asOf === undefined ? {} : { asOf })).verdict;
  const seen = await stage.read('shanghai.market', `/v1/certificates/${certificateId}`);
  stage.check('上海市场监管部门查到苏州签发的证照', 'Shanghai finds the licence that Suzhou issued', seen.status, 'valid');
  stage.check('许可证原件有效', 'the licence verifies', await verdict(licence.bytes), 'valid');
  const copy = papers.issued('food-licence-annotated.pdf').bytes;
  const asCopy = async (asOf: string) => {
    const { verdict: found, checks } = await client.verify(copy, { asOf });
    return { verdict: found, copy: (checks as { copy: string }).copy };
  };
  const [today, later] = [await asCopy(stage.now), await asCopy(stage.at(100 * 24 * 60))];
  stage.check('加注件今日可用', 'the annotated copy may be used today', today, { verdict: 'valid', copy: 'pass' });
  stage.check('百日后许可证仍有效，加注件已过期', 'in a hundred days the licence holds, the copy has run out', later, {
    verdict: 'valid',
    copy: 'fail',
  });
  stage.check(
    '改动一个字节即查无记录',
    'with one byte changed nothing is on record',
    await verdict(withOneByteChanged(licence.bytes)),
    'unknown',
  );
  stage.check(
    '生效之前的日期：尚未生效',
    'on an earlier day it was not valid yet',
    await verdict(licence.bytes, stage.at(-60 * 24)),
    'not-yet-valid',
  );
  stage.tell('自己试试', 'Try it', `curl -F file=@${licence.path} ${client.address}/v1/verify`);
}

export const openingShop: Scenario = {
  number: 1,
  title: { zh: '上海连锁餐饮到苏州开店', en: 'A restaurant chain seated in Shanghai opens a shop in Suzhou' },
  matter: { as: CENTRE, name: 'shop' },
  async play(stage) {
    const shop = await apply(stage);
    await consult(stage, shop);
    await post(stage, shop);
    const certificateId = await decide(stage, shop);
    await checkTimeline(stage, CENTRE, shop.caseId);
    await verify(stage, certificateId);
  },
};
