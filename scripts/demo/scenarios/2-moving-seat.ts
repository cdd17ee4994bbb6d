/**
 * A company moves its seat from Hangzhou to Suzhou: a continued case, the licence superseded by the other
 * province's, then tax and social security.
 */
import { inventedCreditCode, licenceId, licenceType } from '../numbers.js';
import type { Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';
import { checkTimeline } from '../timeline.js';

const OLD = 'zhejiang.hangzhou-market';
const NEW = 'jiangsu.suzhou-approval';
const TAX = 'jiangsu.tax';
const SOCIAL = 'jiangsu.social';
const COMPANY = inventedCreditCode('91', '330108', 102);

interface Licence {
  readonly as: string;
  readonly file: string;
  readonly subject: string;
  readonly caseId?: string;
  readonly validFrom: string;
}

async function issue(stage: Stage, zh: string, en: string, { as, file, subject, caseId, validFrom }: Licence): Promise<string> {
  const certificateId = licenceId(11, stage.agency(as).agencyId, `SEAT${stage.serial}`);
  await stage.write(zh, en, as, '/v1/certificates', {
    certificateId,
    typeCode: licenceType(11),
    subject,
    digests: stage.papers.issued(file).digests,
    validFrom,
    ...(caseId !== undefined && { caseId }),
    capture: { system: 'registration', version: '2.0', method: 'system-export', capturedAt: validFrom },
  });
  return certificateId;
}

async function handOff(stage: Stage, path: string, from: string, to: string, number: number): Promise<void> {
  const { name, agencyId } = stage.agency(to);
  await stage.write(`移交 ${name.zh}`, `Offered to the ${name.en}`, from, `${path}/handoffs`, {
    to: agencyId,
    reason: 'next-department',
    manifest: [{ code: 'resolution', digest: stage.papers.given('seat-resolution.pdf').digest }],
    dueAt: stage.at(2 * 24 * 60),
  });
  await stage.write(`${name.zh}接受`, `Accepted by the ${name.en}`, to, `${path}/handoffs/${number}/acceptance`);
}

async function milestone(stage: Stage, path: string, as: string, name: string, zh: string): Promise<void> {
  const step = { name, occurredAt: stage.now, digest: stage.note(name) };
  await stage.write(`里程碑：${zh}`, `Milestone: ${name}`, as, `${path}/milestones`, step);
}

export const movingSeat: Scenario = {
  number: 2,
  title: { zh: '企业住所从杭州迁到苏州', en: 'A company moves its seat from Hangzhou to Suzhou' },
  matter: { as: OLD, name: 'move' },
  async play(stage) {
    const held = await stage.subject(
      '杭州登记机关为旧执照取得主体句柄',
      'Hangzhou gets a handle for the old licence',
      OLD,
      'company',
      COMPANY,
    );
    const old = await issue(stage, '杭州执照登记上链', "Hangzhou's licence is on the ledger", {
      as: OLD,
      file: 'licence-hangzhou.pdf',
      subject: held,
      validFrom: stage.at(-3 * 365 * 24 * 60),
    });

    const subject = await stage.subject(
      '为迁移一事另取句柄，两事互不关联',
      'Another handle for the move: the two matters are not linked',
      OLD,
      'company',
      COMPANY,
    );
    const caseId = stage.id(OLD, 'move');
    const path = `/v1/cases/${caseId}`;
    await stage.write('杭州受理：企业跨省迁移，接续办', 'Hangzhou opens the case: moving a seat, continued', OLD, '/v1/cases', {
      caseId,
      itemCode: 'seat-relocation',
      itemVersion: 1,
      mode: 'continued',
      channel: 'online',
      subject,
      materials: [
        { code: 'application' },
        { code: 'resolution', digest: stage.papers.given('seat-resolution.pdf').digest },
        { code: 'business-licence', digest: stage.papers.issued('licence-hangzhou.pdf').digest },
      ],
    });
    await milestone(stage, path, OLD, 'move-out-approved', '准予迁出');
    const early = { name: 'tax-migrated', occurredAt: stage.now, digest: stage.note('too early') };
    await stage.refused('环节不能跳步', 'No step of the route can be skipped', OLD, `${path}/milestones`, early, {
      status: 409,
      code: 'case.route',
    });
    await milestone(stage, path, OLD, 'files-transferred', '档案移送');
    await handOff(stage, path, OLD, NEW, 1);
    const late = { name: 'licence-replaced', occurredAt: stage.now, digest: stage.note('not the holder') };
    await stage.refused(
      '移交之后杭州不再持有办件',
      'After the hand-off Hangzhou no longer holds the case',
      OLD,
      `${path}/milestones`,
      late,
      {
        status: 409,
        code: 'case.not-holder',
      },
    );

    const moved = { as: NEW, file: 'licence-suzhou.pdf', subject, caseId, validFrom: stage.now };
    const next = await issue(stage, '苏州签发新执照', 'Suzhou issues the new licence', moved);
    await stage.write(
      '杭州以苏州新执照替换旧执照',
      "Hangzhou's licence is superseded by Suzhou's",
      OLD,
      `/v1/certificates/${old}/supersession`,
      { by: next },
    );
    await milestone(stage, path, NEW, 'licence-replaced', '换发执照');
    await handOff(stage, path, NEW, TAX, 2);
    await milestone(stage, path, TAX, 'tax-migrated', '税务迁移');
    await handOff(stage, path, TAX, SOCIAL, 3);
    await milestone(stage, path, SOCIAL, 'social-insurance-migrated', '社保迁移');
    await stage.write('准予', 'Granted', SOCIAL, `${path}/decision`, { outcome: 'granted', certificates: [next] });
    await stage.write('办结', 'Closed', SOCIAL, `${path}/closure`);

    await checkTimeline(stage, OLD, caseId);
    const before = await stage.client.verify(stage.papers.issued('licence-hangzhou.pdf').bytes, { asOf: stage.at(-24 * 60) });
    const now = await stage.client.verify(stage.papers.issued('licence-hangzhou.pdf').bytes);
    const after = await stage.client.verify(stage.papers.issued('licence-suzhou.pdf').bytes);
    const verdicts = { yesterday: before.verdict, now: now.verdict, new: after.verdict };
    stage.check(
      '旧执照昨日有效、今日已被替换，新执照有效',
      'the old licence was valid yesterday and is superseded, the new one is valid',
      verdicts,
      {
        yesterday: 'valid',
        now: 'superseded',
        new: 'valid',
      },
    );
  },
};
