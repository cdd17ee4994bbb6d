/**
 * A newborn's "one matter" 出生一件事: one application, four departments in two provinces. Birth certificate,
 * household registration, medical insurance and social security card are the item's declared components.
 */
import { inventedCitizenNumber, licenceId, licenceType } from '../numbers.js';
import type { Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';
import { checkTimeline } from '../timeline.js';

const PORTAL = 'shanghai.portal';

const PARTS = [
  { part: 'birth', item: 'birth-certificate', as: 'jiangsu.health', type: 21, file: 'birth-certificate.pdf', zh: '出生医学证明' },
  {
    part: 'household',
    item: 'household-registration-birth',
    as: 'shanghai.police',
    type: 22,
    file: 'household-entry.pdf',
    zh: '户口登记',
  },
  {
    part: 'insurance',
    item: 'newborn-medical-insurance',
    as: 'shanghai.medical',
    type: 23,
    file: 'insurance-enrolment.pdf',
    zh: '医保参保',
  },
  { part: 'card', item: 'social-security-card', as: 'shanghai.social', type: 24, file: 'social-card.pdf', zh: '社保卡申领' },
] as const;
type Part = (typeof PARTS)[number];

async function open(stage: Stage, parentCaseId: string, subject: string, { part, item, zh }: Part): Promise<string> {
  const caseId = stage.id(PORTAL, part);
  await stage.write(`主办件下开立子办件：${zh}`, `A sub-case under the one matter: ${item}`, PORTAL, '/v1/cases', {
    caseId,
    itemCode: item,
    itemVersion: 1,
    mode: 'integrated',
    channel: 'online',
    subject,
    materials: [{ code: 'household-application', digest: stage.papers.given('household-application.jpg').digest }],
    parentCaseId,
  });
  return caseId;
}

async function handle(stage: Stage, caseId: string, subject: string, { as, item, type, file, zh }: Part): Promise<string> {
  const { agencyId, name } = stage.agency(as);
  const path = `/v1/cases/${caseId}`;
  const offer = { to: agencyId, reason: 'component', manifest: [], dueAt: stage.at(24 * 60) };
  await stage.write(`移交 ${name.zh}`, `Offered to the ${name.en}`, PORTAL, `${path}/handoffs`, offer);
  await stage.write(`${name.zh}接受`, `Accepted by the ${name.en}`, as, `${path}/handoffs/1/acceptance`);
  const certificateId = licenceId(type, agencyId, stage.serial);
  await stage.write(`签发：${zh}`, `Issued: ${item}`, as, '/v1/certificates', {
    certificateId,
    typeCode: licenceType(type),
    subject,
    digests: stage.papers.issued(file).digests,
    validFrom: stage.now,
    caseId,
    capture: { system: 'birth-matter', version: '1.0', method: 'system-export', capturedAt: stage.now },
  });
  await stage.write('子办件准予', 'The sub-case is granted', as, `${path}/decision`, {
    outcome: 'granted',
    certificates: [certificateId],
  });
  await stage.write('子办件办结', 'The sub-case is closed', as, `${path}/closure`);
  return certificateId;
}

export const newborn: Scenario = {
  number: 3,
  title: { zh: '新生儿出生“一件事”', en: "A newborn's one matter" },
  matter: { as: PORTAL, name: 'newborn' },
  async play(stage) {
    const number = inventedCitizenNumber('310000', '20261018', 103);
    const subject = await stage.subject(
      '上海卫健委为新生儿取得主体句柄',
      "Shanghai's health commission gets a handle for the newborn",
      'shanghai.health',
      'citizen',
      number,
    );
    const caseId = stage.id(PORTAL, 'newborn');
    const path = `/v1/cases/${caseId}`;
    await stage.write(
      '随申办受理“出生一件事”，一次申请',
      'Suishenban opens the one matter: one application',
      PORTAL,
      '/v1/cases',
      {
        caseId,
        itemCode: 'newborn-matter',
        itemVersion: 1,
        mode: 'integrated',
        channel: 'online',
        subject,
        materials: [{ code: 'household-application', digest: stage.papers.given('household-application.jpg').digest }],
      },
    );
    const stranger = {
      caseId: stage.id(PORTAL, 'stranger'),
      itemCode: 'marriage-registration',
      itemVersion: 1,
      mode: 'standard',
      channel: 'online',
      subject,
      materials: [],
      parentCaseId: caseId,
    };
    await stage.refused(
      '未声明的组成事项不能挂入',
      'An item that is no declared component cannot join',
      PORTAL,
      '/v1/cases',
      stranger,
      {
        status: 422,
        code: 'case.component',
      },
    );

    const subcases: [Part, string][] = [];
    for (const part of PARTS) subcases.push([part, await open(stage, caseId, subject, part)]);
    const decision = { outcome: 'granted', certificates: [] };
    await stage.refused(
      '子办件未办结，主办件不能决定',
      'The whole cannot be decided before its parts',
      PORTAL,
      `${path}/decision`,
      decision,
      {
        status: 409,
        code: 'case.subcases-open',
      },
    );
    const certificates: string[] = [];
    for (const [part, subcase] of subcases) certificates.push(await handle(stage, subcase, subject, part));
    await stage.write(
      '四个部门全部办结，主办件准予',
      'All four are done: the one matter is granted',
      PORTAL,
      `${path}/decision`,
      { outcome: 'granted', certificates },
    );
    await stage.write('主办件办结', 'The one matter is closed', PORTAL, `${path}/closure`);

    await checkTimeline(stage, PORTAL, caseId);
    const { subcases: listed, status } = await stage.read(PORTAL, path);
    const expected = { status: 'closed', subcases: subcases.map(([, subcase]) => subcase) };
    stage.check('主办件列明四个子办件', 'the one matter lists its four parts', { status, subcases: listed }, expected);
    const verdicts = await Promise.all(PARTS.map(({ file }) => stage.client.verify(stage.papers.issued(file).bytes)));
    const found = verdicts.map(({ verdict }) => verdict);
    stage.check('四份证照均有效', 'all four certificates are valid', found, ['valid', 'valid', 'valid', 'valid']);
  },
};
